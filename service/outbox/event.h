// What leaves for the clients: an event, and the rooms it goes to.
#pragma once

#include <string>
#include <vector>

#include "service/outbox/payload.h"

namespace hotclock::outbox {

// `rooms` empty: to everybody. A client in several of the rooms hears it once. Ids inside the
// payload are strings.
struct Event {
  std::string name;                // "throne:expired"
  std::vector<std::string> rooms;  // {"stream:17", "throne:17"}
  Payload payload;
};

}  // namespace hotclock::outbox
