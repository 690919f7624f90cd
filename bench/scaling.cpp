// What one database carries: many nodes that share a timetable of one-second schedules, and how long each
// waits for its turn at the ledger; a queue drained by one, two and four nodes; what a million executions
// and a million bonuses leave behind on the disk; and the bonus by one, two and four processes that serve.
//   scaling [--json FILE] [--nodes N] [--jobs N] [--seconds N] [--executions N] [--users N]
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>

#include "bench/bare_queue.h"
#include "bench/report.h"
#include "scheduler/core/scheduler.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"
#include "service/sql/forwarding_support.h"
#include "service/sql/postgres_support.h"
#include "tests/process/program.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::vector<double>;

struct Size {
  int nodes = 12;
  int jobs = 100;
  int seconds = 60;
  int executions = 500'000;
  int users = 200'000;
};

double ms_since(Steady begun) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

// ---------------------------------------------------------------- turns at the ledger

// How long settlements waited for their turn, and how long they had it. Threads: any.
class Turns {
 public:
  void add(double waited, double held) {
    const std::lock_guard lock(m_);
    waited_.push_back(waited);
    held_.push_back(held);
  }
  Milliseconds waited() const { return copy(waited_); }
  Milliseconds held() const { return copy(held_); }

 private:
  Milliseconds copy(const Milliseconds& from) const {
    const std::lock_guard lock(m_);
    return from;
  }
  mutable std::mutex m_;
  Milliseconds waited_, held_;
};

class TimedTurn final : public sql::ForwardingTransaction {
 public:
  TimedTurn(std::unique_ptr<sql::Transaction> real, double waited, Turns& turns)
      : ForwardingTransaction(std::move(real)), waited_(waited), turns_(turns) {}
  Result<> post(const sql::Statement& statement, std::span<const sql::Param> params) override {
    return real().post(statement, params);
  }
  Result<std::vector<std::int64_t>> exec_each(const sql::Statement& statement, std::span<const sql::Param> params,
                                              std::size_t width) override {
    return real().exec_each(statement, params, width);
  }
  Result<> commit() override {
    auto done = real().commit();
    turns_.add(waited_, ms_since(begun_));
    return done;
  }

 private:
  const double waited_;
  const Steady begun_ = std::chrono::steady_clock::now();
  Turns& turns_;
};

class TimedDatabase final : public sql::ForwardingDatabase {
 public:
  TimedDatabase(sql::Database& real, Turns& turns) : ForwardingDatabase(real), real_(real), turns_(turns) {}
  Result<std::unique_ptr<sql::Transaction>> write_alone(sql::Limits limits) override {
    const Steady asked = std::chrono::steady_clock::now();
    auto begun = real_.write_alone(std::move(limits));
    if (!begun) return begun;
    return {std::make_unique<TimedTurn>(std::move(begun).value(), ms_since(asked), turns_)};
  }

 private:
  sql::Database& real_;
  Turns& turns_;
};

// ---------------------------------------------------------------- nodes

class Nothing final : public Job {
  Outcome run(Execution&) override { return Done{}; }
};

class Counting final : public Observer {
 public:
  explicit Counting(std::atomic<int>& recorded) : recorded_(recorded) {}
  void on(const Notice& notice) override {
    if (std::holds_alternative<Recorded>(notice)) ++recorded_;
  }

 private:
  std::atomic<int>& recorded_;
};

