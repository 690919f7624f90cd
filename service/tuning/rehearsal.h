// A job worked for a while on the real data, each chunk of it rolled back.
#pragma once

#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/jobs/catalogue.h"
#include "service/profiling/profile.h"
#include "service/sql/sql.h"

namespace hotclock::tuning {

struct Rehearsed {
  sql::Database& database;
  Clock& clock;
  const jobs::Catalogue& catalogue;
  const config::Config& settings;
  const std::string& job;
  Instant at;
};

// What one worker did.
struct Pass {
  std::int64_t units = 0;   // of progress; rows where the job tells of none
  std::int64_t chunks = 0;  // that it came to the end of
  profiling::Span busy{};   // these took
  profiling::Span longest{};
  bool all_of_it = false;

  // Units a second, were each chunk to take `commit` longer; 0 where there was no chunk.
  double rate(profiling::Span commit) const;
};

// `workers` at once, each with a partition, until each has done all or `span` is over; where no
// chunk came to its end in that, up to four times as long, and three seconds at least. Empty where
// there are fewer users than that. REQUIRES: workers == 1, or the job divides users by their ids.
// The job's own failure is the whole's error.
Result<std::vector<Pass>> rehearse(const Rehearsed& what, int workers, Duration span);

}  // namespace hotclock::tuning
