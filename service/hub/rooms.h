// Which rooms there are, and who may be in them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::hub {

// user:{userId}, stream:{streamId}, throne:{streamId}, rankings, rankings:{category},
// rankings:country:{country}: ids are whole numbers, the rest of a name is 1 to 64 letters, digits, '-' or '_'.
bool is_room(std::string_view room);

// A pattern of the setting public_rooms: a room's name, or the beginning of one and '*'.
bool matches(std::string_view pattern, std::string_view room);

// Who asks for a room.
struct Visitor {
  std::string_view identity;                    // "user:17"; empty: anonymous
  std::span<const std::string> public_rooms;    // patterns; for who is anonymous
};

// An error says why this one may not be in it, in words for its client.
Result<> may_join(const Visitor& visitor, std::string_view room);

}  // namespace hotclock::hub
