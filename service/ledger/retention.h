// Forgetting old history, so that the database does not grow for ever.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/slot.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// What holds for slots that ended in one way.
struct KeptEnd {
  Instant ended_before;  // older ones go
  std::int64_t most =
      0;  // of each job no more than so many stay, the newest; 0: however many there are
};

struct Retention {
  Instant ended_before;              // slots that ended later stay,
  std::map<End, KeptEnd> ends = {};  // but for ends that have a rule of their own;
  int keep_per_job = 100;            // and so do the newest so many of each job,
  // and all that was due from here on.
  Instant due_before = from_millis(std::numeric_limits<std::int64_t>::max());
  int at_once = 500;  // slots to a transaction: a scheduler beside it waits no longer
};

// Forgets slots that have ended, with their partitions, attempts, failures and logs; how many. A
// slot that has not ended always stays. Stopped by `stop` between two transactions: what was
// forgotten stays so.
Result<std::int64_t> trim_history(sql::Database& database, const Retention& keep,
                                  std::stop_token stop = {});

}  // namespace hotclock::ledger
