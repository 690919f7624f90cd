#include "service/hub/events.h"

#include "service/outbox/payload.h"

namespace hotclock::hub {

socketio::Values values_of(const outbox::Posted& event) {
  return socketio::Values().json(outbox::with_event_id(event.payload, event.id));
}

socketio::Packed packed(std::string_view nsp, const outbox::Posted& event) {
  return socketio::pack_event(nsp, event.name, values_of(event),
                              static_cast<socketio::Offset>(event.id));
}

}  // namespace hotclock::hub
