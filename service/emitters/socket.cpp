#include "service/emitters/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

namespace hotclock::emitters {
namespace {

Error failed(int number) { return Error(Errc::unavailable, std::strerror(number)); }

int make_socket(int family) {
  return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

// Small commands go at once, and a peer that vanished is noticed while nothing is said, too.
void tune(int descriptor) {
  const int on = 1, idle = 4, between = 2, count = 3;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &between, sizeof between);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

Result<Addresses> look_up(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int fault = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (fault != 0) return Error(Errc::unavailable, gai_strerror(fault));
  return Addresses(found, freeaddrinfo);
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Socket::~Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<Socket> Socket::to_host(const std::string& host, int port, Steady until) {
  auto addresses = look_up(host, port);
  if (!addresses) return std::move(addresses).error();
  Error last(Errc::unavailable, "the host has no address");
  for (const addrinfo* one = addresses->get(); one; one = one->ai_next) {
    Socket made(make_socket(one->ai_family));
    if (made.descriptor_ < 0) continue;
    tune(made.descriptor_);
    auto connected = made.connect(one->ai_addr, one->ai_addrlen, until);
    if (connected) return made;
    last = std::move(connected).error();
  }
  return last;
}

Result<Socket> Socket::to_file(const std::string& path, Steady until) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error(Errc::invalid, "the path of the socket is too long");
  path.copy(address.sun_path, path.size());
  Socket made(make_socket(AF_UNIX));
  if (made.descriptor_ < 0) return failed(errno);
  auto connected = made.connect(reinterpret_cast<const sockaddr*>(&address), sizeof address, until);
  if (!connected) return std::move(connected).error();
  return made;
}

Result<> Socket::connect(const sockaddr* address, socklen_t size, Steady until) {
  if (::connect(descriptor_, address, size) == 0) return {};
  if (errno != EINPROGRESS) return failed(errno);
  if (auto ready = wait(POLLOUT, until); !ready) return ready;
  int fault = 0;
  socklen_t length = sizeof fault;
  getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &fault, &length);
  return fault == 0 ? Result<>() : failed(fault);
}

Result<> Socket::wait(short events, Steady until) {
  pollfd watched{descriptor_, events, 0};
  for (;;) {
    const auto left = std::max(std::chrono::nanoseconds(until - std::chrono::steady_clock::now()),
                               std::chrono::nanoseconds(0));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec limit{static_cast<time_t>(seconds.count()),
                         static_cast<long>((left - seconds).count())};
    const int ready = ppoll(&watched, 1, &limit, nullptr);
    if (ready > 0) return {};
    if (ready == 0) return Error(Errc::timeout, "no answer in time");
    if (errno != EINTR) return failed(errno);
  }
}

Result<> Socket::write(std::string_view bytes, Steady until) {
  while (!bytes.empty()) {
    const ssize_t wrote = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (errno == EAGAIN) {
      if (auto ready = wait(POLLOUT, until); !ready) return ready;
    } else if (errno != EINTR) {
      return failed(errno);
    }
  }
  return {};
}

Result<std::size_t> Socket::read(std::span<char> room, Steady until) {
  for (;;) {
    const ssize_t came = recv(descriptor_, room.data(), room.size(), 0);
    if (came >= 0) return static_cast<std::size_t>(came);
    if (errno == EAGAIN) {
      if (auto ready = wait(POLLIN, until); !ready) return std::move(ready).error();
    } else if (errno != EINTR) {
      return failed(errno);
    }
  }
}

}  // namespace hotclock::emitters
