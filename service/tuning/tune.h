// How large a job's chunks should be, and how many of its partitions should be worked at once:
// measured by working the real data, and taking all of it back.
//
// Every chunk is rolled back: no row, no event and no audit is left of it, and no slot is claimed.
// What it does while it lasts is what the job does: it reads, and holds the locks of a chunk for as
// long as that takes; on SQLite it is the one writer meanwhile. Numbers that PostgreSQL's sequences
// gave out are lost. A rollback tells nothing of the commit: what that costs here is measured in a
// database of its own (scratch.h) and added to each chunk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/jobs/catalogue.h"
#include "service/profiling/profile.h"
#include "service/sql/sql.h"
#include "service/tuning/figure.h"

namespace hotclock::tuning {

using profiling::Span;

// The settings with others of the job's own in place: "chunk" -> "2000". Errc::invalid where the
// job has no such setting, or it does not take the value.
using With = std::function<Result<config::Config>(
    const std::vector<std::pair<std::string, std::string>>& settings)>;

struct TuneOptions {
  std::string job;
  Instant at;                                // the instant of the slot that is rehearsed
  Duration span = std::chrono::seconds{30};  // of all trials together
  std::vector<std::int64_t> chunks = {};     // to be tried; none: about the present one
  std::optional<Span> commit = {};  // what one costs here: see commit_cost(); none: not known
  std::function<void(std::string_view what)> tell = {};
};

// What came of one setting.
struct Trial {
  std::int64_t chunk = 0;  // 0: the job has no such setting
  int partitions = 1;      // worked at once
  Figure rate;             // units of progress a second, with the cost of commits
  Span longest{};          // chunk, with its commit
  std::int64_t units = 0;  // in all rounds
  std::int64_t most = 0;   // in one
  bool all_of_it = false;  // it came to the end of the work before its time was over
};

struct Tuned {
  std::optional<std::int64_t> chunk_now;       // as the settings have it
  std::optional<std::int64_t> partitions_now;  // at most; none: not divided here, or not known
  std::optional<Span> commit;  // what one costs here; none: it could not be measured
  std::vector<Trial> trials;
  std::optional<std::int64_t> chunk;       // recommended; none: leave it
  std::optional<std::int64_t> partitions;  // the same
  std::vector<std::string> why;            // sentences
};

// Blocks for about the span that is asked for. Errors are those of the settings and of the
// database; a trial that fails is the whole's error. Threads: one; it makes others and ends them.
Result<Tuned> tune(sql::Database& database, Clock& clock, const With& with,
                   const jobs::Catalogue& catalogue, const TuneOptions& options);

// The smallest chunk of those whose rate is within a tenth of the best, and whose longest chunk is
// over in two seconds, so that a stop is obeyed soon. Pure; trials of one partition alone count.
std::optional<std::int64_t> best_chunk(const std::vector<Trial>& trials);
// The smallest number of partitions within a tenth of the best.
std::optional<std::int64_t> best_partitions(const std::vector<Trial>& trials);

}  // namespace hotclock::tuning
