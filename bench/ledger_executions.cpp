// Durable executions a second through the ledger alone: claimed, ended and written into the
// history, in groups, beside a bare SQLite program that does the least that deserves the name. Both
// fully synchronous, in turn, five times.
//   ledger_executions [--json FILE] [--executions N] [--jobs N]
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "bench/report.h"
#include "scheduler/base/clock.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

struct Scratch {
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "hotclock-bench-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  std::string path;
};

[[noreturn]] void fail(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) fail(result.error().message());
  return std::move(result).value();
}
void must(Result<> result) {
  if (!result) fail(result.error().message());
}

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

struct Measured {
  double per_second = 0;
  double cpu_us = 0;
};

class Stopwatch {
 public:
  Measured measured(int executions) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun_;
    return {executions / wall.count(), (cpu_seconds() - cpu_) * 1e6 / executions};
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_seconds();
};

// ---------------------------------------------------------------- the yardstick

// A queue, a claim of a whole group by one statement, an end and a history row each: no guard, no
// fence, no jobs, no uniqueness.
class Bare {
 public:
  Bare(const std::string& file, int executions) {
    if (sqlite3_open_v2(file.c_str(), &db_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) != SQLITE_OK)
      fail("cannot open " + file);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
        "CREATE TABLE queue (id INTEGER PRIMARY KEY, job INTEGER, due INTEGER, state INTEGER,"
        " node INTEGER, started INTEGER, ended INTEGER) STRICT;"
        "CREATE INDEX queue_due ON queue (due) WHERE state = 0;"
        "CREATE TABLE history (id INTEGER PRIMARY KEY, slot INTEGER, started INTEGER,"
        " ended INTEGER, outcome TEXT, node INTEGER) STRICT");
    run(
        fmt::format("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
                    " INSERT INTO queue (job, due, state) SELECT i % 1000, {} + i, 0 FROM n",
                    executions, to_millis(t0)));
    run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  ~Bare() {
    for (sqlite3_stmt* statement : {begin_, commit_, claim_, end_, record_})
      sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  Measured drained(int group) {
    prepare();
    const Stopwatch watch;
    int all = 0;
    for (std::vector<std::int64_t> held; !(held = claimed(group)).empty();) {
      ended(held);
      all += static_cast<int>(held.size());
    }
    return watch.measured(all);
  }

 private:
  void run(const std::string& text) {
    if (sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      fail(sqlite3_errmsg(db_));
  }
  sqlite3_stmt* prepared(const char* text) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK)
      fail(sqlite3_errmsg(db_));
    return statement;
  }
  void prepare() {
    begin_ = prepared("BEGIN IMMEDIATE");
    commit_ = prepared("COMMIT");
    claim_ = prepared(
        "UPDATE queue SET state = 1, node = 7, started = ?1 WHERE id IN (SELECT id FROM"
        " queue WHERE state = 0 AND due <= ?1 ORDER BY due LIMIT ?2) RETURNING id");
    end_ = prepared("UPDATE queue SET state = 2, ended = ?1 WHERE id = ?2 AND state = 1");
    record_ = prepared(
        "INSERT INTO history (slot, started, ended, outcome, node)"
        " VALUES (?1, ?2, ?2, 'completed', 7)");
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }
  std::vector<std::int64_t> claimed(int group) {
    std::vector<std::int64_t> ids;
    step(begin_);
    sqlite3_bind_int64(claim_, 1, to_millis(t0 + 10h));
    sqlite3_bind_int64(claim_, 2, group);
    while (sqlite3_step(claim_) == SQLITE_ROW) ids.push_back(sqlite3_column_int64(claim_, 0));
    sqlite3_reset(claim_);
    step(commit_);
    return ids;
  }
  void ended(const std::vector<std::int64_t>& ids) {
    step(begin_);
    for (const std::int64_t id : ids) {
      sqlite3_bind_int64(end_, 1, to_millis(t0 + 10h));
      sqlite3_bind_int64(end_, 2, id);
      step(end_);
      sqlite3_bind_int64(record_, 1, id);
      sqlite3_bind_int64(record_, 2, to_millis(t0 + 10h));
      step(record_);
    }
    step(commit_);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* claim_ = nullptr;
  sqlite3_stmt* end_ = nullptr;
  sqlite3_stmt* record_ = nullptr;
};

Measured bare(int executions, int group) {
  Scratch scratch;
  return Bare(scratch.path + "/bare.db", executions).drained(group);
}

// Two appends of 64 bytes, each on the disk before the next begins: what no ledger can beat that
// makes a claim and an end durable one by one.
Measured floor_of_the_disk(int executions) {
  Scratch scratch;
  const int file = open((scratch.path + "/floor").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const char line[64] = {};
  const Stopwatch watch;
  for (int i = 0; i < 2 * executions; ++i)
    if (write(file, line, sizeof line) != sizeof line || fdatasync(file) != 0) fail("cannot write");
  close(file);
  return watch.measured(executions);
}

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

void run(int executions, int jobs, const std::string& json) {
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
  hotclock::bench::run(executions, jobs, json);
}
