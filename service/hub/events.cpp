#include "service/hub/events.h"

#include "service/outbox/payload.h"

namespace hotclock::hub {

socketio::Packed packed(std::string_view nsp, const outbox::Posted& event, bool with_offset) {
  const auto values = socketio::Values().json(outbox::with_event_id(event.payload, event.id));
  std::optional<socketio::Offset> offset;
  if (with_offset) offset = static_cast<socketio::Offset>(event.id);
  return socketio::pack_event(nsp, event.name, values, offset);
}

}  // namespace hotclock::hub
