// What clients of Engine.IO cost: opening WebSocket sessions, keeping them, and one event of 256
// bytes to all of them. The clients are a process of their own on the same machine.
//   realtime [--json FILE] [--clients N] [--events N]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <thread>

#include "bench/report.h"
#include "service/http/server.h"
#include "service/socketio/engine_server.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;
using socketio::Session;

constexpr std::size_t event_bytes = 256;

// ---- the clients' process

constexpr std::string_view handshake =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\nAccept-Language: en-GB\r\n"
    "Cache-Control: no-cache\r\nPragma: no-cache\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// A session whose answer and open packet have been read.
int connected(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  if (write(descriptor, handshake.data(), handshake.size()) < 0) return -1;
  std::array<char, 4096> answer;
  return read(descriptor, answer.data(), answer.size()) > 0 ? descriptor : -1;
}

// Reads whatever comes until `end` is closed.
void drain(int epoll, int end) {
  std::array<epoll_event, 512> ready;
  std::array<char, 65536> bytes;
  while (true) {
    const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = ready[static_cast<std::size_t>(i)].data.fd;
      if (read(descriptor, bytes.data(), bytes.size()) > 0) continue;
      if (descriptor == end) return;
      epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    }
  }
}

[[noreturn]] void be_clients(int clients, int from_server, int to_server) {
  std::uint16_t port = 0;
  if (read(from_server, &port, sizeof port) != sizeof port) _exit(1);
  const int epoll = epoll_create1(0);
  const auto add = [epoll](int descriptor) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
  };
  for (int i = 0; i < clients; ++i) add(connected(port));
  if (write(to_server, "r", 1) != 1) _exit(1);
  add(from_server);
  drain(epoll, from_server);
  _exit(0);
}

// ---- the server's process

class Audience final : public socketio::EngineListener {
 public:
  std::unique_ptr<socketio::SessionListener> opened(Session& session) override {
    sessions.push_back(&session);
    return std::make_unique<Deaf>();
  }
  std::vector<Session*> sessions;

 private:
  class Deaf final : public socketio::SessionListener {
    void text(std::string_view) override {}
    void binary(std::string_view) override {}
    void closed(socketio::Closing) override {}
  };
};

struct Cpu {
  double user_us = 0;
  double system_us = 0;
  double all() const { return user_us + system_us; }
};

double micros(const timeval& t) {
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
}

Cpu cpu_of(http::Loop& loop) {
  rusage usage{};
  loop.call([&] { getrusage(RUSAGE_THREAD, &usage); });
  return {micros(usage.ru_utime), micros(usage.ru_stime)};
}

Cpu operator-(const Cpu& a, const Cpu& b) {
  return {a.user_us - b.user_us, a.system_us - b.system_us};
}

double resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
  return 0;
}

// Sessions are written to in their order. Looking at all of them would cost more than writing does.
bool last_waits(http::Loop& loop, const Audience& audience) {
  bool waits = false;
  loop.call([&] { waits = audience.sessions.back()->queued() > 0; });
  return waits;
}

// One event at a time to everybody; the cost of a delivery.
Cpu deliver(http::Loop& loop, Audience& audience, int events) {
  Cpu spent;
  for (int i = 0; i < events; ++i) {
    const Cpu before = cpu_of(loop);
    loop.call([&] {
      const auto message = socketio::Message::text(std::string(event_bytes - 1, 'x'));
      for (Session* const each : audience.sessions) each->send(message);
    });
    std::this_thread::sleep_for(20ms);
    while (last_waits(loop, audience)) std::this_thread::sleep_for(5ms);
    const Cpu one = cpu_of(loop) - before;
    spent = {spent.user_us + one.user_us, spent.system_us + one.system_us};
  }
  const double deliveries = static_cast<double>(audience.sessions.size()) * events;
  return {spent.user_us / deliveries, spent.system_us / deliveries};
}

int run(int clients, int events, const std::string& json) {
  std::array<int, 2> to_clients{};
  std::array<int, 2> from_clients{};
  if (pipe(to_clients.data()) != 0 || pipe(from_clients.data()) != 0) return 1;
  const pid_t child = fork();
  if (child == 0) {
    close(to_clients[1]);
    be_clients(clients, to_clients[0], from_clients[1]);
  }
  const SystemClock clock{};
  http::Loop loop(clock);
  Audience audience;
  socketio::Engine engine(loop, {}, audience);
  http::Server server(loop, {});
  engine.serve(server);
  if (!server.start() || !loop.start()) return 1;
  const double kib_before = resident_kib();
  const Cpu before = cpu_of(loop);
  const Steady began = clock.steady();
  const std::uint16_t port = server.port();
  char done = 0;
  if (write(to_clients[1], &port, sizeof port) < 0 || read(from_clients[0], &done, 1) != 1)
    return 1;
  const double seconds = std::chrono::duration<double>(clock.steady() - began).count();
  const double opened = static_cast<double>(engine.sessions());
  const Cpu handshakes = cpu_of(loop) - before;
  const double kib = (resident_kib() - kib_before) / opened;
  const Cpu delivery = deliver(loop, audience, events);
  const double kib_after = (resident_kib() - kib_before) / opened;

  Report report(fmt::format("{:.0f} WebSocket sessions of Engine.IO", opened));
  report.at_most("opening a session, processor time", handshakes.all() / opened, "us", 40);
  report.add("opening a session, of it in our own code", handshakes.user_us / opened, "us");
  report.add("sessions opened one after the other", opened / seconds, "per s");
  report.at_most("an idle session, resident", kib, "KiB", 8);
  report.add("the same after the events", kib_after, "KiB");
  report.at_most("delivering 256 bytes, in our own code", delivery.user_us, "us", 0.8);
  report.add("delivering 256 bytes, in the kernel", delivery.system_us, "us");
  report.print(json);
  close(to_clients[1]);
  waitpid(child, nullptr, 0);
  server.stop();
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) {
  std::string json;
  int clients = 10'000;
  int events = 50;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--clients") == 0) clients = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--events") == 0) events = std::atoi(argv[i + 1]);
  }
  return hotclock::bench::run(clients, events, json);
}
