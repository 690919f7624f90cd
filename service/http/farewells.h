// WebSockets nobody owns any more, until their peers have answered our goodbye.
#pragma once

#include <memory>
#include <unordered_map>

#include "scheduler/base/time.h"
#include "service/http/websocket.h"

namespace hotclock::http {

// Threads: the loop's. Outlives every WebSocket it was given to.
class Farewells {
 public:
  Farewells(Loop& loop, Duration patience) : loop_(loop), patience_(patience) {}

  void keep(std::unique_ptr<WebSocket> socket);
  // Cuts one whose peer has gone.
  void end(WebSocket& socket);
  // Cuts those that were waited for long enough.
  void sweep();
  void cut_all() { parting_.clear(); }

  // WebSockets there are, with an owner or without.
  std::size_t alive() const { return alive_; }

 private:
  friend class WebSocket;
  struct Parting {
    std::unique_ptr<WebSocket> socket;
    Steady until;
  };

  Loop& loop_;
  const Duration patience_;
  std::unordered_map<WebSocket*, Parting> parting_;
  std::size_t alive_ = 0;
};

}  // namespace hotclock::http
