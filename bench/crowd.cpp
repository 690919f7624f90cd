#include "bench/crowd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "bench/child.h"

namespace hotclock::bench {
namespace {

using namespace std::chrono_literals;

constexpr int at_a_time = 256;            // connections that are being made
constexpr int first_number = 10'000'000;  // so that all have eight digits
constexpr auto patience = 5min;

constexpr std::string_view before_data = R"(42["news",)";

void must_be(bool well, const std::string& what) {
  if (!well) fail(fmt::format("{}: {}", what, std::strerror(errno)));
}

void raise_file_limit() {
  rlimit limit{65536, 65536};
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Ports of one address would run out: the connections come from several.
int connection(int port, std::size_t number) {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  must_be(made >= 0, "no socket");
  const int yes = 1;
  setsockopt(made, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const linger at_once{1, 0};  // no TIME_WAIT
  setsockopt(made, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  sockaddr_in from{.sin_family = AF_INET}, to{.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + static_cast<std::uint32_t>(number % 8));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  must_be(bind(made, reinterpret_cast<sockaddr*>(&from), sizeof from) == 0, "bind");
  must_be(::connect(made, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0, "connect");
  return made;
}

// A text frame as a client sends it; its mask is all zeros, which is a mask.
std::string frame(std::string_view text) {
  std::string bytes = "\x81";
  if (text.size() < 126) {
    bytes += static_cast<char>(0x80 | text.size());
  } else {
    if (text.size() > 0xffff) fail("too long for the benchmark");
    bytes += static_cast<char>(0x80 | 126);
    bytes += static_cast<char>(text.size() >> 8);
    bytes += static_cast<char>(text.size());
  }
  return bytes.append(4, '\0').append(text);
}

}  // namespace

Crowd::Crowd(int port, Manners manners)
    : port_(port), manners_(std::move(manners)), received_(256 * 1024, '\0') {
  raise_file_limit();
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  clients_.reserve(20'000);
  start();
  while (clients_[0].awaits != Awaits::events) turn(1000);
}

Crowd::~Crowd() {
  for (const Client& client : clients_) close(client.socket);
  close(epoll_);
}

// ---- connecting

void Crowd::start() {
  const std::size_t at = clients_.size();
  Client& client = clients_.emplace_back();
  client.socket = connection(port_, at);
  listen_to(at);
  constexpr std::string_view request =
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: "
      "websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Key: "
      "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  must_be(send(client.socket, request.data(), request.size(), MSG_NOSIGNAL) == std::ssize(request),
          "send");
}

void Crowd::listen_to(std::size_t at) {
  epoll_event interest{.events = EPOLLIN, .data = {.u64 = at}};
  must_be(epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[at].socket, &interest) == 0, "epoll");
}

void Crowd::connect(int count) {
  const int goal = ready_ + count;
  int started = ready_;
  while (ready_ < goal) {
    while (started < goal && started - ready_ < at_a_time) start(), ++started;
    turn(1000);
  }
  listening_ = ready_;
}

// ---- what comes

void Crowd::turn(int wait_ms) {
  std::array<epoll_event, 1024> events;
  const int count = epoll_wait(epoll_, events.data(), events.size(), wait_ms);
  now_ = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) read(events[static_cast<std::size_t>(i)].data.u64);
}

void Crowd::read(std::size_t at) {
  Client& client = clients_[at];
  const ssize_t got = recv(client.socket, received_.data(), received_.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) fail(fmt::format("the server ended client {}", at));
  std::string_view bytes(received_.data(), static_cast<std::size_t>(got));
  if (!client.partial.empty()) bytes = client.partial.append(bytes);
  const std::size_t taken = take_all(client, bytes);
  if (client.partial.empty())
    client.partial.assign(bytes.substr(taken));
  else
    client.partial.erase(0, taken);
}

std::size_t Crowd::take_all(Client& client, std::string_view bytes) {
  std::size_t taken = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(taken);
    const std::size_t more =
        client.awaits == Awaits::upgrade ? take_handshake(client, rest) : take_frame(client, rest);
    if (more == 0) return taken;
    taken += more;
  }
}

std::size_t Crowd::take_handshake(Client& client, std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  if (!bytes.starts_with("HTTP/1.1 101"))
    fail(fmt::format("no WebSocket: {}", bytes.substr(0, end)));
  client.awaits = Awaits::open;
  client.quiet_since = now_;
  return end + 4;
}

// How many bytes it was; 0 where it is not all there.
std::size_t Crowd::take_frame(Client& client, std::string_view bytes) {
  if (bytes.size() < 2) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  std::size_t head = 2, size = byte(1);
  if (size == 126) {
    if (bytes.size() < 4) return 0;
    head = 4;
    size = static_cast<std::size_t>(byte(2)) << 8 | byte(3);
  } else if (size > 126) {
    fail("a frame longer than any that was asked for");
  }
  if (bytes.size() < head + size) return 0;
  if (byte(0) != 0x81) fail(fmt::format("an unexpected frame of kind {:#x}", byte(0)));
  take(client, bytes.substr(head, size));
  return head + size;
}

void Crowd::take(Client& client, std::string_view packet) {
  if (packet == "2") return pinged(client);
  if (client.awaits != Awaits::events) return take_greeting(client, packet);
  if (&client != &clients_[0]) return take_event(client, packet);
  if (packet != R"(431[{"ok":true}])") fail(fmt::format("acknowledged by {}", packet));
  ++acknowledged_;
}

void Crowd::take_event(Client& client, std::string_view packet) {
  write_number(client.next++);
  if (packet != event_)
    fail(fmt::format("instead of event {} came: {}", client.next - 1, packet.substr(0, 200)));
  ++delivered_;
}

void Crowd::take_greeting(Client& client, std::string_view packet) {
  const auto expect = [&](std::string_view beginning, Awaits next) {
    if (!packet.starts_with(beginning))
      fail(fmt::format("instead of {} came: {}", beginning, packet));
    client.awaits = next;
  };
  switch (client.awaits) {
    case Awaits::open:
      expect("0{", Awaits::connect);
      return write(client,
                   "40" + manners_.auth(static_cast<std::size_t>(&client - clients_.data())));
    case Awaits::connect:
      expect("40{", Awaits::hello);
      return manners_.greeted ? void() : enter(client);
    case Awaits::hello:
      expect(R"(42["hello",)", Awaits::hello);
      return enter(client);
    default:
      expect("430[", Awaits::events);
      ++ready_;
  }
}

void Crowd::enter(Client& client) {
  const bool publishes = &client == &clients_[0];
  client.awaits = publishes ? Awaits::events : Awaits::subscribed;
  if (!publishes) write(client, fmt::format(R"(420["subscribe","{}"])", manners_.room));
}

void Crowd::pinged(Client& client) {
  longest_without_ping_ = std::max(longest_without_ping_, quiet(client));
  client.quiet_since = now_;
  ++pings_;
  write(client, "3");
}

std::chrono::milliseconds Crowd::quiet(const Client& client) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now_ - client.quiet_since);
}

