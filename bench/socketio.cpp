// The Socket.IO server as a crowd of WebSocket clients meets it: what a delivery costs it, how fast
// it delivers and lets clients in, what an idle one and one that does not read cost it. Beside it,
// in turn, npm's socket.io, where bench/run has installed it. Every byte delivered is checked.
//   socketio [--json FILE] [--pairs N] [--deliveries N] [--only NAME]
// NAME: crowds, paused, pings, visitors, node
//
// Clients and load generator share the two cores with the server. Where each event is sent when all
// have the one before, a server waits for the generator to read: that caps how many times faster
// than another one it can be, and says nothing of what it can take. So deliveries a second are held
// to their goal with several events under way, and are a figure one at a time; what a delivery
// costs is held to its goal in both.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <optional>
#include <thread>

#include "bench/crowd.h"
#include "bench/duel.h"
#include "bench/peer.h"
#include "bench/server_process.h"
#include "bench/visitor.h"
#include "scheduler/base/clock.h"
#include "service/auth/signing.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;
using Command = std::vector<std::string>;

constexpr int several = 4;

struct Asked {
  std::string json;
  std::string only;
  int pairs = 5;
  int deliveries = 200'000;

  bool wants(const std::string& name) const { return only.empty() || only == name; }
};

double since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

// ---------------------------------------------------------------- a crowd in one room

struct Size {
  int clients;
  int bytes;
  std::string name() const { return fmt::format("{} clients, {} B", clients, bytes); }
};

struct Delivering {
  double rate = 0;  // a second
  double cpu = 0;   // microseconds per delivery
  double user = 0;  // of these
};

struct Figures {
  double connects = 0;     // a second
  double connect_cpu = 0;  // microseconds each
  double resident = 0;     // KiB per idle connection
  Delivering apart;        // each event when the one before has come to all
  Delivering together;     // several under way, which a server may write at once
};

Delivering deliver(const ServerProcess& server, Crowd& crowd, const Size& size, int events,
                   int under_way) {
  const CpuTime before = server.cpu();
  const auto begun = std::chrono::steady_clock::now();
  crowd.broadcast(events, size.bytes, under_way);
  const double seconds = since(begun);
  const CpuTime used = server.cpu() - before;
  const double count = static_cast<double>(events) * size.clients;
  return {count / seconds, 1e6 * used.total() / count, 1e6 * used.user / count};
}

Figures meet(const Command& command, const Size& size, int deliveries) {
  const ServerProcess server(command);
  Crowd crowd(server.port());
  Figures figures;
  const double empty = server.resident_kib();
  const CpuTime before = server.cpu();
  const auto begun = std::chrono::steady_clock::now();
  crowd.connect(size.clients);
  figures.connects = size.clients / since(begun);
  figures.connect_cpu = 1e6 * (server.cpu() - before).total() / size.clients;
  crowd.idle(500ms);
  figures.resident = (server.resident_kib() - empty) / size.clients;

  const int events = std::max(10, deliveries / size.clients);
  crowd.broadcast(events / 5, size.bytes, 1);  // until what compiles as it goes has compiled
  figures.apart = deliver(server, crowd, size, events, 1);
  figures.together = deliver(server, crowd, size, events, several);
  return figures;
}

// A figure of both, pair by pair.
class Pairs {
 public:
  void add(double ours, double theirs) {
    ours_.push_back(ours);
    theirs_.push_back(theirs);
    ratios_.push_back(ours / theirs);
  }
  void add(double ours) { ours_.push_back(ours); }

