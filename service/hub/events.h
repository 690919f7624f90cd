// An event of the outbox as clients hear it.
#pragma once

#include <string>

#include "service/outbox/outbox.h"
#include "service/socketio/packet.h"

namespace hotclock::hub {

// `with_offset`: its id is also the last argument, by which a client tells how far it has heard.
socketio::Packed packed(std::string_view nsp, const outbox::Posted& event, bool with_offset);

}  // namespace hotclock::hub
