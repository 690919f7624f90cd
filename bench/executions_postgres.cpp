// Durable executions on PostgreSQL: the ledger alone, the whole runtime, and a crowd of slots that fall
// due in one second. Beside, in turn and on the same server: the same by hand with libpq (claims of 100,
// ends and history rows, each group set-wise), and graphile-worker in its quickest preset, which keeps
// no history. graphile-worker is left out, and that is said, where Node or the package is missing
// (bench/run installs it).
//   executions_postgres [--json FILE] [--only throughput|burst] [--executions N] [--jobs N] [--pairs N]
//                       [--burst N]
#include <cstring>

#include "bench/postgres.h"
#include "bench/runtime.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr int ahead = 998;
constexpr auto time_to_make_ready = 15s;

// ---------------------------------------------------------------- by hand

// What is asked of all of them, and nothing else: no guard, no fence, no jobs, no uniqueness.
class ByHand {
 public:
  ByHand(const std::string& url, int executions) : url_(url) {
    Hand db(url);
    db.run("CREATE TABLE queue (id bigint PRIMARY KEY, job bigint, due bigint, state int, node bigint,"
           " started timestamptz, ended timestamptz) WITH (fillfactor = 50)");
    db.run(fmt::format("INSERT INTO queue (id, job, due, state)"
                       " SELECT i, i % 1000, i, 0 FROM generate_series(1, {}) AS i", executions));
    db.run("CREATE INDEX queue_due ON queue (due) WHERE state = 0");
    db.run("CREATE TABLE history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slot bigint,"
           " started timestamptz, ended timestamptz, outcome text, node bigint)");
    db.run("VACUUM ANALYZE");
  }

  Measured drained(int executions, int connections) {
    std::vector<std::unique_ptr<Hand>> hands;
    for (int i = 0; i < connections; ++i) {
      hands.push_back(std::make_unique<Hand>(url_));
      prepare(*hands.back());
    }
    const Stopwatch watch;
    {
      std::vector<std::jthread> threads;
      for (const auto& hand : hands) threads.emplace_back([&hand] { drain(*hand); });
    }
    const Measured measured = watch.measured(executions);
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

  const std::string url_;
};

// ---------------------------------------------------------------- graphile-worker

class Graphile {
 public:
  explicit Graphile(std::string directory) : directory_(std::move(directory)) {}

  bool there() const {
    return !directory_.empty() && std::filesystem::exists(directory_ + "/node_modules/graphile-worker") &&
           std::system("node --version >/dev/null 2>&1") == 0;
  }

  Measured drained(const std::string& url, int executions) const {
    const std::string command =
        fmt::format("HOTCLOCK_PEERS='{}' node '{}/graphile_worker.mjs' '{}' {} 2", directory_, HOTCLOCK_PEERS,
                    url, executions);
    FILE* pipe = popen(command.c_str(), "r");
    double seconds = 0, cpu_us = 0;
    const bool read = pipe && std::fscanf(pipe, "%lf %lf", &seconds, &cpu_us) == 2;
    if (!pipe || pclose(pipe) != 0 || !read) fail("graphile-worker failed");
    return {executions / seconds, cpu_us};
  }

