// The name of a backfill: which job, which range, and which plan of it.
//
//   og-daily-bonus~1795478400000~1795737600000~3f9a41c20b77
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::operations {

struct BackfillKey {
  std::string job;
  Instant from, to;  // of its slots: the first, and the last
  std::string plan;  // the beginning of the plan's hash

  std::string text() const;
};
// Errc::not_found where it is none.
Result<BackfillKey> read_backfill_key(std::string_view text);

}  // namespace hotclock::operations
