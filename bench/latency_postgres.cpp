// How long after somebody asks for a slot, in one process, its job starts in another, on PostgreSQL: asked
// for as `hotclock run` does, heard of by LISTEN, claimed durably. Beside it, in turn and on the same
// server, the least that does the same by hand with libpq: a row and a NOTIFY, then a claim; and
// graphile-worker, where bench/run has installed it. One at a time.
//   latency_postgres [--json FILE] [--slots N] [--rounds N]
#include <poll.h>

#include <cstring>

#include "bench/peer.h"
#include "bench/postgres.h"
#include "bench/runtime.h"
#include "service/ledger/control.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

std::int64_t nanoseconds_now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

// A process that starts what another one asks for, and tells when it did.
class Server {
 public:
  // `serve` is given where to write the instant of each start, and first 0 when it is ready.
  explicit Server(const std::function<void(int)>& serve) {
    int ends[2];
    if (pipe(ends) != 0) fail("no pipe");
    child_ = fork();
    if (child_ < 0) fail("no child process");
    if (child_ == 0) {
      close(ends[0]);
      serve(ends[1]);
      _exit(0);
    }
    close(ends[1]);
    told_ = ends[0];
    (void)next();
  }
  ~Server() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    close(told_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::int64_t next() const {
    std::int64_t at = 0;
    pollfd told{told_, POLLIN, 0};
    if (poll(&told, 1, 30'000) != 1 || read(told_, &at, sizeof at) != sizeof at)
      fail("what was asked for did not start within 30 s");
    return at;
  }

 private:
  pid_t child_ = 0;
  int told_ = -1;
};

void tell(int to, std::int64_t at) {
  if (write(to, &at, sizeof at) != sizeof at) _exit(1);
}

// Asks `count` times, each time once the one before has started; milliseconds from asking to the start.
std::vector<double> one_at_a_time(const Server& server, int count, const std::function<void(int)>& ask) {
  std::vector<double> late;
  for (int i = 0; i < count; ++i) {
    const std::int64_t asked = nanoseconds_now();
    ask(i);
    late.push_back(static_cast<double>(server.next() - asked) / 1e6);
    std::this_thread::sleep_for(2ms);  // so that the server is at rest again
  }
  return late;
}

// ---------------------------------------------------------------- Hotclock

class Telling final : public Job {
 public:
  explicit Telling(int to) : to_(to) {}
  Outcome run(Execution&) override {
    tell(to_, nanoseconds_now());
    return Done{};
  }

 private:
  const int to_;
};

// As the service does: a scheduler, and a thread that hears the news for it.
void serve(const std::string& url, int to) {
  Runtime runtime(url, std::make_shared<Telling>(to), 1, {.scheduler = {.workers = 4, .plans = false}});
  runtime.scheduler().start();
  (void)must(runtime.database().await_news(std::chrono::steady_clock::now(), {}));
  tell(to, 0);
  for (;;)
    if (must(runtime.database().await_news(std::chrono::steady_clock::now() + 1s, {}))) runtime.scheduler().wake();
}

std::vector<double> hotclock(const std::string& url, int slots) {
  const Server server([&url](int to) { serve(url, to); });
  const auto database = must(sql::open(url));
  const SystemClock clock;
  return one_at_a_time(server, slots, [&](int i) {
    const Instant now = clock.now();
    (void)must(ledger::enter_manual(*database, {"job-0", now, fmt::format("run:{}", i)},
                                    {"bench", "run by hand"}, now));
  });
}

// ---------------------------------------------------------------- by hand

void serve_by_hand(const std::string& url, int to) {
  PGconn* listener = PQconnectdb(url.c_str());
  PQclear(PQexec(listener, "LISTEN news"));
  Hand hand(url);
  hand.prepare("claim",
               "WITH next AS (SELECT id FROM queue WHERE state = 0 ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED)"
               " UPDATE queue AS q SET state = 1, started = now() FROM next WHERE q.id = next.id RETURNING q.id");
  hand.prepare("finish", "UPDATE queue SET state = 2, ended = now() WHERE id = $1::bigint");
  tell(to, 0);
  for (;;) {
    pollfd heard{PQsocket(listener), POLLIN, 0};
    poll(&heard, 1, 1000);
    PQconsumeInput(listener);
    while (PGnotify* news = PQnotifies(listener)) PQfreemem(news);
    const std::string id = hand.run_prepared("claim", {});
    if (id == "0") continue;
    tell(to, nanoseconds_now());
    hand.run_prepared("finish", {id});
  }
}

std::vector<double> by_hand(const std::string& url, int slots) {
  Hand hand(url);
  hand.run("CREATE SCHEMA hotclock");
  hand.run("CREATE TABLE queue (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, due timestamptz, state int,"
           " started timestamptz, ended timestamptz)");
  hand.run("CREATE INDEX queue_due ON queue (due) WHERE state = 0");
  hand.prepare("ask", "WITH asked AS (INSERT INTO queue (due, state) VALUES (now(), 0) RETURNING id)"
                      " SELECT pg_notify('news', id::text)::text FROM asked");
  const Server server([&url](int to) { serve_by_hand(url, to); });
  return one_at_a_time(server, slots, [&hand](int) { hand.run_prepared("ask", {}); });
}

// ---------------------------------------------------------------- what is asked

struct Rounds {
  std::vector<double> p50, p99;
  void add(std::vector<double> late) {
    p50.push_back(percentile(late, 0.5));
    p99.push_back(percentile(late, 0.99));
  }
};

int benchmark(int argc, char** argv) {
  std::string json;
  int slots = 500, rounds = 5;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--slots") == 0) slots = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::atoi(argv[i + 1]);
  }
  const sql::PostgresServer server(tuned());
  const Peer peer;
  Rounds ours, hand, graphile;
  for (int round = 0; round < rounds; ++round) {
    ours.add(hotclock(Fresh(server).url(), slots));
    hand.add(by_hand(Fresh(server).url(), slots));
    if (peer.there()) graphile.add(peer.numbers("graphile_latency.mjs", Fresh(server).url(), slots));
  }
  Report report(fmt::format("asked for in one process, started in another, on PostgreSQL: median of {}", rounds));
  report.at_most("asked for to start, p50", percentile(ours.p50, 0.5), "ms", 1.5);
  report.at_most("asked for to start, p99", percentile(ours.p99, 0.5), "ms", 5);
  report.add("by hand, p50", percentile(hand.p50, 0.5), "ms");
  report.add("by hand, p99", percentile(hand.p99, 0.5), "ms");
  if (peer.there()) {
    report.add("graphile-worker, p50", percentile(graphile.p50, 0.5), "ms");
    report.add("graphile-worker, p99", percentile(graphile.p99, 0.5), "ms");
  }
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
