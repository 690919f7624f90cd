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

// Of the whole time that one was given, and never less than that: where much else is at work a
// chunk takes its time.
constexpr int most_spans = 4;
constexpr Duration least_patience = std::chrono::seconds{3};

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

// One worker: the job as it is made for it, its execution, and what it came to the end of.
class Worker {
 public:
  Worker(sql::Database& database, Clock& clock, Execution execution)
      : recorder_([this](const ChunkProfile& chunk) { ended(chunk); }),
        measured_(profiling::measuring(database, recorder_)),
        desk_(*measured_, clock),
        execution_(std::move(execution)) {}

  // Settings are read by one thread at a time: each is made before any begins.
  Result<> make(const Rehearsed& what) {
    const auto config = config::find_job(what.settings, what.job);
    if (!config) return config.error();
    auto job = jobs::make(desk_, **config, what.settings, what.catalogue);
    if (!job) return std::move(job).error();
    job_ = std::move(job).value();
    return {};
  }

  Result<Pass> work() {
    Outcome outcome = perform(*job_, execution_);
    if (auto* failed = std::get_if<Failed>(&outcome)) return std::move(failed->why);
    const bool over =
        std::holds_alternative<Done>(outcome) || std::holds_alternative<Partial>(outcome);
    return chunks_.pass(execution_.progress->done, over);
  }

  // Threads: any.
  int chunks_ended() const { return ended_; }
  void stop() { execution_.permit->request_stop(StopReason::time_limit); }

 private:
  void ended(const ChunkProfile& chunk) {
    chunks_.all.push_back({chunk, execution_.progress->done});
    ++ended_;
  }

  profiling::Recorder recorder_;
  const std::unique_ptr<sql::Database> measured_;
  work::Desk desk_;
  Execution execution_;
  std::shared_ptr<Job> job_;
  Chunks chunks_;
  std::atomic<int> ended_ = 0;
};

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
void limit(Clock& clock, std::deque<Worker>& workers, Duration span, const std::stop_token& stop) {
  constexpr Duration pause{10};
  const Duration patience = std::max(most_spans * span, least_patience);
  const Instant began = clock.now();
  const auto is_over = [&](const Worker& worker) {
    const Duration passed = clock.now() - began;
    return passed >= patience || (passed >= span && worker.chunks_ended() > 0);
  };
  if (!clock.sleep_until(began + span, stop)) return;
  do {
    for (Worker& worker : workers)
      if (is_over(worker)) worker.stop();
  } while (clock.sleep_until(clock.now() + pause, stop));
}

}  // namespace

double Pass::rate(Span commit) const {
  const auto took = std::chrono::duration<double>(busy + chunks * commit).count();
  return took > 0 ? static_cast<double>(units) / took : 0;
}

Result<std::vector<Pass>> rehearse(const Rehearsed& what, int workers, Duration span) {
  const auto cursors = cursors_of(what, workers);
  if (!cursors) return cursors.error();
  const auto partition_of = workers > 1 ? std::optional<std::int64_t>(0) : std::nullopt;
  std::deque<Worker> all;
  for (const std::string& cursor : *cursors) {
    all.emplace_back(what.database, what.clock, execution_of(what, cursor, partition_of));
    if (auto made = all.back().make(what); !made) return std::move(made).error();
  }
  std::vector<std::optional<Result<Pass>>> passes(all.size());
  {
    const std::jthread limiting(
        [&](const std::stop_token& stop) { limit(what.clock, all, span, stop); });
    std::vector<std::jthread> at_work;
    for (std::size_t i = 0; i < all.size(); ++i)
      at_work.emplace_back([&, i] { passes[i] = all[i].work(); });
    at_work.clear();
  }
  std::vector<Pass> out;
  for (auto& pass : passes) {
    if (!*pass) return std::move(*pass).error();
    out.push_back(std::move(*pass).value());
  }
  return out;
}

}  // namespace hotclock::tuning
