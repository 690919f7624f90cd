#include "bench/visitor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string_view>

#include "bench/child.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view path = "/socket.io/?EIO=4&transport=";
constexpr auto between_visits = 5ms;
constexpr timeval patience{60, 0};
// It is none of those addresses that the crowd comes from.
constexpr std::uint32_t its_address = INADDR_LOOPBACK + 64;

// A connection that waits for what it is to read.
class Wire {
 public:
  explicit Wire(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int yes = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const linger at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    sockaddr_in from{.sin_family = AF_INET}, to{.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(its_address);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    if (bind(socket_, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0 ||
        connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      fail("a visitor cannot connect");
  }
  ~Wire() { close(socket_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void send(std::string_view bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != std::ssize(bytes))
      fail("a visitor cannot send");
  }
  std::string take(std::size_t size) {
    while (read_.size() < size) more();
    std::string out = read_.substr(0, size);
    read_.erase(0, size);
    return out;
  }
  std::string take_to(std::string_view mark) {
    std::size_t at = 0;
    while ((at = read_.find(mark)) == std::string::npos) more();
    return take(at + mark.size());
  }

 private:
  void more() {
    std::array<char, 16384> buffer;
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) fail("a visitor got no answer in a minute");
    read_.append(buffer.data(), static_cast<std::size_t>(got));
  }

  int socket_;
  std::string read_;
};

// The body of the answer to a request, which must be 200.
std::string ask(Wire& wire, const std::string& target, std::string_view body = {}) {
  wire.send(fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n{}",
                        body.empty() ? "GET" : "POST", target, body.size(), body));
  std::string head = wire.take_to("\r\n\r\n");
  for (char& c : head) c = static_cast<char>(std::tolower(c));
  constexpr std::string_view length = "content-length: ";
  const auto at = head.find(length);
  if (!head.starts_with("http/1.1 200") || at == std::string::npos)
    fail("a visitor was answered: " + head);
  return wire.take(std::stoul(head.substr(at + length.size())));
}

// A client that polls.
class Poller {
 public:
  explicit Poller(int port) : wire_(port), target_(std::string(path) + "polling") {
    constexpr std::string_view begin = R"(0{"sid":")";
    const std::string open = ask(wire_, target_);
    if (!open.starts_with(begin)) fail("a visitor was greeted: " + open);
    target_ += "&sid=" + open.substr(begin.size(), open.find('"', begin.size()) - begin.size());
    say(R"(40{"token":"good"})");
    hear("hello");
  }

  void round() {
    say(R"(427["subscribe","aside"])");
    hear("437[");
  }

 private:
  void say(std::string_view packet) { ask(wire_, target_, packet); }
  // Answers pings meanwhile.
  void hear(std::string_view what) {
    for (bool heard = false; !heard;) {
      const std::string body = ask(wire_, target_);
      heard = body.find(what) != std::string::npos;
      if (body == "2" || body.starts_with("2\x1e") ||
          body.ends_with("\x1e"
                         "2"))
        say("3");
    }
  }

  Wire wire_;
  std::string target_;
};

// A frame of the server's.
std::string next_packet(Wire& wire) {
  const std::string head = wire.take(2);
  auto size = static_cast<std::size_t>(static_cast<unsigned char>(head[1]));
  if (size == 126) {
    const std::string more = wire.take(2);
    size = static_cast<std::size_t>(static_cast<unsigned char>(more[0])) << 8 |
           static_cast<unsigned char>(more[1]);
  }
  return wire.take(size);
}

void connect_and_leave(int port) {
  Wire wire(port);
  wire.send(
      fmt::format("GET {}websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  "Sec-WebSocket-Version: 13\r\n\r\n",
                  path));
  if (!wire.take_to("\r\n\r\n").starts_with("HTTP/1.1 101")) fail("a visitor got no WebSocket");
  const auto expect = [&](std::string_view beginning) {
    if (const auto packet = next_packet(wire); !packet.starts_with(beginning))
      fail("a visitor heard: " + packet);
  };
  expect("0{");
  constexpr std::string_view packet = R"(40{"token":"good"})";
  std::string frame = "\x81";
  frame += static_cast<char>(0x80 | packet.size());
  wire.send(frame.append(4, '\0').append(packet));
  expect("40{");
  expect(R"(42["hello")");
}

template <class Work>
double millis(const Work& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
      .count();
}

}  // namespace

Visitor::Visitor(int port)
    : port_(port), polling_([this] { poll(); }), coming_([this] { come_and_go(); }) {}

void Visitor::stop() {
  stopping_ = true;
  for (std::thread* thread : {&polling_, &coming_})
    if (thread->joinable()) thread->join();
}

void Visitor::poll() {
  Poller poller(port_);
  do {
    rounds_.push_back(millis([&] { poller.round(); }));
    std::this_thread::sleep_for(between_visits);
  } while (!stopping_);
}

void Visitor::come_and_go() {
  do {
    connects_.push_back(millis([&] { connect_and_leave(port_); }));
    std::this_thread::sleep_for(between_visits);
  } while (!stopping_);
}

}  // namespace hotclock::bench
