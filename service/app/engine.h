// The engine: everything that works slots in this process, built upward and stopped downward.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/core/scheduler.h"
#include "service/config/config.h"
#include "service/jobs/catalogue.h"
#include "service/ledger/log_tail.h"
#include "service/ledger/sql_ledger.h"
#include "service/log/logger.h"
#include "service/profiling/profiled_job.h"
#include "service/sql/database_clock.h"
#include "service/sql/sql.h"
#include "service/work/chunk.h"

namespace hotclock::app {

struct EngineOptions {
  bool plans = true;  // false: enters no slots of its own, works what the ledger holds
  std::optional<std::int64_t> only_slot = {};
  // Called, from any thread, when a chunk was committed here, and when there is news from elsewhere.
  std::function<void()> committed = {};
  std::function<void(const work::ChunkEnd&)> chunk_ended = {};  // see work::Listeners
  std::function<void()> heard = {};
  // Called from the listener's thread when there is news, and at least once a second: looks for live changes.
  std::function<void()> look_for_changes = {};
  // See SchedulerSettings.
  std::function<void()> turned = {};
  Duration longest_nap = Duration::zero();
  jobs::Catalogue catalogue = jobs::catalogue();  // of the jobs there are
  // Hear every notice of the scheduler, after the log; they outlive the engine.
  std::vector<Observer*> observers = {};
};

// Threads: the thread that built it.
class Engine {
 public:
  // Prepares every statement, registers this process as a node, makes the jobs known. `database`,
  // `clock` and `logger` must outlive it. `clock` is the database's: what this machine's clock shows
  // decides nothing where the database has one.
  static Result<std::unique_ptr<Engine>> build(const config::Config& settings,
                                               sql::Database& database, sql::DatabaseClock& clock,
                                               log::Logger& logger, EngineOptions options = {});
  ~Engine();  // stops without grace

  // Puts what the settings say of these jobs in force: all of them or, on an error, none. Jobs that
  // were not there are added, those that the settings do not know any more go. What runs goes on by
  // what it began with.
  Result<> change_jobs(const config::Config& settings, const std::set<std::string>& jobs);

  void start();
  std::int64_t node() const { return ledger_.node().id; }
  const std::string& name() const { return ledger_.node().name; }
  // Executions that are claimed here and not over. Threads: any.
  std::size_t claimed() const { return scheduler_.running().size(); }

  // False where something ran on past `grace`: then end the process, and what it held is taken over.
  bool stop(Duration grace);

 private:
  Engine(const config::Config& settings, sql::Database& database, sql::DatabaseClock& clock,
         log::Logger& logger, ledger::Node node, EngineOptions options);

  Result<> add_jobs(const config::Config& settings);
  Result<JobSpec> spec_of(const config::JobConfig& job,
                          const std::shared_ptr<const config::Config>& settings);
  void listen(std::stop_token stop);
  void look_for_changes(bool news);
  void heed_drain();
  void say_that_it_works();
  void show_logs();
  void ask_for_the_time();

  sql::Database& database_;
  sql::DatabaseClock& clock_;
  log::Logger& logger_;
  const Duration poll_;
  const std::function<void()> heard_;
  const std::function<void()> look_for_changes_;
  const jobs::Catalogue catalogue_;
  const work::Listeners listeners_;
  work::Desk desk_;
  const std::shared_ptr<profiling::Endings> endings_;
  ledger::SqlLedger ledger_;
  ledger::LogTail log_tail_;
  std::unique_ptr<Observer> observer_;
  Scheduler scheduler_;
  std::jthread listener_;
  bool stopped_ = false;
  // The listener's alone.
  bool changes_ = true;  // there may be some
  bool drains_ = false;
  Steady looked_for_changes_ = Steady::min();
  Steady showed_logs_ = Steady::min();
  Duration clock_ahead_ = {};  // the machine's, as last told; the listener's alone
};

// The schedules' next due instants, soonest first: what `serve` says when it starts.
struct Upcoming {
  std::string job;
  Instant at;
};
std::vector<Upcoming> upcoming(const config::Config& settings, Instant now);

}  // namespace hotclock::app
