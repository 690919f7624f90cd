// A WebSocket that wants to take over from polls.
#pragma once

#include <memory>
#include <string_view>

#include "scheduler/base/time.h"
#include "service/http/websocket.h"

namespace hotclock::socketio {

class EngineSession;

// The client says `2probe`, hears `3probe`, ends its polls and says `5`. Anything else ends the
// WebSocket, and the session goes on with its polls. Owned by the session. Threads: the loop's.
class EngineProbe final : public http::WebSocketListener {
 public:
  EngineProbe(EngineSession& session, Steady deadline) : session_(session), deadline_(deadline) {}

  void travel_by(std::unique_ptr<http::WebSocket> socket) { socket_ = std::move(socket); }
  bool heard() const { return heard_; }
  Steady deadline() const { return deadline_; }
  // Closes the WebSocket.
  void end();

 private:
  void text(std::string_view message) override;
  void binary(std::string_view) override;
  void writable() override {}
  void closed(std::uint16_t) override;

  EngineSession& session_;
  const Steady deadline_;
  bool heard_ = false;  // `2probe`
  std::unique_ptr<http::WebSocket> socket_;
};

}  // namespace hotclock::socketio
