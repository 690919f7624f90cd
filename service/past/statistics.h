// How a job fares over time: how its slots ended, how long they took, how late they began. By days
// in UTC, each by the instants of its slots.
//
// Days that are over are summed up in `job_days` by the retention, and so outlive their slots; what
// is younger is counted from the slots themselves, the newest rows_read of them at most.
// Percentiles are right to within 1 % (spread.h).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/slot.h"
#include "service/past/spread.h"
#include "service/sql/sql.h"

namespace hotclock::past {

constexpr int all_ends = 7;
constexpr int rows_read = 200'000;

struct Figures {
  std::array<std::int64_t, all_ends> ends{};  // by End
  Spread durations;  // of the last attempts of slots that were worked to an end
  Spread lateness;   // of first attempts at what the schedule brought

  std::int64_t of(End end) const { return ends[static_cast<std::size_t>(end)]; }
  std::int64_t slots() const;
  void add(const Figures& other);
};

enum class Step { day, week };  // a week begins on Monday

struct Period {
  Instant begins;
  Figures figures;
};

struct Statistics {
  Figures all;
  std::vector<Period> periods;  // oldest first; those without slots are left out
  // Slots that were due between the days that are summed up and this instant were too many to be
  // counted.
  std::optional<Instant> counted_from;
};

// From the day of `since` to before the day after `until`. Errc::not_found: no such job has slots
// here.
Result<Statistics> statistics(sql::Database& database, const std::string& job, Instant since,
                              Instant until, Step step);

// Sums up every job's days that have been over for a day; how many. Stopped by `stop` between two
// days.
Result<std::int64_t> sum_up_days(sql::Database& database, Instant now, std::stop_token stop = {});

// Before slots that were due before `until` are forgotten: sums their days up once more, for the
// last time. REQUIRES: sum_up_days(). The instant before which all days are summed up for good:
// nothing that was due later may be forgotten.
Result<Instant> seal_days(sql::Database& database, Instant until, Instant now,
                          std::stop_token stop = {});

// Forgets the figures of days before `before`; how many.
Result<std::int64_t> forget_days(sql::Database& database, Instant before);

}  // namespace hotclock::past