 private:
  const std::string directory_;
};

// ---------------------------------------------------------------- the ledger alone

Measured ledger_alone(const std::string& url, int executions, int jobs, int group) {
  auto database = must(sql::open(url, {.create = true}));
  must(schema::migrate(*database, queue_begin));
  ledger::SqlLedger ledger(*database, must(ledger::register_node(*database, {"bench", "0", "0"}, queue_begin)));
  const auto policy = std::make_shared<Policy>();
  policy->overlap = Overlap::allow;
  policy->max_running = 1000;
  const auto settle = [&](const Settlement& act) {
    return must(ledger.settle(act, [&](const std::string&) { return policy; }));
  };
  std::vector<JobRow> rows;
  for (int i = 0; i < jobs; ++i) rows.push_back({fmt::format("job-{}", i), "* * * * * UTC", queue_begin});
  (void)must(ledger.enrol(rows));
  const auto now = [] { return SystemClock().now(); };
  for (int i = 0; i < executions;) {
    Settlement act{.now = now(), .asked = std::chrono::steady_clock::now()};
    for (const int end = std::min(i + 1000, executions); i < end; ++i)
      act.entries.push_back({.slot = {rows[static_cast<std::size_t>(i) % rows.size()].job, queue_begin + i * 1ms},
                             .available_at = queue_begin + i * 1ms});
    (void)settle(act);
  }
  must(database->script("VACUUM ANALYZE"));
  const Stopwatch watch;
  int all = 0;
  for (Settlement act{.now = now(), .asked = std::chrono::steady_clock::now(), .room = group};;) {
    const Settled answer = settle(act);
    if (answer.claims.empty()) break;
    all += static_cast<int>(answer.claims.size());
    act.now = now();
    act.asked = std::chrono::steady_clock::now();
    act.endings.clear();
    for (const Claim& claim : answer.claims)
      act.endings.push_back({.permit = claim.permit,
                             .started_at = act.now,
                             .ended_at = act.now,
                             .follow = Ends{End::completed},
                             .outcome = "completed"});
  }
  if (all != executions) fail("the ledger: not all were worked");
  return watch.measured(all);
}

// ---------------------------------------------------------------- all of it

Measured by_hand(const std::string& url, int executions, int connections) {
  return ByHand(url, executions).drained(executions, connections);
}

Measured runtime(const std::string& url, int executions, int jobs) {
  Runtime runtime(url, std::make_shared<Nothing>(), jobs,
                  {.scheduler = {.workers = 2, .ahead = ahead, .plans = false}});
  runtime.enter(executions, queue_begin, 1ms, runtime.now());
  return runtime.worked(executions);
}

// ---------------------------------------------------------------- what is asked

struct Size {
  int executions = 50'000;
  int jobs = 1'000;
  int pairs = 5;
  int burst = 10'000;
  std::string peers;
};

// A database of its own on the benchmark's server for as long as it lives.
class Fresh {
 public:
  explicit Fresh(const sql::PostgresServer& server) : server_(server), name_(fmt::format("bench_{}", ++made_)) {
    server_.run("CREATE DATABASE " + name_);
  }
  ~Fresh() { server_.run("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  std::string url() const { return server_.url(name_); }

 private:
  static inline int made_ = 0;
  const sql::PostgresServer& server_;
  const std::string name_;
};

template <class Work>
auto on_a_fresh(const sql::PostgresServer& server, Work work) {
  const Fresh database(server);
  return work(database.url());
}

struct Runs {
  std::vector<double> rate, cpu;
  void add(const Measured& one) {
    rate.push_back(one.per_second);
    cpu.push_back(one.cpu_us);
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

void burst(const std::string& url, int slots, Bursts& bursts) {
  const Instant due = std::chrono::floor<std::chrono::seconds>(SystemClock().now()) + time_to_make_ready;
  const auto second = to_millis(due) / 1000 % 60;
  const auto noting = std::make_shared<Noting>();
  Runtime runtime(url, noting, slots,
                  {.scheduler = {.workers = 2, .ahead = ahead},
                   .schedule = fmt::format("{} * * * * *", second)});
  if (runtime.now() >= due) fail("the jobs were not enrolled before they were due");
  (void)runtime.worked(slots);
  std::vector<double> late = noting->late_ms();
  bursts.p50.push_back(percentile(late, 0.5));
  bursts.p99.push_back(percentile(late, 0.99));
  bursts.worst.push_back(late.back());
  bursts.rate.push_back(slots / (late.back() / 1000));
}

void throughput(const sql::PostgresServer& server, const Size& size, Report& report) {
  const Graphile peer(size.peers);
  const bool with_peer = peer.there();
  Runs one_hand, two_hands, groups_of_100, groups_of_500, whole, graphile;
  for (int pair = 0; pair < size.pairs; ++pair) {
    whole.add(on_a_fresh(server, [&](const std::string& url) { return runtime(url, size.executions, size.jobs); }));
    two_hands.add(on_a_fresh(server, [&](const std::string& url) { return by_hand(url, size.executions, 2); }));
    if (with_peer) graphile.add(on_a_fresh(server, [&](const std::string& url) { return peer.drained(url, size.executions); }));
    groups_of_500.add(on_a_fresh(server, [&](const std::string& url) { return ledger_alone(url, size.executions, size.jobs, 500); }));
    groups_of_100.add(on_a_fresh(server, [&](const std::string& url) { return ledger_alone(url, size.executions, size.jobs, 100); }));
    one_hand.add(on_a_fresh(server, [&](const std::string& url) { return by_hand(url, size.executions, 1); }));
  }
  report.add("by hand, claims of 100, 1 connection", median(one_hand.rate), "/s");
  report.add("by hand, claims of 100, 2 connections", median(two_hands.rate), "/s");
  if (with_peer)
    report.add("graphile-worker, 2 processes, no history", median(graphile.rate), "/s");
  else
    fmt::print("graphile-worker is not installed: left out\n");
  report.add("the ledger alone, groups of 100", median(groups_of_100.rate), "/s");
  report.add("the ledger alone, groups of 500", median(groups_of_500.rate), "/s");
  report.add("executions by the whole runtime", median(whole.rate), "/s");
  report.at_least("executions over those by 2 hands, median of pairs", ratio(whole, two_hands), "x", 0.75);
  if (with_peer)
    report.at_least("executions over graphile-worker's, median of pairs", ratio(whole, graphile), "x", 1);
  report.at_most("CPU of the client each", median(whole.cpu), "us", 5);
  report.add("by hand, CPU of the client each", median(two_hands.cpu), "us");
  if (with_peer) report.add("graphile-worker, CPU of the client each", median(graphile.cpu), "us");
}

void lateness(const sql::PostgresServer& server, const Size& size, Report& report) {
  Bursts bursts;
  for (int pair = 0; pair < size.pairs; ++pair) on_a_fresh(server, [&](const std::string& url) { burst(url, size.burst, bursts); });
  const std::string what = fmt::format("{} slots due at once, ", size.burst);
  report.add(what + "lateness p50", median(bursts.p50), "ms");
  report.add(what + "lateness p99", median(bursts.p99), "ms");
  report.add(what + "worst lateness", median(bursts.worst), "ms");
  report.add(what + "begun", median(bursts.rate), "/s");
}

int benchmark(int argc, char** argv) {
  std::string json, only;
  Size size;
  if (const char* peers = std::getenv("HOTCLOCK_PEERS")) size.peers = peers;
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
