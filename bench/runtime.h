// The whole runtime as a benchmark works it: scheduler, guard and workers on the durable ledger.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/bare_queue.h"
#include "bench/report.h"
#include "scheduler/core/scheduler.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"

namespace hotclock::bench {

class Nothing final : public Job {
 public:
  Outcome run(Execution&) override { return Done{}; }
};

// Notes how long after it was due an execution begins.
class Noting final : public Job {
 public:
  Outcome run(Execution& execution) override {
    const auto late = std::chrono::system_clock::now() - execution.slot().scheduled_for;
    std::lock_guard lock(m_);
    late_ms_.push_back(std::chrono::duration<double, std::milli>(late).count());
    return Done{};
  }
  std::vector<double> late_ms() const {
    std::lock_guard lock(m_);
    return late_ms_;
  }

 private:
  mutable std::mutex m_;
  std::vector<double> late_ms_;
};

// Counts the ends that are in the ledger.
class Counting final : public Observer {
 public:
  void on(const Notice& notice) override {
    if (std::holds_alternative<Recorded>(notice)) ++recorded_;
    if (const auto* failed = std::get_if<LedgerFailed>(&notice)) fail(failed->why.message());
  }
  void await(int count) const {
    while (recorded_ < count) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }

 private:
  std::atomic<int> recorded_ = 0;
};

struct RuntimeOptions {
  SchedulerSettings scheduler = {.workers = 2, .ahead = 998, .plans = false};
  std::string schedule = "* * * * *";  // of each job
};

// A database with jobs in it, and a scheduler that works its queue.
class Runtime {
 public:
  Runtime(const std::string& url, const std::shared_ptr<Job>& job, int jobs,
          const RuntimeOptions& options = {})
      : database_(must(sql::open(url, {.create = true}))) {
    must(schema::migrate(*database_, queue_begin));
    ledger_ = std::make_unique<ledger::SqlLedger>(
        *database_, must(ledger::register_node(*database_, {"bench", "0", "0"}, queue_begin)));
    scheduler_ = std::make_unique<Scheduler>(clock_, *ledger_, counting_, options.scheduler);
    policy_->overlap = Overlap::allow;
    policy_->max_running = 1000;
    std::vector<JobSpec> specs;
    for (int i = 0; i < jobs; ++i) {
      names_.push_back(fmt::format("job-{}", i));
      specs.push_back({names_.back(), must(Schedule::parse(options.schedule)), job, policy_});
    }
    must(scheduler_->add(std::move(specs)));
    (void)scheduler_->turn();  // enrols them
  }

  // `count` slots that follow on one another by `step`, written down at `now`.
  void enter(int count, Instant first, Duration step, Instant now) {
    for (int i = 0; i < count;) {
      Settlement act{.now = now, .asked = clock_.steady()};
      for (const int end = std::min(i + 1000, count); i < end; ++i)
        act.entries.push_back({.slot = {names_[static_cast<std::size_t>(i) % names_.size()], first + i * step},
                               .available_at = first + i * step});
      (void)must(ledger_->settle(act, [this](const std::string&) { return policy_; }));
    }
    must(database_->script(database_->dialect().engine == "sqlite" ? "PRAGMA wal_checkpoint(TRUNCATE)"
                                                                   : "VACUUM ANALYZE"));
  }

  Measured worked(int count) {
    const Stopwatch watch;
    scheduler_->start();
    scheduler_->wake();
    counting_.await(count);
    const Measured measured = watch.measured(count);
    scheduler_->stop(std::chrono::seconds{1});
    return measured;
  }

  Instant now() const { return clock_.now(); }
  sql::Database& database() { return *database_; }
  Scheduler& scheduler() { return *scheduler_; }

 private:
  SystemClock clock_;
  Counting counting_;
  std::shared_ptr<Policy> policy_ = std::make_shared<Policy>();
  std::vector<std::string> names_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<ledger::SqlLedger> ledger_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace hotclock::bench
