// Durable executions on PostgreSQL: the ledger alone, the whole runtime, and a crowd of slots that fall
// due in one second. Beside, in turn and on the same server: the same by hand with libpq (claims of 100,
// ends and history rows, each group set-wise), and graphile-worker in its quickest preset, which keeps
// no history. graphile-worker is left out, and that is said, where Node or the package is missing
// (bench/run installs it).
//   executions_postgres [--json FILE] [--only throughput|burst] [--executions N] [--jobs N] [--pairs N]
//                       [--burst N]
#include <cstring>

#include "bench/peer.h"
#include "bench/postgres.h"
#include "bench/runtime.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr int ahead = 1998;  // half of it is claimed at a time
constexpr auto time_to_make_ready = 15s;

// What a run cost on both sides.
struct Both {
  Measured client;
  double server_cpu_us = 0;
};

template <class Work>
Both on_both(const sql::PostgresServer& server, int executions, Work work) {
  const double before = server_cpu_seconds(server);
  const Measured client = work();
  return {client, (server_cpu_seconds(server) - before) * 1e6 / executions};
}

// ---------------------------------------------------------------- by hand

// What is asked of all of them, and nothing else: no guard, no fence, no jobs, no uniqueness.
class ByHand {
 public:
  ByHand(const sql::PostgresServer& server, const std::string& url, int executions)
      : server_(server), url_(url) {
    Hand db(url);
    db.run("CREATE SCHEMA hotclock");
    db.run("CREATE TABLE queue (id bigint PRIMARY KEY, job bigint, due bigint, state int, node bigint,"
           " started timestamptz, ended timestamptz) WITH (fillfactor = 50)");
    db.run(fmt::format("INSERT INTO queue (id, job, due, state)"
                       " SELECT i, i % 1000, i, 0 FROM generate_series(1, {}) AS i", executions));
    db.run("CREATE INDEX queue_due ON queue (due) WHERE state = 0");
    db.run("CREATE TABLE history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slot bigint,"
           " started timestamptz, ended timestamptz, outcome text, node bigint)");
    db.run("VACUUM ANALYZE");
  }

  Both drained(int executions, int connections) {
    std::vector<std::unique_ptr<Hand>> hands;
    for (int i = 0; i < connections; ++i) {
      hands.push_back(std::make_unique<Hand>(url_));
      prepare(*hands.back());
    }
    const Both measured = on_both(server_, executions, [&] {
      const Stopwatch watch;
      std::vector<std::jthread> threads;
      for (const auto& hand : hands) threads.emplace_back([&hand] { drain(*hand); });
      for (std::jthread& thread : threads) thread.join();
      return watch.measured(executions);
    });
    if (hands[0]->number("SELECT count(*) FROM history") != executions) fail("by hand: not all were worked");
    return measured;
  }

 private:
  static void prepare(Hand& hand) {
    hand.prepare("claim",
                 "WITH next AS (SELECT id FROM queue WHERE state = 0 AND due <= $1 ORDER BY due LIMIT 100"
                 " FOR UPDATE SKIP LOCKED), taken AS (UPDATE queue AS q SET state = 1, node = 7,"
                 " started = now() FROM next WHERE q.id = next.id RETURNING q.id)"
                 " SELECT coalesce(array_agg(id)::text, '') FROM taken");
    hand.prepare("finish",
                 "WITH done AS (UPDATE queue SET state = 2, ended = now() WHERE id = ANY ($1::bigint[])"
                 " AND state = 1 RETURNING id, started, node) INSERT INTO history (slot, started, ended,"
                 " outcome, node) SELECT id, started, now(), 'completed', node FROM done");
  }
  static void drain(Hand& hand) {
    for (std::string held; !(held = hand.run_prepared("claim", {"1000000000"})).empty();)
      hand.run_prepared("finish", {held});
  }

  const sql::PostgresServer& server_;
  const std::string url_;
};

// ---------------------------------------------------------------- the ledger alone

