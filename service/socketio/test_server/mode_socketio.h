// What the modes that speak Socket.IO have in common: a server with the namespaces "/" and
// "/custom", and its clock.
#pragma once

#include <chrono>
#include <optional>

#include "service/http/loop.h"
#include "service/socketio/recovery_memory.h"
#include "service/socketio/server.h"
#include "service/socketio/test_server/mode.h"

namespace hotclock::socketio {

template <class Door>
class SocketioMode final : public Mode {
 public:
  SocketioMode(const ModeOptions& options, const Clock& clock, http::Loop& loop)
      : recovery_(clock, recovery_options(options)),
        server_(clock, {.connect_timeout = options.connect_timeout},
                options.recovery > Duration::zero() ? &recovery_ : nullptr),
        door_(server_),
        loop_(loop) {
    server_.add("/", door_);
    server_.add("/custom", door_);
    tick();
  }

  EngineListener& listener() override { return server_; }

 private:
  static MemoryRecovery::Options recovery_options(const ModeOptions& options) {
    return {.window = options.recovery};
  }
  // The loop has ended for good when the mode goes.
  void tick() {
    server_.tick();
    loop_.after(std::chrono::milliseconds(20), [this] { tick(); });
  }

  MemoryRecovery recovery_;
  Server server_;
  Door door_;
  http::Loop& loop_;
};

}  // namespace hotclock::socketio
