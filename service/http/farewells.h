// WebSockets nobody owns any more, until their peers have answered our goodbye.
#pragma once

#include <memory>
#include <unordered_map>

#include "scheduler/base/time.h"
#include "service/http/websocket.h"

namespace hotclock::http {

// Shared by a server and its WebSockets, which may outlive it. Threads: the loop's.
class Farewells {
 public:
  Farewells(Loop& loop, Duration patience) : loop_(loop), patience_(patience) {}

  void keep(std::unique_ptr<WebSocket> socket);
  // Cuts one whose peer has gone.
  void end(WebSocket& socket);
  // Cuts those that were waited for long enough.
  void sweep();
  // Cuts all, and from here on whoever else would part.
  void close();
  void open() { closed_ = false; }

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
  bool closed_ = false;
};

}  // namespace hotclock::http