class LedgerAlone {
 public:
  LedgerAlone(const std::string& url, int executions, int jobs) : database_(must(sql::open(url, {.create = true}))) {
    must(schema::migrate(*database_, queue_begin));
    ledger_ = std::make_unique<ledger::SqlLedger>(
        *database_, must(ledger::register_node(*database_, {"bench", "0", "0"}, queue_begin)));
    policy_->overlap = Overlap::allow;
    policy_->max_running = 1000;
    std::vector<JobRow> rows;
    for (int i = 0; i < jobs; ++i) rows.push_back({fmt::format("job-{}", i), "* * * * * UTC", queue_begin});
    (void)must(ledger_->enrol(rows));
    for (int i = 0; i < executions; i += 1000) enter(rows, i, std::min(i + 1000, executions));
    must(database_->script("VACUUM ANALYZE"));
  }

  // Each act ends one group and claims the next.
  Measured drained(int group) {
    const Stopwatch watch;
    int all = 0;
    Settlement act;
    for (Settled answer = settle(act, group); !answer.claims.empty(); answer = settle(act, group)) {
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
    Settlement act;
    for (int i = from; i < to; ++i)
      act.entries.push_back({.slot = {rows[static_cast<std::size_t>(i) % rows.size()].job, queue_begin + i * 1ms},
                             .available_at = queue_begin + i * 1ms});
    (void)settle(act, 0);
  }
  Settled settle(Settlement& act, int room) {
    act.now = clock_.now();
    act.asked = clock_.steady();
    act.room = room;
    return must(ledger_->settle(act, [this](const std::string&) { return policy_; }));
  }

  SystemClock clock_;
  std::shared_ptr<Policy> policy_ = std::make_shared<Policy>();
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<ledger::SqlLedger> ledger_;
};

// ---------------------------------------------------------------- all of it

struct Size {
  int executions = 50'000;
  int jobs = 1'000;
  int pairs = 5;
  int burst = 10'000;
};

Both by_hand(const sql::PostgresServer& server, const Size& size, int connections) {
  const Fresh database(server);
  return ByHand(server, database.url(), size.executions).drained(size.executions, connections);
}

Both by_the_ledger(const sql::PostgresServer& server, const Size& size, int group) {
  const Fresh database(server);
  LedgerAlone ledger(database.url(), size.executions, size.jobs);
  return on_both(server, size.executions, [&] { return ledger.drained(group); });
}

Both by_the_runtime(const sql::PostgresServer& server, const Size& size) {
  const Fresh database(server);
  Runtime runtime(database.url(), std::make_shared<Nothing>(), size.jobs,
                  {.scheduler = {.workers = 2, .ahead = ahead, .plans = false}});
  runtime.enter(size.executions, queue_begin, 1ms, runtime.now());
  return on_both(server, size.executions, [&] { return runtime.worked(size.executions); });
}

Both by_graphile(const sql::PostgresServer& server, const Peer& peer, const Size& size) {
  const Fresh database(server);
  const auto numbers = peer.numbers("graphile_throughput.mjs", database.url(), size.executions);
  return {{size.executions / numbers.at(0), numbers.at(1)}};
}

// ---------------------------------------------------------------- what is asked

struct Runs {
  std::vector<double> rate, cpu, server_cpu;
  void add(const Both& one) {
    rate.push_back(one.client.per_second);
    cpu.push_back(one.client.cpu_us);
    server_cpu.push_back(one.server_cpu_us);
  }
};

// The median of ours over theirs, each pair from the same minute.
double ratio(const Runs& ours, const Runs& theirs) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.rate.size(); ++i) ratios.push_back(ours.rate[i] / theirs.rate[i]);
  return percentile(ratios, 0.5);
}

double median(std::vector<double> values) { return percentile(values, 0.5); }

// Where all of them stand in one second: what the timetable enters, the guard lets in and the workers begin.
struct Bursts {
  std::vector<double> p50, p99, worst, rate;
};

