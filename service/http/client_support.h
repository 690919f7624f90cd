// Clients for tests: they say exactly what they are told, and wait for answers no longer than a
// deadline.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"
#include "service/http/frame.h"
#include "service/http/request.h"

struct ssl_st;

namespace hotclock::http {

struct Answer {
  int status = 0;  // 0: none came
  Fields headers;  // names in lower case
  std::string body;

  std::string_view header(std::string_view name) const { return find(headers, name); }
};

// What a test waits for at most.
inline constexpr Duration patience = std::chrono::seconds{10};

// Threads: one.
class Client {
 public:
  enum class Tls { no, yes };  // yes: any certificate will do

  explicit Client(std::uint16_t port, Tls tls = Tls::no);
  ~Client();
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;

  void send(std::string_view bytes);
  // One whole answer; `without_body` where it belongs to a HEAD.
  Answer answer(bool without_body = false);
  // Up to and with `mark`, or nothing.
  std::string read_to(std::string_view mark);
  std::string read_bytes(std::size_t size);
  // Whether the server hangs up.
  bool ended();
  // Whether something can be read now.
  bool quiet() const;
  // Of its own end: what the server knows it by.
  std::uint16_t own_port() const;
  // How many bytes have come that nobody has read.
  std::size_t waiting() const;
  // Sends no more; or goes, with a reset.
  void half_close();
  void vanish();
  // Takes little at a time from here on.
  void shrink_receive_buffer();

 private:
  bool more();

  int descriptor_;
  ssl_st* ssl_ = nullptr;
  std::string read_;
  bool over_ = false;  // nothing more will come
};

// "METHOD path HTTP/1.1" with a Host, the length of a body, and what else is given.
std::string request_text(std::string_view method, std::string_view target,
                         std::string_view body = {}, const Fields& headers = {});

// A request on a connection of its own.
Answer ask(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view body = {}, const Fields& headers = {});

struct Frame {
  Opcode opcode = Opcode::more;  // more: none came
  std::string content;
  std::uint16_t close_code() const;  // 1005: none
};

// The client's side of a WebSocket.
class WebSocketClient {
 public:
  WebSocketClient(std::uint16_t port, std::string_view target, const Fields& headers = {},
                  Client::Tls tls = Client::Tls::no);

  const Answer& handshake() const { return handshake_; }
  void text(std::string_view content) { frame(Opcode::text, content); }
  void binary(std::string_view content) { frame(Opcode::binary, content); }
  void frame(Opcode opcode, std::string_view content, bool final = true);
  Frame next();
  // Of a close frame; 0 where something else comes.
  std::uint16_t close_code();
  Client& wire() { return client_; }

 private:
  Client client_;
  Answer handshake_;
};

std::string masked_frame(Opcode opcode, std::string_view content, bool final = true);

// Waits until `holds`; false where it never does.
template <class Condition>
bool eventually(Condition holds);

// Files with a certificate for 127.0.0.1 and its key, gone with this.
class Certificate {
 public:
  Certificate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string certificate() const { return folder_ + "/certificate.pem"; }
  std::string key() const { return folder_ + "/key.pem"; }

 private:
  std::string folder_;
};

// Lets others run between two looks.
void pause_between_looks();
bool patience_is_over(Steady since);
Steady steady_now();

template <class Condition>
bool eventually(Condition holds) {
  for (const Steady since = steady_now(); !holds(); pause_between_looks())
    if (patience_is_over(since)) return false;
  return true;
}

}  // namespace hotclock::http
