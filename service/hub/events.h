// An event of the outbox as clients hear it.
#pragma once

#include <string>

#include "service/outbox/outbox.h"
#include "service/socketio/packet.h"

namespace hotclock::hub {

// Its arguments: the body, with its id.
socketio::Values values_of(const outbox::Posted& event);
// The whole of it. Its id is also the last argument, by which a client tells how far it has heard.
socketio::Packed packed(std::string_view nsp, const outbox::Posted& event);

}  // namespace hotclock::hub
