#include "service/cli/whom.h"

#include "service/hub/rooms.h"

namespace hotclock::cli {

Result<hub::Whom> read_whom(const std::string& room, const std::string& user,
                            const std::string& socket) {
  if (!room.empty() && !hub::is_room(room))
    return Error(Errc::invalid,
                 "--room: '" + room +
                     "' is no room; rooms are user:ID, stream:ID, throne:ID, rankings, "
                     "rankings:CATEGORY and rankings:country:COUNTRY");
  const std::string identity = user.empty() ? "" : "user:" + user;
  if (!identity.empty() && !hub::is_room(identity))
    return Error(Errc::invalid, "--user: '" + user + "' is no user's id; write a whole number");
  return hub::Whom{.socket_id = socket, .identity = identity, .room = room};
}

}  // namespace hotclock::cli
