// Durable executions a second through the ledger alone: claimed, ended and written into the
// history, in groups, beside a bare SQLite program that does the least that deserves the name. Both
// fully synchronous, in turn, five times.
//   ledger_executions [--json FILE] [--executions N] [--jobs N]
#include <cstring>

#include "bench/bare_queue.h"
#include "bench/report.h"
#include "scheduler/base/clock.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = queue_begin;

// ---------------------------------------------------------------- the ledger

class Product {
 public:
  Product(const std::string& file, int executions, int jobs)
      : database_(must(sql::open("sqlite:" + file, {.create = true}))) {
    must(schema::migrate(*database_, t0));
    node_ = must(ledger::register_node(*database_, {"bench", "bench", "bench"}, t0));
    ledger_ = std::make_unique<ledger::SqlLedger>(*database_, node_);
    policy_->overlap = jobs == 1 ? Overlap::allow : Overlap::wait;
    policy_->max_running = 1000;
    std::vector<JobRow> rows;
    for (int i = 0; i < jobs; ++i) rows.push_back({fmt::format("job-{}", i), "* * * * * UTC", t0});
    (void)must(ledger_->enrol(rows));
    for (int i = 0; i < executions; i += 1000) enter(rows, i, std::min(i + 1000, executions));
    must(database_->script("PRAGMA wal_checkpoint(TRUNCATE)"));
  }

  // Each act ends one group and claims the next.
  Measured drained(int group) {
    const Stopwatch watch;
    int all = 0;
    Settlement act{.now = t0 + 10h, .asked = Steady{} + 10h, .room = group};
    for (Settled answer = settle(act); !answer.claims.empty(); answer = settle(act)) {
      act.endings.clear();
      for (const Claim& claim : answer.claims)
        act.endings.push_back({.permit = claim.permit,
                               .started_at = act.now,
                               .ended_at = act.now,
                               .follow = Ends{End::completed},
                               .outcome = "completed"});
      all += static_cast<int>(answer.claims.size());
    }
    return watch.measured(all);
  }

 private:
  void enter(const std::vector<JobRow>& rows, int from, int to) {
    Settlement act{.now = t0 + 10h, .asked = {}};  // all of them are due
    for (int i = from; i < to; ++i)
      act.entries.push_back(
          {.slot = {rows[static_cast<std::size_t>(i) % rows.size()].job, t0 + i * 1ms},
           .available_at = t0 + i * 1ms});
    (void)settle(act);
  }
  Settled settle(const Settlement& act) {
    return must(ledger_->settle(act, [this](const std::string&) { return policy_; }));
  }

  std::shared_ptr<Policy> policy_ = std::make_shared<Policy>();
  std::unique_ptr<sql::Database> database_;
  ledger::Node node_;
  std::unique_ptr<ledger::SqlLedger> ledger_;
};

Measured product(int executions, int jobs, int group) {
  Scratch scratch;
  return Product(scratch.path + "/ledger.db", executions, jobs).drained(group);
}

// ---------------------------------------------------------------- what is asked

struct Pairs {
  std::vector<double> ours, theirs, ratio, cpu, their_cpu;
  void add(const Measured& product, const Measured& yardstick) {
    ours.push_back(product.per_second);
    theirs.push_back(yardstick.per_second);
    ratio.push_back(product.per_second / yardstick.per_second);
    cpu.push_back(product.cpu_us);
    their_cpu.push_back(yardstick.cpu_us);
  }
};

void tell(Report& report, Pairs& pairs, const std::string& what, const std::string& yardstick) {
  report.add(what, percentile(pairs.ours, 0.5), "/s");
  report.add(yardstick, percentile(pairs.theirs, 0.5), "/s");
  report.at_least(what + " over it", percentile(pairs.ratio, 0.5), "x", 0.8);
  report.add(what + ", CPU each", percentile(pairs.cpu, 0.5), "us");
  report.add(yardstick + ", CPU each", percentile(pairs.their_cpu, 0.5), "us");
}

void report_on(int executions, int jobs, const std::string& json) {
  Report report(
      fmt::format("durable executions through the ledger alone, {} jobs, median of 5 pairs", jobs));
  Pairs grouped, one_job, single;
  for (int pair = 0; pair < 5; ++pair) {
    grouped.add(product(executions, jobs, 100), bare(executions, 100));
    one_job.add(product(executions, 1, 100), bare(executions, 100));
    single.add(product(executions / 25, jobs, 1), floor_of_the_disk(executions / 25));
  }
  tell(report, grouped, "groups of 100", "bare SQLite, groups of 100");
  tell(report, one_job, "groups of 100, one job side by side", "bare SQLite, groups of 100");
  tell(report, single, "one commit each", "two appends with fdatasync");
  report.print(json);
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) {
  int executions = 50'000, jobs = 1'000;
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--json")) json = argv[i + 1];
    if (!std::strcmp(argv[i], "--executions")) executions = std::atoi(argv[i + 1]);
    if (!std::strcmp(argv[i], "--jobs")) jobs = std::atoi(argv[i + 1]);
  }
  hotclock::bench::report_on(executions, jobs, json);
}