// A scheduler with connections of its own, as a process has them.
class Node {
 public:
  Node(const std::string& url, int number, int jobs, bool plans, std::atomic<int>& recorded, Turns& turns)
      : database_(must(sql::open(url, {.connections = 2}))),
        timed_(*database_, turns),
        ledger_(timed_, must(ledger::register_node(*database_, {fmt::format("node-{}", number), "0", "0"}, clock_.now()))),
        counting_(recorded),
        scheduler_(clock_, ledger_, counting_, {.workers = 2, .ahead = plans ? 0 : 498, .plans = plans}) {
    const auto policy = std::make_shared<Policy>();
    policy->overlap = Overlap::allow;
    policy->max_running = 1000;
    std::vector<JobSpec> specs;
    for (int i = 0; i < jobs; ++i)
      specs.push_back({fmt::format("job-{}", i), Schedule::parse("* * * * * *").value(), std::make_shared<Nothing>(), policy});
    must(scheduler_.add(std::move(specs)));
  }
  void start() {
    scheduler_.start();
    listener_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested())
        if (const auto news = database_->await_news(clock_.steady() + 100ms, stop); news && *news) scheduler_.wake();
    });
  }
  void stop() {
    listener_ = {};
    scheduler_.stop(10s);
  }

 private:
  SystemClock clock_;
  std::unique_ptr<sql::Database> database_;
  TimedDatabase timed_;
  ledger::SqlLedger ledger_;
  Counting counting_;
  Scheduler scheduler_;
  std::jthread listener_;
};

// Nodes on a database of their own.
class Cluster {
 public:
  Cluster(const sql::PostgresServer& server, const std::string& name, int jobs, bool plans)
      : url_((server.run("CREATE DATABASE " + name), server.url(name))),
        jobs_(jobs),
        plans_(plans),
        database_(must(sql::open(url_, {.create = true}))) {
    must(schema::migrate(*database_, SystemClock().now()));
  }
  void add_nodes(int count) {
    for (int i = 0; i < count; ++i)
      nodes_.push_back(std::make_unique<Node>(url_, i, jobs_, plans_, recorded_, turns_));
  }
  void start() {
    for (const auto& node : nodes_) node->start();
  }
  void stop() {
    for (const auto& node : nodes_) node->stop();
    nodes_.clear();
  }
  // Enters slots that are due at once, of all jobs in turn.
  void enter(int count) {
    number("INSERT INTO hotclock.jobs (name, schedule, entered_until) SELECT 'job-' || i, '* * * * * * UTC', now()"
           " FROM generate_series(0, " + std::to_string(jobs_ - 1) + ") AS i ON CONFLICT DO NOTHING");
    number("WITH entered AS (INSERT INTO hotclock.slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank,"
           " requested_by, entered_at) SELECT j.id, now() - interval '1 minute', 'b' || " + std::to_string(entered_) +
           " || '-' || i, 'backfill', 0, 0, '', now() FROM generate_series(1, " + std::to_string(count / jobs_) +
           ") AS i CROSS JOIN hotclock.jobs AS j WHERE j.name LIKE 'job-%' RETURNING id) INSERT INTO hotclock.queue (phase,"
           " line, claim_rank, slot_id, available_at, attempt, fence, vanished, cursor_at, progress_done, reason)"
           " SELECT 'due', 0, 0, id, now(), 0, 0, 0, '', 0, '' FROM entered");
    number("SELECT pg_notify('hotclock_hotclock', '')::text");
    entered_ += count / jobs_ * jobs_;
  }
  // Until all that was entered is recorded; how long that took.
  double drained() {
    const Steady begun = std::chrono::steady_clock::now();
    while (recorded_ < entered_) std::this_thread::sleep_for(1ms);
    return ms_since(begun) / 1000;
  }
  std::int64_t number(const std::string& query) const {
    const std::string found = sql::plain_postgres(url_, query);
    return found.empty() ? 0 : std::stoll(found);
  }
  const Turns& turns() const { return turns_; }
  int recorded() const { return recorded_; }

 private:
  const std::string url_;
  const int jobs_;
  const bool plans_;
  std::unique_ptr<sql::Database> database_;
  std::atomic<int> recorded_ = 0;
  int entered_ = 0;
  Turns turns_;
  std::vector<std::unique_ptr<Node>> nodes_;
};

// ---------------------------------------------------------------- what is asked

