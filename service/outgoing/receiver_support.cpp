#include "service/outgoing/receiver_support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace hotclock::outgoing {
namespace {

// False once nothing more comes.
bool read_more(int from, std::string& text, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd watched{from, POLLIN, 0};
    if (poll(&watched, 1, 20) <= 0) continue;
    char bytes[4096];
    const ssize_t size = recv(from, bytes, sizeof bytes, 0);
    if (size > 0) text.append(bytes, static_cast<std::size_t>(size));
    return size > 0;
  }
  return false;
}

void take_header(Received& received, std::string line) {
  const auto colon = line.find(": ");
  if (colon == line.npos) return;
  std::transform(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), line.begin(),
                 [](char c) { return static_cast<char>(std::tolower(c)); });
  received.headers[line.substr(0, colon)] = line.substr(colon + 2);
}

Received read_request(int from, const std::stop_token& stop) {
  std::string text;
  while (text.find("\r\n\r\n") == text.npos && read_more(from, text, stop)) {
  }
  Received received;
  const auto end = std::min(text.find("\r\n\r\n"), text.size());
  received.body = text.substr(std::min(end + 4, text.size()));
  std::string head = text.substr(0, end) + "\r\n";
  for (std::size_t at = 0, next; (next = head.find("\r\n", at)) != head.npos; at = next + 2) {
    if (at == 0)
      received.line = head.substr(0, next);
    else
      take_header(received, head.substr(at, next - at));
  }
  const auto length = received.headers.find("content-length");
  const std::size_t size = length == received.headers.end() ? 0 : std::stoul(length->second);
  while (received.body.size() < size && read_more(from, received.body, stop)) {
  }
  return received;
}

}  // namespace

Receiver::Receiver(std::vector<std::string> answers) : answers_(std::move(answers)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  auto* address = reinterpret_cast<sockaddr*>(&place);
  if (bind(listener_, address, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, address, &size) != 0)
    throw std::runtime_error("no loopback port to listen at");
  port_ = ntohs(place.sin_port);
  thread_ = std::jthread([this](std::stop_token stop) { serve(stop); });
}

Receiver::~Receiver() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

std::string Receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<Received> Receiver::received() const {
  Lock lock(m_);
  return received_;
}

void Receiver::serve(std::stop_token stop) {
  while (!stop.stop_requested()) {
    pollfd watched{listener_, POLLIN, 0};
    if (poll(&watched, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    std::string with;
    {
      Lock lock(m_);
      with = answers_.front();
      if (answers_.size() > 1) answers_.erase(answers_.begin());
    }
    answer(client, with, stop);
    close(client);
  }
}

void Receiver::answer(int client, const std::string& with, const std::stop_token& stop) {
  Received request = read_request(client, stop);
  {
    Lock lock(m_);
    received_.push_back(std::move(request));
  }
  std::string rest;
  if (with == "hang") {
    while (read_more(client, rest, stop)) {
    }
    return;
  }
  for (std::size_t sent = 0; sent < with.size();) {
    const ssize_t size = send(client, with.data() + sent, with.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return;
    sent += static_cast<std::size_t>(size);
  }
}

std::string http_answer(const std::string& status, const std::string& headers,
                        const std::string& body) {
  return "HTTP/1.1 " + status + "\r\ncontent-length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

}  // namespace hotclock::outgoing