  // The figures themselves; `limit`, where there is one, is for ours.
  void print(Report& report, const std::string& name, const std::string& unit,
             std::optional<double> limit = {}) const {
    limit ? report.at_most(name, median(ours_), unit, *limit)
          : report.add(name, median(ours_), unit);
    if (!theirs_.empty()) report.add(name + ", Node's", median(theirs_), unit);
  }
  void at_most(Report& report, const std::string& name, double limit) const {
    if (!ratios_.empty()) report.at_most(name + " / Node's", median(ratios_), "", limit);
  }
  void ratio(Report& report, const std::string& name) const {
    if (!ratios_.empty()) report.add(name + " / Node's", median(ratios_), "");
  }
  void at_least(Report& report, const std::string& name, double limit) const {
    if (!ratios_.empty()) report.at_least(name + " / Node's", median(ratios_), "", limit);
  }

 private:
  std::vector<double> ours_, theirs_, ratios_;
};

class Bench {
 public:
  explicit Bench(Asked asked) : asked_(std::move(asked)) {}

  int run() {
    if (asked_.wants("crowds"))
      for (const Size& size :
           {Size{1'000, 256}, Size{5'000, 256}, Size{10'000, 256}, Size{1'000, 4096}})
        crowd(size);
    if (asked_.wants("paused")) paused();
    if (asked_.wants("pings")) pings();
    if (asked_.wants("visitors"))
      for (const int bytes : {256, 4096}) visitors(bytes);
    if (asked_.wants("node")) node();
    report_.print(asked_.json);
    return 0;
  }

 private:
  static Command ours() { return {HOTCLOCK_SOCKETIO_SERVER, "--mode", "app", "--port", "0"}; }
  Command theirs() const { return peer_.command("socketio_server.mjs"); }

  // Ours and theirs in turn, as often as asked.
  template <class Measure, class Use>
  void in_turn(const Measure& measure, const Use& use) {
    for (int pair = 0; pair < asked_.pairs; ++pair) {
      const auto hotclock = measure(ours());
      use(hotclock, peer_.there() ? std::optional(measure(theirs())) : std::nullopt);
    }
  }
  static void add(Pairs& pairs, double ours, std::optional<double> theirs) {
    theirs ? pairs.add(ours, *theirs) : pairs.add(ours);
  }

  void crowd(const Size& size);
  template <class PairsOf>
  void deliveries(const std::string& name, const Size& size, bool loaded, const PairsOf& pairs);
  void paused();
  void pings();
  void visitors(int bytes);
  void node();

  const Asked asked_;
  const Peer peer_{"socket.io"};
  Report report_{fmt::format("Socket.IO server, a room of WebSocket clients: median of {} pairs",
                             asked_.pairs)};
};

void Bench::crowd(const Size& size) {
  std::vector<std::pair<Figures, std::optional<Figures>>> met;
  in_turn([&](const Command& command) { return meet(command, size, asked_.deliveries); },
          [&](const Figures& ours, const std::optional<Figures>& theirs) {
            met.emplace_back(ours, theirs);
          });
  const auto pairs = [&](const auto& figure) {
    Pairs both;
    for (const auto& [ours, theirs] : met)
      add(both, figure(ours), theirs ? std::optional(figure(*theirs)) : std::nullopt);
    return both;
  };
  const std::string name = size.name() + ": ";
  deliveries(size.name() + ", 1 at a time: ", size, false,
             [&](auto part) { return pairs([&](const Figures& f) { return f.apart.*part; }); });
  deliveries(size.name() + fmt::format(", {} under way: ", several), size, true,
             [&](auto part) { return pairs([&](const Figures& f) { return f.together.*part; }); });
  const Pairs connects = pairs([](const Figures& f) { return f.connects; });
  connects.print(report_, name + "connects", "a second");
  connects.at_least(report_, name + "connects", 4);
  pairs([](const Figures& f) {
    return f.connect_cpu;
  }).print(report_, name + "CPU per connect", "us");
  pairs([](const Figures& f) {
    return f.resident;
  }).print(report_, name + "resident per idle connection", "KiB", 8);
}

