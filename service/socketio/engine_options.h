// What Engine.IO may be told.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "service/socketio/engine.h"

namespace hotclock::socketio {

struct EngineOptions {
  std::string path = "/socket.io/";  // every path that begins with it
  Duration ping_interval = std::chrono::milliseconds{25'000};
  Duration ping_timeout = std::chrono::milliseconds{20'000};
  Duration upgrade_timeout = std::chrono::milliseconds{10'000};
  // Of one body, and of one WebSocket message; more ends the session.
  std::size_t max_payload = 1'000'000;
  bool upgrades = true;                 // from polling to WebSocket

  // Origins of pages that may connect, as browsers write them: "https://example.org". None: pages
  // of this server's own host alone. "*": any page, without credentials. Asked of polling by CORS,
  // and of WebSockets, which CORS does not cover, by refusing others.
  std::vector<std::string> origins = {};
  bool credentials = true;

  std::string cookie = {};  // its name; empty: none

  // A client that does not take what is sent is ended as a slow consumer when more bytes wait, or
  // the oldest waits longer.
  std::size_t most_queued_bytes = 1024 * 1024;
  Duration most_queued_age = std::chrono::seconds{30};
  // How long a session that was closed waits for its client to fetch that.
  Duration close_wait = std::chrono::seconds{30};

  // Looks at each new client; a text refuses it and is what it is told.
  std::function<std::optional<std::string>(const Handshake&)> admit = {};
};

}  // namespace hotclock::socketio
