// hotclock disconnect: clients' connections end, on whichever node they are.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/telling.h"
#include "service/cli/whom.h"

namespace hotclock::cli {

int cmd_disconnect(Console& console, const Common& common, const DisconnectArgs& args) {
  const auto whom = read_whom(args.room, args.user, args.socket);
  if (!whom) return fail(console, common.json, whom.error());
  if (whom->everybody())
    return fail(console, common.json,
                Error(Errc::invalid, "say whom: --room ROOM, --user ID or --socket ID"));
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  boost::json::object order{{"reason", args.reason}};
  if (!whom->room.empty()) order["room"] = whom->room;
  if (!whom->identity.empty()) order["user"] = whom->identity;
  if (!whom->socket_id.empty()) order["socket"] = whom->socket_id;
  return tell(console, common, (*door)->ask(post("/clients/disconnect", order)),
              [&](const Seen& said) {
                const auto count = said.number("disconnected");
                console.out << count << (count == 1 ? " client is" : " clients are")
                            << " disconnected within a second\n";
              });
}

}  // namespace hotclock::cli
