// The Socket.IO server as a crowd of WebSocket clients meets it: what a delivery costs it, how fast
// it delivers and lets clients in, what an idle one and one that does not read cost it. Beside it,
// in turn, npm's socket.io, where bench/run has installed it. Every byte delivered is checked.
//   socketio [--json FILE] [--pairs N] [--deliveries N] [--only NAME] (crowds, paused, pings)
#include <cstring>
#include <optional>

#include "bench/crowd.h"
#include "bench/duel.h"
#include "bench/peer.h"
#include "bench/server_process.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;
using Command = std::vector<std::string>;

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

struct Figures {
  double connects = 0;     // a second
  double connect_cpu = 0;  // microseconds each
  double resident = 0;     // KiB per idle connection
  double deliveries = 0;   // a second
  double cpu = 0;          // microseconds per delivery
  double user = 0;         // of these
};

Figures meet(const Command& command, const Size& size, int deliveries) {
  const ServerProcess server(command);
  Crowd crowd(server.port());
  Figures figures;
  const double empty = server.resident_kib();
  CpuTime before = server.cpu();
  auto begun = std::chrono::steady_clock::now();
  crowd.connect(size.clients);
  figures.connects = size.clients / since(begun);
  figures.connect_cpu = 1e6 * (server.cpu() - before).total() / size.clients;
  crowd.idle(500ms);
  figures.resident = (server.resident_kib() - empty) / size.clients;

  const int events = std::max(10, deliveries / size.clients);
  crowd.broadcast(events / 5, size.bytes);  // until what compiles as it goes has compiled
  before = server.cpu();
  begun = std::chrono::steady_clock::now();
  crowd.broadcast(events, size.bytes);
  const double count = static_cast<double>(events) * size.clients;
  figures.deliveries = count / since(begun);
  const CpuTime used = server.cpu() - before;
  figures.cpu = 1e6 * used.total() / count;
  figures.user = 1e6 * used.user / count;
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
    if (!theirs_.empty()) report.add(name + ", socket.io", median(theirs_), unit);
  }
  void at_most(Report& report, const std::string& name, double limit) const {
    if (!ratios_.empty())
      report.at_most(name + ": hotclock / socket.io", median(ratios_), "", limit);
  }
  void at_least(Report& report, const std::string& name, double limit) const {
    if (!ratios_.empty())
      report.at_least(name + ": hotclock / socket.io", median(ratios_), "", limit);
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
  void paused();
  void pings();

  const Asked asked_;
  const Peer peer_{"socket.io"};
  Report report_{fmt::format("Socket.IO server, a room of WebSocket clients: median of {} pairs",
                             asked_.pairs)};
};

void Bench::crowd(const Size& size) {
  Pairs cpu, user, deliveries, connects, connect_cpu, resident;
  in_turn([&](const Command& command) { return meet(command, size, asked_.deliveries); },
          [&](const Figures& ours, const std::optional<Figures>& theirs) {
            const auto each = [&](Pairs& pairs, double Figures::*figure) {
              add(pairs, ours.*figure, theirs ? std::optional((*theirs).*figure) : std::nullopt);
            };
            each(cpu, &Figures::cpu), each(user, &Figures::user),
                each(deliveries, &Figures::deliveries);
            each(connects, &Figures::connects), each(connect_cpu, &Figures::connect_cpu);
            each(resident, &Figures::resident);
          });
  const std::string name = size.name() + ": ";
  cpu.print(report_, name + "CPU per delivery", "us");
  cpu.at_most(report_, name + "CPU", size.bytes > 256 ? 0.45 : 0.48);
  user.at_most(report_, name + "user CPU", 0.12);
  deliveries.print(report_, name + "deliveries", "a second");
  deliveries.at_least(report_, name + "deliveries", 2);
  connects.print(report_, name + "connects", "a second");
  connects.at_least(report_, name + "connects", 4);
  connect_cpu.print(report_, name + "CPU per connect", "us");
  resident.print(report_, name + "resident per idle connection", "KiB", 8);
}

// ---------------------------------------------------------------- one that does not read

constexpr double queue_limit_mib = 1;  // EngineOptions::most_queued_bytes

// How much larger a server becomes, in MiB, while 64 MiB are published to two of whom one reads.
double flood(const Command& command) {
  const ServerProcess server(command);
  Crowd crowd(server.port());
  crowd.connect(2);
  crowd.broadcast(64, 16'384);  // so that room for what is under way is there
  crowd.pause_one();
  const double before = server.resident_kib();
  double most = 0;
  for (int mib = 0; mib < 64; ++mib) {
    crowd.broadcast(64, 16'384);
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
  while (since(begun) < 5) crowd.broadcast(50, 256);
  if (crowd.pings() < 3'000) fail(fmt::format("{} pings came, of some 4000", crowd.pings()));
  return static_cast<double>((crowd.longest_without_ping() - 1s).count());
}

void Bench::pings() {
  Pairs late;
  in_turn(latest_ping, [&](double ours, std::optional<double> theirs) { add(late, ours, theirs); });
  late.print(report_, "1000 clients, a ping a second: the latest was late by", "ms", 500);
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