void each_second(const sql::PostgresServer& server, int nodes, int seconds, const Size& size, Report& report) {
  Cluster cluster(server, fmt::format("seconds_{}", nodes), size.jobs, true);
  cluster.add_nodes(nodes);
  cluster.start();
  const Steady begun = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(std::chrono::seconds{seconds});
  cluster.stop();
  const double took = ms_since(begun) / 1000;
  Milliseconds waited = cluster.turns().waited(), held = cluster.turns().held();
  const auto of = fmt::format("{} nodes, {} jobs each second: ", nodes, size.jobs);
  report.add(of + "slots ended", static_cast<double>(cluster.recorded()) / took, "/s");
  report.at_most(of + "slots worked twice",
                 static_cast<double>(cluster.number("SELECT count(*) FROM (SELECT 1 FROM hotclock.history WHERE ended IS NOT NULL"
                                                    " GROUP BY slot_id HAVING count(*) > 1) AS twice")),
                 "", 0);
  report.at_most(of + "slots left out or without an end",
                 static_cast<double>(cluster.number(
                     "SELECT (SELECT count(*) FROM hotclock.slot_states WHERE state <> 'ended' AND scheduled_for <"
                     " (SELECT max(scheduled_for) FROM hotclock.slots) - interval '1 second') + (SELECT"
                     " coalesce(sum(gap), 0) FROM (SELECT extract(epoch FROM max(scheduled_for) - min(scheduled_for))"
                     "::bigint + 1 - count(*) AS gap FROM hotclock.slots GROUP BY job_id) AS gaps)::bigint")),
                 "", 0);
  report.add(of + "settlements that write", static_cast<double>(held.size()) / took, "/s");
  report.add(of + "wait for the turn, p50", percentile(waited, 0.5), "ms");
  report.add(of + "wait for the turn, p99", percentile(waited, 0.99), "ms");
  report.add(of + "turn held, p50", percentile(held, 0.5), "ms");
  report.add(of + "turn held, p99", percentile(held, 0.99), "ms");
  double all_held = 0;
  for (const double one : held) all_held += one;
  report.add(of + "share of time the turn is taken", all_held / 10 / took, "%");
}

void queue_drained(const sql::PostgresServer& server, int nodes, const Size& size, Report& report) {
  Cluster cluster(server, fmt::format("drained_{}", nodes), size.jobs, false);
  const int count = std::max(size.executions / 10, size.jobs);
  cluster.enter(count);
  cluster.add_nodes(nodes);
  cluster.start();
  const double seconds = cluster.drained();
  cluster.stop();
  report.add(fmt::format("queue drained by {} nodes", nodes), count / seconds, "slots/s");
}

// Rows come and go in `queue` and `leases`: what that leaves behind, and what an execution costs for good.
void churn(const sql::PostgresServer& server, const Size& size, Report& report) {
  Cluster cluster(server, "churn", size.jobs, false);
  cluster.add_nodes(2);
  cluster.start();
  const auto bytes = [&](const char* table) {
    return static_cast<double>(cluster.number(fmt::format("SELECT pg_total_relation_size('hotclock.{}')", table)));
  };
  const auto written = [&] { return cluster.number("SELECT pg_current_wal_lsn() - '0/0'"); };
  const auto before = written();
  double largest = 0;
  for (int part = 0; part < 20; ++part) {
    cluster.enter(size.executions / 20);
    (void)cluster.drained();
    largest = std::max(largest, bytes("queue") + bytes("leases"));
    if (part != 9 && part != 19) continue;
    const int done = size.executions / 20 * (part + 1);
    for (const char* table : {"queue", "leases"}) {
      report.add(fmt::format("after {} executions: {}", done, table), bytes(table) / (1 << 20), "MiB");
      report.add(fmt::format("after {} executions: {}, dead rows", done, table),
                 static_cast<double>(cluster.number(fmt::format(
                     "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = '{}'", table))),
                 "rows");
    }
  }
  cluster.stop();
  report.add("queue and leases, largest", largest / (1 << 20), "MiB");
  report.add("WAL for an execution", static_cast<double>(written() - before) / size.executions, "bytes");
  for (const char* table : {"slots", "history"})
    report.add(fmt::format("{} for a million executions", table), bytes(table) / size.executions * 1e6 / (1 << 20), "MiB");
}

