// Engine.IO (protocol 4) on an HTTP server: long polling, WebSocket, and the upgrade between them.
#pragma once

#include <cstddef>
#include <memory>

#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/socketio/engine.h"
#include "service/socketio/engine_options.h"

namespace hotclock::socketio {

class EngineCore;

//   http::Loop loop(clock);
//   http::Server http(loop, settings);
//   Engine engine(loop, options, listener);
//   engine.serve(http);
//   http.start(); loop.start();
//   ...
//   engine.close_all(); (until sessions() is 0, or patience ends); http.stop(); loop.stop();
//
// Sessions are kept in memory: a client has to come back to the process it opened its session with.
// Threads: any for close_all() and sessions(), which ask the loop; the listener is called on the
// loop's. The loop and the listener outlive the engine; the HTTP server may end before or after it.
class Engine {
 public:
  Engine(http::Loop& loop, EngineOptions options, EngineListener& listener);
  // Sessions that are left end with Closing::shutdown.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Adds its route. Before the server is started.
  void serve(http::Server& server);

  std::size_t sessions() const;
  // Ends every session so that its client connects anew by itself, here or elsewhere: what is
  // queued goes out, WebSockets are closed without a code, held polls end. New clients get 503 from
  // here on. Returns at once; sessions() tells when it is done.
  void close_all();

 private:
  http::Loop& loop_;
  std::shared_ptr<EngineCore> core_;
};

}  // namespace hotclock::socketio
