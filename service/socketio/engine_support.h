// An Engine.IO server for tests, with clients that speak its packets by hand.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/client_support.h"
#include "service/http/server.h"
#include "service/socketio/engine_server.h"

namespace hotclock::socketio {

// Sends each message back, and does what some of them say:
//   "close"     closes the session after an answer "closing"
//   "many N"    sends N messages "0", "1", ...
//   "big N"     sends one of N characters
class Listeners final : public EngineListener {
 public:
  std::unique_ptr<SessionListener> opened(Session& session) override;

  // Of the sessions that are over: why, in their order.
  std::vector<Closing> closings;
  std::vector<Session*> open;
  Handshake last_handshake;

 private:
  class One;
};

class EngineTest : public ::testing::Test {
 protected:
  EngineTest();
  ~EngineTest() override;

  // Short intervals are for tests about them.
  void serve(EngineOptions options = {});

  std::uint16_t port() const { return server_->port(); }
  http::Loop& loop() { return loop_; }
  Engine& engine() { return *engine_; }
  Listeners& listeners() { return listeners_; }
  void end_server() { server_.reset(); }
  void end_engine() { engine_.reset(); }
  // Waits for the end of the only session there was.
  ::testing::AssertionResult ends_with(Closing why);
  // Queues a message for every open session.
  void broadcast(std::string_view content);

  http::Answer get(std::string_view query, const http::Fields& headers = {});
  http::Answer post(std::string_view query, std::string_view body,
                    const http::Fields& headers = {});

 private:
  const SystemClock clock_{};
  http::Loop loop_{clock_};
  Listeners listeners_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<http::Server> server_;
};

inline constexpr std::string_view polling = "EIO=4&transport=polling";
inline constexpr std::string_view websocket = "EIO=4&transport=websocket";

std::string target(std::string_view query);
// "{"code":1,"message":"..."}" and its status.
std::string refused(const http::Answer& answer);
// A packet "0{...}" -> the value of a key that is a text.
std::string value_in(std::string_view open_packet, std::string_view key);

// A session over polls; each request on a connection of its own unless told otherwise.
class PollingClient {
 public:
  explicit PollingClient(std::uint16_t port, std::string_view query = polling);

  const std::string& open_packet() const { return open_packet_; }
  const std::string& sid() const { return sid_; }
  std::string query() const;
  // A GET's body; "" where it is refused.
  std::string poll();
  // Sends a GET and does not wait for its answer.
  http::Client begin_poll();
  http::Answer post(std::string_view body);
  // Whether the server still knows it.
  bool lives();

 private:
  std::uint16_t port_;
  std::string open_packet_;
  std::string sid_;
};

// A session over a WebSocket, or, with a session's id, a probe.
class SocketClient : public http::WebSocketClient {
 public:
  explicit SocketClient(std::uint16_t port, std::string_view sid = {});
  // The next text; what it is where it is none.
  std::string next_text();
};

}  // namespace hotclock::socketio
