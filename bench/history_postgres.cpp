// What lists of slots cost on PostgreSQL when the past is long: the last 50 by every filter there
// is. A day has millions of slots, a list has to be there at once.
//   bench_history_postgres [--rows 1000000] [--url URL] [--json FILE]
// 50 million rows take some 25 GB and half an hour: --rows 50000000. --url: a database that is
// kept; where it holds slots already, these are what is looked through.
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "bench/generated_history.h"
#include "bench/report.h"
#include "service/ledger/slot_list.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr int repetitions = 40;
constexpr double goal_ms = 50;

struct Ask {
  const char* what;
  ledger::SlotQuery query;
};

std::vector<Ask> asks() {
  const Instant middle = from_millis(1'777'000'000'000);  // April 2026, half of it is later
  return {
      {"all", {}},
      {"a busy job", {.job = "job-1"}},
      {"a rare job", {.job = "job-190"}},
      {"state ended", {.state = State::ended}},
      {"state running", {.state = State::running}},
      {"completed", {.ended = End::completed}},
      {"failed", {.ended = End::failed}},
      {"timed out", {.ended = End::timed_out}},
      {"cancelled", {.ended = End::cancelled}},
      {"a rare job, timed out", {.job = "job-190", .ended = End::timed_out}},
      {"by schedule", {.trigger = Trigger::schedule}},
      {"early", {.trigger = Trigger::early}},
      {"by hand", {.trigger = Trigger::manual}},
      {"by hand, failed", {.ended = End::failed, .trigger = Trigger::manual}},
      {"queue money", {.queue = "money"}},
      {"the default queue", {.queue = "default"}},
      {"a node", {.node = "node-3"}},
      {"a node gone for a year", {.node = "node-gone"}},
      {"a node, failed", {.ended = End::failed, .node = "node-3"}},
      {"asked for by a person", {.requested_by = "person-7"}},
      {"over 5 s", {.longer_than = 5s}},
      {"over 10 min", {.longer_than = 10min}},
      {"over 2 h, which is nearly none", {.longer_than = 2h}},
      {"a rare job over 10 min", {.job = "job-190", .longer_than = 10min}},
      {"until the middle", {.until = middle}},
      {"failed until the middle", {.ended = End::failed, .until = middle}},
      {"a busy job until the middle", {.job = "job-1", .until = middle}},
      {"of an hour in the middle", {.since = middle - 1h, .until = middle}},
  };
}

struct Taken {
  double first_ms = 0, median_ms = 0, worst_ms = 0;
  double cpu_ms = 0;  // of both sides, on average
  std::size_t found = 0;
  bool more = false;
};

// Processor time of this process, and of the server's processes for this database, which must be on
// this machine: what a list takes where nothing else is on the processors.
class Processors {
 public:
  explicit Processors(const std::string& url) : hand_(url) {}
  double ms() {
    double all = static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
    std::istringstream pids(hand_.run(
        "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid()"));
    for (std::string pid; pids >> pid;) {
      std::ifstream stat("/proc/" + pid + "/schedstat");
      double ns = 0;
      if (stat >> ns) all += ns / 1e6;
    }
    return all;
  }

 private:
  Hand hand_;
};

double timed(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

Taken take(sql::Database& database, Processors& processors, const ledger::SlotQuery& query) {
  Taken taken;
  double cpu = 0;
  std::vector<double> times;
  for (int i = 0; i <= repetitions; ++i) {
    const double ms = timed([&] {
      const auto page = must(ledger::list_slots(database, query));
      taken.found = page.slots.size();
      taken.more = page.next.has_value();
    });
    if (i == 0)
      taken.first_ms = ms, cpu = processors.ms();
    else
      times.push_back(ms);
  }
  taken.cpu_ms = (processors.ms() - cpu) / repetitions;
  std::ranges::sort(times);
  taken.median_ms = times[times.size() / 2];
  taken.worst_ms = times.back();
  return taken;
}

// Of the tables that grow with the past; none of the lists may add one.
double scans(const std::string& url) {
  return Hand(url).number(
      "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('slots', 'history')");
}

std::unique_ptr<sql::Database> filled(const std::string& url, std::int64_t rows) {
  auto database = must(sql::open(url, {.create = true}));
  must(schema::migrate(*database, from_millis(1'790'000'000'000)));
  if (Hand(url).number("SELECT count(*) FROM (SELECT 1 FROM slots LIMIT 1) AS one") == 0)
    generate_history(url, rows);
  return database;
}

void measure(const std::string& url, std::int64_t rows, const std::string& json) {
  auto database = filled(url, rows);
  const double count = Hand(url).number("SELECT max(id) FROM slots");
  Report report(
      fmt::format("the last 50 of {:.0f} slots on PostgreSQL: median of {}", count, repetitions));
  Processors processors(url);
  const double before = scans(url);
  fmt::print("  {:<36} {:>9} {:>9} {:>9} {:>9}  {}\n", "", "first", "median", "worst", "CPU",
             "found");
  for (const auto& [what, query] : asks()) {
    const Taken taken = take(*database, processors, query);
    fmt::print("  {:<36} {:>6.1f} ms {:>6.1f} ms {:>6.1f} ms {:>6.1f} ms  {}{}\n", what,
               taken.first_ms, taken.median_ms, taken.worst_ms, taken.cpu_ms, taken.found,
               taken.more ? " and more" : "");
    std::fflush(stdout);
    report.at_most(what, taken.median_ms, "ms", goal_ms);
    report.at_most(std::string(what) + ", CPU", taken.cpu_ms, "ms", goal_ms);
  }
  database.reset();  // a connection that ends tells what it did
  std::this_thread::sleep_for(1s);
  report.at_most("scans of slots or history", scans(url) - before, "scans", 0);
  report.print(json);
}

int benchmark(int argc, char** argv) {
  std::string json, url;
  std::int64_t rows = 1'000'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--url") == 0) url = argv[i + 1];
    if (std::strcmp(argv[i], "--rows") == 0) rows = std::atoll(argv[i + 1]);
  }
  if (!url.empty()) return measure(url, rows, json), 0;
  const sql::PostgresServer server(tuned());
  const Fresh fresh(server);
  measure(fresh.url(), rows, json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
