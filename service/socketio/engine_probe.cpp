#include "service/socketio/engine_probe.h"

#include <utility>

#include "service/socketio/engine_session.h"
#include "service/socketio/message.h"

namespace hotclock::socketio {

void EngineProbe::end() {
  if (socket_) http::WebSocket::part(std::move(socket_));
}

void EngineProbe::text(std::string_view message) {
  if (!heard_ && message == "2probe") {
    heard_ = true;
    socket_->say(Message::packet('3', "probe")->frame());
    return session_.probed();
  }
  if (heard_ && message == "5") return session_.upgraded(std::move(socket_));
  session_.probe_failed();
}

void EngineProbe::binary(std::string_view) { session_.probe_failed(); }

void EngineProbe::closed(std::uint16_t) { session_.probe_failed(); }

}  // namespace hotclock::socketio
