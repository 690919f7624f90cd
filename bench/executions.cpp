// The whole runtime on the durable ledger. How many executions a second: scheduler, guard, workers,
// fence, ends and history, beside a bare SQLite queue in groups of 100, in turn. And how long after a
// slot is due its job starts, the claim already on the disk.
//   executions [--json FILE] [--executions N] [--jobs N] [--pairs N] [--slots N]
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

#include "bench/bare_queue.h"
#include "bench/report.h"
#include "scheduler/core/scheduler.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr int workers = 2;
constexpr int ahead = 498;
constexpr Duration between_slots = 10ms;

class Nothing final : public Job {
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
  }
  void await(int count) const {
    while (recorded_ < count) std::this_thread::sleep_for(1ms);
  }

 private:
  std::atomic<int> recorded_ = 0;
};

// A database with jobs in it, and a scheduler that works its queue.
class Runtime {
 public:
  Runtime(const std::shared_ptr<Job>& job, int jobs)
      : database_(must(sql::open("sqlite:" + scratch_.path + "/runtime.db", {.create = true}))) {
    must(schema::migrate(*database_, queue_begin));
    ledger_ = std::make_unique<ledger::SqlLedger>(
        *database_, must(ledger::register_node(*database_, {"bench", "0", "0"}, queue_begin)));
    scheduler_ = std::make_unique<Scheduler>(
        clock_, *ledger_, counting_,
        SchedulerSettings{.workers = workers, .ahead = ahead, .plans = false});
    policy_->overlap = Overlap::allow;
    policy_->max_running = 1000;
    std::vector<JobSpec> specs;
    for (int i = 0; i < jobs; ++i) {
      names_.push_back(fmt::format("job-{}", i));
      specs.push_back({names_.back(), Schedule::parse("* * * * *").value(), job, policy_});
    }
    must(scheduler_->add(std::move(specs)));
    (void)scheduler_->turn();  // enrols them
  }

  // `count` slots that follow on one another by `step`, written down at `now`.
  void enter(int count, Instant first, Duration step, Instant now) {
    for (int i = 0; i < count;) {
      Settlement act{.now = now, .asked = {}};
      for (const int end = std::min(i + 1000, count); i < end; ++i)
        act.entries.push_back({.slot = {names_[static_cast<std::size_t>(i) % names_.size()], first + i * step},
                               .available_at = first + i * step});
      (void)must(ledger_->settle(act, [this](const std::string&) { return policy_; }));
    }
    must(database_->script("PRAGMA wal_checkpoint(TRUNCATE)"));
  }

  Measured worked(int count) {
    const Stopwatch watch;
    scheduler_->start();
    scheduler_->wake();
    counting_.await(count);
    const Measured measured = watch.measured(count);
    scheduler_->stop(1s);
    return measured;
  }

  Instant now() const { return clock_.now(); }

 private:
  Scratch scratch_;
  SystemClock clock_;
  Counting counting_;
  std::shared_ptr<Policy> policy_ = std::make_shared<Policy>();
  std::vector<std::string> names_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<ledger::SqlLedger> ledger_;
  std::unique_ptr<Scheduler> scheduler_;
};

struct Size {
  int executions = 50'000;
  int jobs = 1'000;
  int pairs = 5;
  int slots = 1'000;  // of the lateness run
};

void throughput(const Size& size, Report& report) {
  std::vector<double> ours, theirs, ratio, cpu, their_cpu;
  for (int pair = 0; pair < size.pairs; ++pair) {
    Runtime runtime(std::make_shared<Nothing>(), size.jobs);
    runtime.enter(size.executions, queue_begin, 1ms, queue_now);
    const Measured product = runtime.worked(size.executions);
    const Measured yardstick = bare(size.executions, 100);
    ours.push_back(product.per_second);
    theirs.push_back(yardstick.per_second);
    ratio.push_back(product.per_second / yardstick.per_second);
    cpu.push_back(product.cpu_us);
    their_cpu.push_back(yardstick.cpu_us);
  }
  report.add("executions", percentile(ours, 0.5), "/s");
  report.add("bare SQLite, groups of 100", percentile(theirs, 0.5), "/s");
  report.at_least("executions over it, median of pairs", percentile(ratio, 0.5), "x", 0.7);
  report.add("CPU each", percentile(cpu, 0.5), "us");
  report.add("bare SQLite, CPU each", percentile(their_cpu, 0.5), "us");
}

void lateness(const Size& size, Report& report) {
  const auto noting = std::make_shared<Noting>();
  Runtime runtime(noting, 1);
  runtime.enter(size.slots, runtime.now() + 500ms, between_slots, runtime.now());
  (void)runtime.worked(size.slots);
  std::vector<double> late = noting->late_ms();
  report.at_most("due to start, p50", percentile(late, 0.5), "ms", 1);
  report.at_most("due to start, p99", percentile(late, 0.99), "ms", 5);
  report.add("due to start, longest", late.back(), "ms");
}

int benchmark(int argc, char** argv) {
  std::string json;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const int value = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--executions") == 0) size.executions = value;
    if (std::strcmp(argv[i], "--jobs") == 0) size.jobs = value;
    if (std::strcmp(argv[i], "--pairs") == 0) size.pairs = value;
    if (std::strcmp(argv[i], "--slots") == 0) size.slots = value;
  }
  Report report(fmt::format("durable executions by the whole runtime: {} jobs, {} workers", size.jobs,
                            workers));
  throughput(size, report);
  lateness(size, report);
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
