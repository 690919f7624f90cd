#include "service/http/client_support.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "scheduler/base/clock.h"

namespace hotclock::http {
namespace {

constexpr int patience_millis = static_cast<int>(patience.count());

int connected(std::uint16_t port) {
  signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without asking
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{.tv_sec = patience_millis / 1000, .tv_usec = 0};
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  EXPECT_EQ(connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return descriptor;
}

ssl_st* secured(int descriptor) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  SSL* const ssl = SSL_new(context);
  SSL_CTX_free(context);
  SSL_set_fd(ssl, descriptor);
  EXPECT_EQ(SSL_connect(ssl), 1);
  return ssl;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// "HTTP/1.1 200 OK\r\nname: value\r\n...\r\n\r\n"
Answer head_of(std::string_view text) {
  Answer out;
  if (text.size() < 12) return out;
  out.status = std::stoi(std::string(text.substr(9, 3)));
  text.remove_prefix(text.find("\r\n") + 2);
  for (auto end = text.find("\r\n"); end > 0 && end != text.npos; end = text.find("\r\n")) {
    const auto line = text.substr(0, end);
    const auto colon = line.find(": ");
    out.headers.emplace_back(lower_case(std::string(line.substr(0, colon))),
                             line.substr(colon + 2));
    text.remove_prefix(end + 2);
  }
  return out;
}

}  // namespace

Client::Client(std::uint16_t port, Tls tls) : descriptor_(connected(port)) {
  if (tls == Tls::yes) ssl_ = secured(descriptor_);
}

Client::~Client() {
  SSL_free(ssl_);
  if (descriptor_ >= 0) close(descriptor_);
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      ssl_(std::exchange(other.ssl_, nullptr)),
      read_(std::move(other.read_)) {}

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ssl_ ? SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()))
                        : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the server has hung up: the test will see what it says
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

// False at the end, or when patience is over.
bool Client::more() {
  pollfd ready{descriptor_, POLLIN, 0};
  if ((!ssl_ || SSL_pending(ssl_) == 0) && poll(&ready, 1, patience_millis) != 1) return false;
  std::array<char, 65536> buffer;
  const auto n = ssl_ ? SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))
                      : recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (n > 0) read_.append(buffer.data(), static_cast<std::size_t>(n));
  over_ = n <= 0;
  return n > 0;
}

std::string Client::read_to(std::string_view mark) {
  while (read_.find(mark) == std::string::npos)
    if (!more()) return {};
  return read_bytes(read_.find(mark) + mark.size());
}

std::string Client::read_bytes(std::size_t size) {
  while (read_.size() < size)
    if (!more()) return {};
  std::string out = read_.substr(0, size);
  read_.erase(0, size);
  return out;
}

Answer Client::answer(bool without_body) {
  Answer out = head_of(read_to("\r\n\r\n"));
  const auto length = out.header("content-length");
  if (!without_body && !length.empty()) out.body = read_bytes(std::stoul(std::string(length)));
  return out;
}

bool Client::ended() {
  while (more()) {
  }
  return over_;
}

bool Client::quiet() const {
  pollfd ready{descriptor_, POLLIN, 0};
  return read_.empty() && poll(&ready, 1, 0) == 0;
}

std::uint16_t Client::own_port() const {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  getsockname(descriptor_, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.sin_port);
}

std::size_t Client::waiting() const {
  int bytes = 0;
  ioctl(descriptor_, FIONREAD, &bytes);
  return read_.size() + static_cast<std::size_t>(bytes);
}

void Client::half_close() { shutdown(descriptor_, SHUT_WR); }

void Client::vanish() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(std::exchange(descriptor_, -1));
}

void Client::shrink_receive_buffer() {
  const int size = 32 * 1024;
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

std::string request_text(std::string_view method, std::string_view target, std::string_view body,
                         const Fields& headers) {
  std::string out = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  if (find(headers, "Host").empty()) out += "Host: localhost\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST")
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return out + "\r\n" + std::string(body);
}

Answer ask(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view body, const Fields& headers) {
  Client client(port);
  client.send(request_text(method, target, body, headers));
  return client.answer(method == "HEAD");
}

std::uint16_t Frame::close_code() const {
  if (content.size() < 2) return 1005;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(content[0]) << 8 |
                                    static_cast<unsigned char>(content[1]));
}

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view target, const Fields& headers,
                                 Client::Tls tls)
    : client_(port, tls) {
  Fields all{{"Connection", "keep-alive, Upgrade"},
             {"Upgrade", "websocket"},
             {"Sec-WebSocket-Version", "13"},
             {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  all.insert(all.end(), headers.begin(), headers.end());
  client_.send(request_text("GET", target, {}, all));
  handshake_ = client_.answer();
}

std::string masked_frame(Opcode opcode, std::string_view content, bool final) {
  std::string out = frame_header(opcode, content.size());
  if (!final) out[0] = static_cast<char>(out[0] & 0x7f);
  out[1] = static_cast<char>(out[1] | static_cast<char>(0x80));
  constexpr std::string_view mask = "\x37\xfa\x21\x3d";
  out += mask;
  for (std::size_t i = 0; i < content.size(); ++i)
    out += static_cast<char>(content[i] ^ mask[i % mask.size()]);
  return out;
}

void WebSocketClient::frame(Opcode opcode, std::string_view content, bool final) {
  client_.send(masked_frame(opcode, content, final));
}

Frame WebSocketClient::next() {
  const std::string start = client_.read_bytes(2);
  if (start.empty()) return {};
  Frame out{.opcode = static_cast<Opcode>(start[0] & 15), .content = {}};
  std::uint64_t size = static_cast<unsigned char>(start[1]);
  const std::size_t extended = size == 127 ? 8 : size == 126 ? 2 : 0;
  if (extended > 0) size = 0;
  for (const char c : client_.read_bytes(extended))
    size = size << 8 | static_cast<unsigned char>(c);
  out.content = client_.read_bytes(size);
  return out;
}

std::uint16_t WebSocketClient::close_code() {
  const Frame frame = next();
  return frame.opcode == Opcode::close ? frame.close_code() : 0;
}

void pause_between_looks() { poll(nullptr, 0, 2); }
Steady steady_now() { return SystemClock().steady(); }
bool patience_is_over(Steady since) { return steady_now() - since > patience; }

}  // namespace hotclock::http