void burst(const sql::PostgresServer& server, int slots, Bursts& bursts) {
  const Fresh database(server);
  const Instant due = std::chrono::floor<std::chrono::seconds>(SystemClock().now()) + time_to_make_ready;
  const auto noting = std::make_shared<Noting>();
  Runtime runtime(database.url(), noting, slots,
                  {.scheduler = {.workers = 2, .ahead = ahead},
                   .schedule = fmt::format("{} * * * * *", to_millis(due) / 1000 % 60)});
  if (runtime.now() >= due) fail("the jobs were not enrolled before they were due");
  (void)runtime.worked(slots);
  std::vector<double> late = noting->late_ms();
  bursts.p50.push_back(percentile(late, 0.5));
  bursts.p99.push_back(percentile(late, 0.99));
  bursts.worst.push_back(late.back());
  bursts.rate.push_back(slots / (late.back() / 1000));
}

void throughput(const sql::PostgresServer& server, const Size& size, Report& report) {
  const Peer peer;
  const bool with_peer = peer.there();
  Runs one_hand, two_hands, groups_of_100, groups_of_500, whole, graphile;
  for (int pair = 0; pair < size.pairs; ++pair) {
    whole.add(by_the_runtime(server, size));
    two_hands.add(by_hand(server, size, 2));
    if (with_peer) graphile.add(by_graphile(server, peer, size));
    groups_of_500.add(by_the_ledger(server, size, 500));
    groups_of_100.add(by_the_ledger(server, size, 100));
    one_hand.add(by_hand(server, size, 1));
  }
  report.add("by hand, claims of 100, 1 connection", median(one_hand.rate), "/s");
  report.add("by hand, claims of 100, 2 connections", median(two_hands.rate), "/s");
  if (with_peer) report.add("graphile-worker, 2 processes, no history", median(graphile.rate), "/s");
  report.add("the ledger alone, groups of 100", median(groups_of_100.rate), "/s");
  report.add("the ledger alone, groups of 500", median(groups_of_500.rate), "/s");
  report.add("executions by the whole runtime", median(whole.rate), "/s");
  report.at_least("executions over those by 2 hands, median of pairs", ratio(whole, two_hands), "x", 0.75);
  if (with_peer)
    report.at_least("executions over graphile-worker's, median of pairs", ratio(whole, graphile), "x", 1);
  report.at_most("CPU of the client each", median(whole.cpu), "us", 5);
  report.add("by hand, CPU of the client each", median(two_hands.cpu), "us");
  if (with_peer) report.add("graphile-worker, CPU of the client each", median(graphile.cpu), "us");
  report.add("CPU of the server each", median(whole.server_cpu), "us");
  report.add("the ledger alone, groups of 500, CPU of the server each", median(groups_of_500.server_cpu), "us");
  report.add("by hand, CPU of the server each", median(two_hands.server_cpu), "us");
}

void lateness(const sql::PostgresServer& server, const Size& size, Report& report) {
  Bursts bursts;
  for (int pair = 0; pair < size.pairs; ++pair) burst(server, size.burst, bursts);
  const std::string what = fmt::format("{} slots due at once, ", size.burst);
  report.add(what + "lateness p50", median(bursts.p50), "ms");
  report.add(what + "lateness p99", median(bursts.p99), "ms");
  report.add(what + "worst lateness", median(bursts.worst), "ms");
  report.add(what + "begun", median(bursts.rate), "/s");
}

int benchmark(int argc, char** argv) {
  std::string json, only;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const int value = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
    if (std::strcmp(argv[i], "--executions") == 0) size.executions = value;
    if (std::strcmp(argv[i], "--jobs") == 0) size.jobs = value;
    if (std::strcmp(argv[i], "--pairs") == 0) size.pairs = value;
    if (std::strcmp(argv[i], "--burst") == 0) size.burst = value;
  }
  const sql::PostgresServer server(tuned());
  Report report(fmt::format("durable executions on PostgreSQL: {} jobs, 2 workers, median of {}", size.jobs,
                            size.pairs));
  if (only != "burst") throughput(server, size, report);
  if (only != "throughput") lateness(server, size, report);
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
