// The auditor's own enumeration: which instants a job's schedule named, by the history of its
// changes. It asks scheduler/cron what an expression means, and nobody how far slots were entered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/cron/schedule.h"

namespace hotclock::auditor {

// "vixie hotclock Australia/Sydney 5 0 * * *", as the ledger keeps it. `job` is what an `H` hashes.
Result<Schedule> stored_schedule(std::string_view stored, std::string_view job);

// A stretch of a job's life: instants in (since, until] are this schedule's.
struct Stretch {
  Instant since;
  Instant until;  // Instant::max(): it counts still
  Schedule schedule;
};

// All of them, oldest first, without a gap between them. Threads: one at a time.
class Timeline {
 public:
  explicit Timeline(std::vector<Stretch> stretches = {}) : stretches_(std::move(stretches)) {}

  // The first instant after `after` that a schedule named, `until` at the latest.
  std::optional<Instant> next(Instant after, Instant until) const;
  // How many there are in the open range.
  std::int64_t count(Instant after, Instant before) const;
  // The one that counted at `t`; null before there was a record.
  const Stretch* at(Instant t) const;
  // Nobody knows what was before.
  Instant known_from() const;
  const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  std::vector<Stretch> stretches_;
};

}  // namespace hotclock::auditor
