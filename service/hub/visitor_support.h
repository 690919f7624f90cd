// For tests: a client that speaks Socket.IO over a WebSocket to a hub.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/client_support.h"

namespace hotclock::hub {

// Answers pings by itself. Threads: one.
class Visitor {
 public:
  // `auth`: the object of its CONNECT.
  Visitor(std::uint16_t port, std::string_view auth);

  // The answer to its CONNECT: "0{...}" or "4{...}".
  const std::string& answer() const { return answer_; }
  std::string pid() const;
  std::string sid() const;

  void says(std::string_view packet) { socket_.text("4" + std::string(packet)); }
  // The next packet; empty where the connection ends instead.
  std::string hears();
  // The next so many events' ids.
  std::vector<std::int64_t> hears_events(std::size_t count);
  // Goes without a word.
  void vanishes() { socket_.wire().vanish(); }

 private:
  http::WebSocketClient socket_;
  std::string answer_;
};

}  // namespace hotclock::hub