std::chrono::milliseconds Crowd::longest_without_ping() const {
  auto longest = longest_without_ping_;
  for (const Client& client : clients_) longest = std::max(longest, quiet(client));
  return longest;
}

void Crowd::write(const Client& client, std::string_view text) {
  const std::string bytes = frame(text);
  must_be(send(client.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes),
          "send");
}

// ---- events

std::string Crowd::data(int bytes) const {
  constexpr std::string_view begin = R"({"number":)", middle = R"(,"text":")", end = R"("})";
  const auto rest = static_cast<std::size_t>(bytes) - begin.size() - 8 - middle.size() - end.size();
  std::string text;
  while (text.size() < rest) text += "the rank of a stream and who sits on its throne; ";
  text.resize(rest);
  return fmt::format("{}{}{}{}{}", begin, first_number, middle, text, end);
}

void Crowd::write_number(int event) {
  std::to_chars(event_.data() + number_at_, event_.data() + number_at_ + 8, first_number + event);
}

void Crowd::publish(int event) {
  write_number(event);
  const std::string_view whole = event_;
  const std::string_view data =
      whole.substr(before_data.size(), whole.size() - before_data.size() - 1);
  write(clients_[0], fmt::format(R"(421["publish","{}","news",{}])", manners_.room, data));
}

void Crowd::broadcast(int events, int bytes, int under_way) {
  event_ = fmt::format("{}{}]", before_data, data(bytes));
  number_at_ = event_.find(std::to_string(first_number));
  for (Client& client : clients_) client.next = 0;
  delivered_ = acknowledged_ = 0;
  const Time deadline = std::chrono::steady_clock::now() + patience;
  int published = 0;
  while (acknowledged_ < events || delivered_ < std::int64_t{events} * listening_) {
    const std::int64_t complete = std::min<std::int64_t>(delivered_ / listening_, acknowledged_);
    while (published < events && published - complete < under_way) publish(published++);
    turn(1000);
    if (now_ > deadline)
      fail(fmt::format("{} of {} delivered in five minutes", delivered_,
                       std::int64_t{events} * listening_));
  }
}

void Crowd::pause_one() {
  const Client& client = clients_.back();
  must_be(epoll_ctl(epoll_, EPOLL_CTL_DEL, client.socket, nullptr) == 0, "epoll");
  --listening_;
}

void Crowd::idle(std::chrono::milliseconds duration) {
  const Time end = std::chrono::steady_clock::now() + duration;
  do turn(10);
  while (now_ < end);
}

}  // namespace hotclock::bench
