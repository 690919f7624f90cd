#include "service/tuning/rehearsal.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <thread>

#include "scheduler/base/uuid.h"
#include "scheduler/core/runner.h"
#include "service/jobs/kit/user_ranges.h"
#include "service/profiling/measuring.h"
#include "service/sql/rows.h"
#include "service/work/chunk.h"

namespace hotclock::tuning {
namespace {

using profiling::ChunkProfile;
using profiling::Span;

Execution execution_of(const Rehearsed& what, std::string cursor,
                       std::optional<std::int64_t> partition_of) {
  UuidSource uuids;
  Execution execution;
  execution.permit = std::make_shared<Permit>(Slot{what.job, what.at, Trigger::manual, {}},
                                              std::int64_t{0}, uuids.next(what.clock.now()),
                                              std::int64_t{0}, 1, Steady::max(), partition_of);
  execution.cursor = std::move(cursor);
  execution.dry_run = true;
  execution.available_at = what.at;
  return execution;
}

Result<Outcome> ran(const Rehearsed& what, sql::Database& database, Execution& execution) {
  work::Desk desk(database, what.clock);
  const auto config = config::find_job(what.settings, what.job);
  if (!config) return config.error();
  auto job = jobs::make(desk, **config, what.settings, what.catalogue);
  if (!job) return std::move(job).error();
  Outcome outcome = perform(**job, execution);
  if (auto* failed = std::get_if<Failed>(&outcome)) return std::move(failed->why);
  return outcome;
}

// A chunk is one that progress was made by; one that was cut short is none.
struct Chunks {
  struct One {
    ChunkProfile profile;
    std::int64_t before;  // units, when it had ended: its own are counted behind that
  };
  std::vector<One> all;

  Pass pass(std::int64_t units, bool all_of_it) const {
    Pass pass{.units = units, .all_of_it = all_of_it};
    std::int64_t rows = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool last = i + 1 == all.size();
      const std::int64_t after = last ? units : all[i + 1].before;
      const bool complete = units > 0 ? after > all[i].before : !last || all_of_it;
      if (!complete) continue;
      ++pass.chunks;
      rows += all[i].profile.rows;
      pass.busy += all[i].profile.took;
      pass.longest = std::max(pass.longest, all[i].profile.took);
    }
    if (pass.units == 0) pass.units = rows;
    return pass;
  }
};

// One worker's execution, and how many chunks it came to the end of.
struct Work {
  explicit Work(Execution execution) : execution(std::move(execution)) {}

  Execution execution;
  std::atomic<int> chunks = 0;
};

Result<Pass> passed(const Rehearsed& what, Work& work) {
  Execution& execution = work.execution;
  Chunks chunks;
  profiling::Recorder recorder([&](const ChunkProfile& chunk) {
    chunks.all.push_back({chunk, execution.progress->done});
    ++work.chunks;
  });
  const auto measured = profiling::measuring(what.database, recorder);
  const auto outcome = ran(what, *measured, execution);
  if (!outcome) return outcome.error();
  const bool over =
      std::holds_alternative<Done>(*outcome) || std::holds_alternative<Partial>(*outcome);
  return chunks.pass(execution.progress->done, over);
}

// Where its partitions begin: a job that has the setting divides users by their ids
// (service/jobs/kit).
Result<std::vector<std::string>> cursors_of(const Rehearsed& what, int workers) {
  if (workers == 1) return std::vector<std::string>{""};
  auto sql = what.database.read();
  if (!sql) return std::move(sql).error();
  static constexpr sql::Statement count{"tuning.users", "SELECT count(*) FROM users"};
  const auto users = sql::number(**sql, count);
  if (!users) return users.error();
  std::vector<std::string> cursors;
  if (*users < workers) return cursors;
  const auto ranges = kit::even_ranges(**sql, workers, *users);
  if (!ranges) return ranges.error();
  for (const kit::UserRange& range : *ranges) cursors.push_back(kit::to_text(range));
  return cursors;
}

// Asks each to stop once its time is over and it has come to the end of a chunk, which tells
// something; or once its patience is.
void limit(const Rehearsed& what, std::deque<Work>& all, Duration span,
           const std::stop_token& stop) {
  constexpr int most_spans = 4;
  constexpr Duration pause{10};
  const Instant began = what.clock.now();
  const auto is_over = [&](const Work& work) {
    const Duration passed = what.clock.now() - began;
    return passed >= most_spans * span || (passed >= span && work.chunks > 0);
  };
  if (!what.clock.sleep_until(began + span, stop)) return;
  do {
    for (Work& work : all)
      if (is_over(work)) work.execution.permit->request_stop(StopReason::time_limit);
  } while (what.clock.sleep_until(what.clock.now() + pause, stop));
}

}  // namespace

double Pass::rate(Span commit) const {
  const auto took = std::chrono::duration<double>(busy + chunks * commit).count();
  return took > 0 ? static_cast<double>(units) / took : 0;
}

Result<std::vector<Pass>> rehearse(const Rehearsed& what, int workers, Duration span) {
  const auto cursors = cursors_of(what, workers);
  if (!cursors) return cursors.error();
  std::deque<Work> works;
  for (const std::string& cursor : *cursors)
    works.emplace_back(
        execution_of(what, cursor, workers > 1 ? std::optional<std::int64_t>(0) : std::nullopt));
  std::vector<std::optional<Result<Pass>>> passes(works.size());
  {
    const std::jthread limiting(
        [&](const std::stop_token& stop) { limit(what, works, span, stop); });
    std::vector<std::jthread> at_work;
    for (std::size_t i = 0; i < works.size(); ++i)
      at_work.emplace_back([&, i] { passes[i] = passed(what, works[i]); });
    at_work.clear();
  }
  std::vector<Pass> all;
  for (auto& pass : passes) {
    if (!*pass) return std::move(*pass).error();
    all.push_back(std::move(*pass).value());
  }
  return all;
}

}  // namespace hotclock::tuning