// Processes as an operator starts them.
class Servers {
 public:
  Servers(const std::string& url, int count) {
    for (int i = 0; i < count; ++i) all_.push_back(started(url, {"serve"}));
  }
  static std::unique_ptr<Program> started(const std::string& url, const std::vector<std::string>& words) {
    static const Scratch scratch;
    return std::make_unique<Program>(
        words, std::map<std::string, std::string>{{"HOTCLOCK_DATABASE_URL", url}}, scratch.path);
  }
  static void done(const std::string& url, const std::vector<std::string>& words) {
    const Ended ended = started(url, words)->wait();
    if (ended.code != 0) fail(ended.out + ended.err);
  }

 private:
  std::vector<std::unique_ptr<Program>> all_;
};

void bonus_paid(const sql::PostgresServer& server, int processes, const Size& size, Report& report) {
  const std::string name = fmt::format("bonus_{}", processes), url = server.url(name);
  server.run("CREATE DATABASE " + name);
  Servers::done(url, {"demo", "--users", std::to_string(size.users), "--history-days", "0"});
  server.run("VACUUM ANALYZE", name);
  const auto number = [&](const std::string& query) { return std::stod(sql::plain_postgres(url, query)); };
  const auto bytes = [&](const char* table) { return number(fmt::format("SELECT pg_total_relation_size('{}')", table)); };
  const Servers servers(url, processes);
  if (!comes_true([&] { return number("SELECT count(*) FROM hotclock.nodes") >= processes; })) fail("no server");
  const double connections = number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hotclock'");
  const double transactions = bytes("platform.transactions"), outbox = bytes("hotclock.outbox"), wal = number("SELECT pg_current_wal_lsn() - '0/0'");
  Servers::done(url, {"run", "og-daily-bonus"});
  const double paid = number("SELECT count(*) FROM platform.transactions WHERE bonus_date IS NOT NULL");
  const double seconds = number("SELECT extract(epoch FROM ended_at - started_at) FROM hotclock.slot_states"
                                " WHERE job = 'og-daily-bonus' AND partition_of IS NULL AND ended = 'completed'");
  const auto by = fmt::format("bonus by {} processes: ", processes);
  report.add(by + "users paid", paid / seconds, "/s");
  report.add(by + "idle connections of each process", connections / processes, "");
  report.add(by + "connections of each process while it paid",
             number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hotclock'") / processes, "");
  if (processes != 1) return;
  report.add("WAL for a user paid", (number("SELECT pg_current_wal_lsn() - '0/0'") - wal) / paid, "bytes");
  report.add("transactions for a million users paid", (bytes("platform.transactions") - transactions) / paid * 1e6 / (1 << 20), "MiB");
  report.add("outbox for a million users paid", (bytes("hotclock.outbox") - outbox) / paid * 1e6 / (1 << 20), "MiB");
}

int benchmark(int argc, char** argv) {
  std::string json;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const int value = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--nodes") == 0) size.nodes = value;
    if (std::strcmp(argv[i], "--jobs") == 0) size.jobs = value;
    if (std::strcmp(argv[i], "--seconds") == 0) size.seconds = value;
    if (std::strcmp(argv[i], "--executions") == 0) size.executions = value;
    if (std::strcmp(argv[i], "--users") == 0) size.users = value;
  }
  const sql::PostgresServer server({.durable = true});
  const auto step = [](const char* what) { fmt::print(stderr, "{} ...\n", what); };
  Report report("many nodes on one PostgreSQL, everything on one machine");
  step("schedules of a second");
  for (const int nodes : {1, 4}) each_second(server, nodes, std::max(size.seconds / 3, 1), size, report);
  each_second(server, size.nodes, size.seconds, size, report);
  step("a queue drained");
  for (const int nodes : {1, 2, 4}) queue_drained(server, nodes, size, report);
  step("the bonus");
  for (const int processes : {1, 2, 4}) bonus_paid(server, processes, size, report);
  step("what executions leave behind");
  churn(server, size, report);
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
