// One request and its answer.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "service/http/websocket.h"

namespace hotclock::http {

class Connection;

// The rest of an answer, in chunks (RFC 9112, 7.1). Ends with its owner.
// A peer that takes nothing of what waits for the server's write_time is cut. When it has gone, writing does
// nothing; nobody but the owner sees how much waits, and so decides what is too much.
// Threads: the loop's.
class Stream {
 public:
  Stream() = default;
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  // Whether the peer is there and the answer goes on.
  bool open() const { return connection_ != nullptr; }
  void write(std::string_view bytes);
  // Bytes that the peer has not taken yet.
  std::size_t waiting() const;
  // The answer is whole: the connection serves its next request.
  void end();
  // Called once if the peer goes away before the end; not from inside any call of ours.
  void on_gone(std::function<void()> gone);

 private:
  friend class Connection;
  friend class Exchange;
  explicit Stream(Connection& connection);

  Connection* connection_ = nullptr;
};

// A request that waits for its answer, which may be given at once or later. Whoever holds it owes
// the answer: one that is dropped unanswered gets a 500. When the peer has gone, answering it does
// nothing.
// Threads: the loop's.
class Exchange {
 public:
  Exchange(Exchange&& other) noexcept;
  Exchange& operator=(Exchange&& other) noexcept;
  ~Exchange();

  const Request& request() const { return *request_; }
  // For who wants to keep or to drop parts of it before the answer.
  Request& request() { return *request_; }

  // Whether the answer is still owed and the peer still there.
  bool waiting() const { return connection_ != nullptr; }

  void respond(Response response);

  // An answer that goes on: its head goes out now, and what follows is written as it comes. A HEAD is
  // answered with the head alone, and the stream has ended then.
  Stream stream(Response head);

  // Called once if the peer goes away before the answer; not from inside any call of ours.
  void on_gone(std::function<void()> gone);

  // Makes the connection a WebSocket: answers 101, with `first` (whole frames) in the same write.
  // Errc::invalid where the request is no proper opening handshake, and Errc::stopped where the
  // peer has gone; the exchange still waits for its answer then.
  Result<std::unique_ptr<WebSocket>> upgrade_websocket(std::size_t max_message,
                                                       WebSocketListener& listener,
                                                       std::string_view first = {});

 private:
  friend class Connection;
  Exchange(Connection& connection, std::unique_ptr<Request> request);
  void let_go();

  Connection* connection_;
  std::unique_ptr<Request> request_;
};

}  // namespace hotclock::http