// `pairs` gives a part of Delivering of both; `loaded`: the server has always more to do.
template <class PairsOf>
void Bench::deliveries(const std::string& name, const Size& size, bool loaded,
                       const PairsOf& pairs) {
  const Pairs cpu = pairs(&Delivering::cpu), rate = pairs(&Delivering::rate);
  cpu.print(report_, name + "CPU per delivery", "us");
  cpu.at_most(report_, name + "CPU", size.bytes > 256 ? 0.45 : 0.48);
  pairs(&Delivering::user).at_most(report_, name + "user CPU", 0.12);
  rate.print(report_, name + "deliveries", "a second");
  loaded ? rate.at_least(report_, name + "deliveries", 2)
         : rate.ratio(report_, name + "deliveries");
}

// ---------------------------------------------------------------- one that does not read

constexpr double queue_limit_mib = 1;  // EngineOptions::most_queued_bytes

// How much larger a server becomes, in MiB, while 64 MiB are published to two of whom one reads.
double flood(const Command& command) {
  const ServerProcess server(command);
  Crowd crowd(server.port());
  crowd.connect(2);
  crowd.broadcast(64, 16'384, several);  // so that room for what is under way is there
  crowd.pause_one();
  const double before = server.resident_kib();
  double most = 0;
  for (int mib = 0; mib < 64; ++mib) {
    crowd.broadcast(64, 16'384, several);
    most = std::max(most, server.resident_kib() - before);
  }
  return most / 1024;
}

void Bench::paused() {
  Pairs growth;
  in_turn(flood, [&](double ours, std::optional<double> theirs) {
    add(growth, std::max(ours, 0.001), theirs);
  });
  growth.print(report_, "one reader of two paused, 64 MiB published: growth", "MiB",
               queue_limit_mib + 16);
}

// ---------------------------------------------------------------- pings while events go out

// By how much the latest ping was late, in milliseconds, while events went out as fast as they may.
double latest_ping(Command command) {
  command.insert(command.end(), {"--ping-interval", "1000"});
  const ServerProcess server(command);
  Crowd crowd(server.port());
  crowd.connect(1'000);
  const auto begun = std::chrono::steady_clock::now();
  while (since(begun) < 5) crowd.broadcast(50, 256, several);
  if (crowd.pings() < 3'000) fail(fmt::format("{} pings came, of some 4000", crowd.pings()));
  return static_cast<double>((crowd.longest_without_ping() - 1s).count());
}

void Bench::pings() {
  Pairs late;
  in_turn(latest_ping, [&](double ours, std::optional<double> theirs) { add(late, ours, theirs); });
  late.print(report_, "1000 clients, a ping a second: the latest was late by", "ms", 500);
}

// ---------------------------------------------------------------- others while a crowd is told

// Ten thousand have to be written to between a question and its answer at the worst, more than once
// for who connects or polls, and the generator that reads it all shares the two cores: a person
// does not yet wait at a quarter of a second. A ping may be later, for a client gives its server up
// after twenty seconds.
constexpr double soon_ms = 250, ping_soon_ms = 500;
constexpr int told = 10'000;
constexpr auto visiting = 12s;
constexpr auto ping_interval = 5s;

struct Met {
  double ping, round, connect;  // milliseconds
};

Met others_meet(Command command, int bytes) {
  command.insert(command.end(), {"--ping-interval", std::to_string(1000 * ping_interval.count())});
  const ServerProcess server(command);
  Crowd crowd(server.port());
  crowd.connect(told);
  crowd.broadcast(10, bytes, several);
  Visitor visitor(server.port());
  const auto begun = std::chrono::steady_clock::now();
  while (since(begun) < visiting.count()) crowd.broadcast(20, bytes, several);
  const auto without_ping = crowd.longest_without_ping();
  visitor.stop();
  return {static_cast<double>((without_ping - ping_interval) / 1ms),
          percentile(visitor.rounds(), 0.99), percentile(visitor.connects(), 0.99)};
}

void Bench::visitors(int bytes) {
  Pairs pings, rounds, connects;
  const auto measure = [&](Command command) {
    if (command != ours()) command.push_back("--polling");
    return others_meet(std::move(command), bytes);
  };
  in_turn(measure, [&](const Met& ours, const std::optional<Met>& theirs) {
    add(pings, ours.ping, theirs ? std::optional(theirs->ping) : std::nullopt);
    add(rounds, ours.round, theirs ? std::optional(theirs->round) : std::nullopt);
    add(connects, ours.connect, theirs ? std::optional(theirs->connect) : std::nullopt);
  });
  const std::string name =
      fmt::format("{} clients told of {} B, {} under way: ", told, bytes, several);
  pings.print(report_, name + "latest ping", "ms late", ping_soon_ms);
  rounds.print(report_, name + "p99 of a poll round", "ms", soon_ms);
  connects.print(report_, name + "p99 of a connect", "ms", soon_ms);
}

// ---------------------------------------------------------------- a node

constexpr std::string_view secret = "the secret of this benchmark, known to everybody";

// A free port; somebody else may take it before the node does, which then says so and ends.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    fail("no free port");
  close(probe);
  return ntohs(address.sin_port);
}

// `hotclock serve` on a database of its own, which says where it listens as the others do, though
// before it does.
Command node_command(const std::string& directory, int port) {
  return {"env",
          "HOTCLOCK_DATABASE__URL=sqlite:" + directory + "/node.db",
          fmt::format("HOTCLOCK_REALTIME__PORT={}", port),
          "HOTCLOCK_REALTIME__JWT_KEY=env:JWT_SECRET",
          fmt::format("JWT_SECRET={}", secret),
          "HOTCLOCK_REALTIME__CONNECTIONS_PER_ADDRESS=100000",
          "HOTCLOCK_REALTIME__CONNECTIONS_PER_ADDRESS_A_MINUTE=1000000",
          "HOTCLOCK_API__ENABLED=false",
          "sh",
          "-c",
          fmt::format(
              "{0} migrate >/dev/null && echo listening on {1} && exec {0} serve >/dev/null 2>&1",
              HOTCLOCK_PROGRAM, port)};
}

void wait_until_open(int port) {
  sockaddr_in to{.sin_family = AF_INET};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  for (const auto begun = std::chrono::steady_clock::now(); since(begun) < 30;) {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    const bool open = connect(probe, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    close(probe);
    if (open) return;
    std::this_thread::sleep_for(10ms);
  }
  fail("the node does not listen");
}

// Each client shows a token and so is in its user's room, joins a stream's, and has a session that
// it may come back to, written down in the database.
double resident_at_node() {
  const Scratch scratch;
  const int port = free_port();
  const ServerProcess node(node_command(scratch.path, port));
  wait_until_open(port);
  const auto expiry = std::chrono::floor<std::chrono::seconds>(SystemClock().now()) + 1h;
  Crowd crowd(port, {.auth =
                         [&](std::size_t client) {
                           const auto user = static_cast<std::int64_t>(client + 1);
                           return fmt::format(
                               R"({{"token":"{}"}})",
                               auth::sign_hs256(secret, {.user = user, .expires_at = expiry}));
                         },
                     .greeted = false,
                     .room = "stream:1"});
  const double empty = node.resident_kib();
  crowd.connect(told);
  crowd.idle(2s);  // until the last sessions are written down
  return (node.resident_kib() - empty) / told;
}

void Bench::node() {
  Pairs resident;
  for (int i = 0; i < asked_.pairs; ++i) resident.add(resident_at_node());
  resident.print(
      report_,
      fmt::format(
          "hotclock serve, {} clients with sessions and rooms: resident per idle connection", told),
      "KiB", 8);
}

int benchmark(int argc, char** argv) {
  Asked asked;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) asked.json = argv[i + 1];
    if (std::strcmp(argv[i], "--only") == 0) asked.only = argv[i + 1];
    if (std::strcmp(argv[i], "--pairs") == 0) asked.pairs = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--deliveries") == 0) asked.deliveries = std::atoi(argv[i + 1]);
  }
  return Bench(std::move(asked)).run();
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
