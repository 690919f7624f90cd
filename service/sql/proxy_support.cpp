#include "service/sql/proxy_support.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace hotclock::sql {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void hurry(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

Proxy::Proxy(int target_port) {
  const sockaddr_in target = loopback(target_port);
  begin(&target, sizeof target);
}

Proxy::Proxy(const std::string& socket_file) {
  sockaddr_un target{};
  target.sun_family = AF_UNIX;
  if (socket_file.size() >= sizeof target.sun_path) throw std::runtime_error(socket_file + " is too long a name");
  std::memcpy(target.sun_path, socket_file.c_str(), socket_file.size() + 1);
  begin(&target, sizeof target);
}

void Proxy::begin(const void* target, std::size_t size) {
  target_.assign(static_cast<const char*>(target), size);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(listener_, 64) != 0)
    throw std::runtime_error("the proxy cannot listen");
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
}

Proxy::~Proxy() {
  thread_.request_stop();
  thread_.join();
  for (const Pair& pair : pairs_) close(pair.client), close(pair.server);
  close(listener_);
}

void Proxy::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (cut_.exchange(false))
      for (Pair& pair : pairs_) pair.over = true;
    std::erase_if(pairs_, [](const Pair& pair) {
      if (pair.over) close(pair.client), close(pair.server);
      return pair.over;
    });
    std::vector<pollfd> watched{{listener_, POLLIN, 0}};
    std::vector<Pair*> whose;
    for (Pair& pair : pairs_) {
      watched.push_back({pair.client, POLLIN, 0});
      watched.push_back({pair.server, POLLIN, 0});
      whose.push_back(&pair);
    }
    if (silent_) watched.clear();
    poll(watched.data(), watched.size(), 2);
    for (std::size_t i = 0; i + 1 < watched.size(); ++i) {
      if (watched[i + 1].revents == 0) continue;
      Pair& pair = *whose[i / 2];
      if (!pair.over) carry(pair, i % 2 == 0);
    }
    if (!watched.empty() && watched[0].revents != 0) accept_one();
  }
}

void Proxy::accept_one() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const auto* target = reinterpret_cast<const sockaddr*>(target_.data());
  const int server = socket(target->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(server, target, static_cast<socklen_t>(target_.size())) != 0) {
    close(server), close(client);
    return;
  }
  hurry(client), hurry(server);
  pairs_.push_back({client, server});
}

void Proxy::carry(Pair& pair, bool from_client) {
  char bytes[16384];
  const auto got = recv(from_client ? pair.client : pair.server, bytes, sizeof bytes, 0);
  if (got <= 0) return void(pair.over = true);
  const std::string_view text(bytes, static_cast<std::size_t>(got));
  if (!from_client && pair.doomed) {
    ++lost_;
    pair.over = true;
    return;
  }
  const Loss loss = loss_;
  if (from_client && loss != Loss::none && text.find("COMMIT") != text.npos) {
    loss_ = Loss::none;
    if (loss == Loss::question) {
      ++lost_;
      pair.over = true;
      return;
    }
    pair.doomed = true;
  }
  if (!send_all(from_client ? pair.server : pair.client, text)) pair.over = true;
}

}  // namespace hotclock::sql
