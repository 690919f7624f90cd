// One connection of the server's, until it ends or becomes a WebSocket.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/exchange.h"
#include "service/http/loop.h"
#include "service/http/request_reader.h"
#include "service/http/response.h"
#include "service/http/wire.h"

namespace hotclock::http {

class ServerCore;
struct Route;

// One request at a time: what a peer sends ahead waits until the answer is out. Owned by the core.
// Threads: the loop's.
class Connection final : public Loop::Source {
 public:
  Connection(ServerCore& core, Wire wire, std::string address);
  ~Connection() override;

  // REQUIRES: once, directly after it is in its owner's hands.
  Result<void> begin();
  void ready(std::uint32_t events) override;
  // Ends it if what it waits for is overdue.
  void look_at(Steady now);
  // Ends it: an exchange that waits hears that the peer has gone.
  void cut();

 private:
  friend class Exchange;
  friend class Stream;
  enum class State { head, body, handling, writing, streaming, lingering, over };

  // An answer on its way.
  struct Answer {
    std::string head;
    Body body;
    bool without_body = false;
    bool keep_alive = true;
    std::size_t sent = 0;

    std::size_t size() const { return head.size() + body_bytes().size(); }
    std::string_view body_bytes() const { return without_body ? std::string_view{} : bytes(body); }
  };

  bool reading() const { return state_ == State::head || state_ == State::body; }
  void read();
  void take(std::string_view bytes);
  void parse(std::string_view bytes);
  bool feed(std::string_view& bytes);
  std::optional<Response> admit(Request& request);
  void on_head();
  bool on_complete(std::string_view rest);
  void refuse(int status);
  void refuse(Request& request, Response response);

  void respond(const Request& request, Response response);
  void begin_stream(const Request& request, Response response);
  void add_chunk(std::string_view bytes);
  void end_stream();
  void stream_on();
  std::size_t waiting() const { return answer_ ? answer_->size() - answer_->sent : 0; }
  Result<std::unique_ptr<WebSocket>> upgrade(const Request& request, std::size_t max_message,
                                             WebSocketListener& listener, std::string_view first);
  void write();
  void finish_answer();
  void await_next();
  void linger();
  void set_state(State state, Duration patience);
  void watch();

  ServerCore& core_;
  Wire wire_;
  const std::string address_;
  State state_ = State::head;
  Steady deadline_ = Steady::max();
  std::uint32_t watched_ = 0;
  bool fresh_ = true;     // nothing of the request that is awaited has come yet
  bool parsing_ = false;  // parse() is on the stack
  bool owner_writes_ = false;  // add_chunk() is
  std::unique_ptr<RequestReader> reader_;
  bool keep_alive_ = true;
  std::string unread_;  // came, and cannot be used yet
  const Route* route_ = nullptr;
  Exchange* exchange_ = nullptr;  // the one that waits
  Stream* stream_ = nullptr;      // of the answer that goes on
  std::function<void()> gone_;
  std::unique_ptr<Answer> answer_;
  Loop::TimerId resume_ = {};
};

}  // namespace hotclock::http
