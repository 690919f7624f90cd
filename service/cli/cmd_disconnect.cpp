// hotclock disconnect: clients' connections end, on whichever node they are.
#include <ostream>

#include <boost/json/object.hpp>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/whom.h"

namespace hotclock::cli {

int cmd_disconnect(Console& console, const Common& common, const DisconnectArgs& args) {
  const auto whom = read_whom(args.room, args.user, args.socket);
  if (!whom) return fail(console, common.json, whom.error());
  if (whom->everybody())
    return fail(console, common.json,
                Error(Errc::invalid, "say whom: --room ROOM, --user ID or --socket ID"));
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto count = hub::put_out(*session->database, *whom,
                                  {.name = asking(console, args.by), .reason = args.reason},
                                  session->clock->now());
  if (!count) return fail(console, common.json, count.error());
  if (*count == 0)
    return fail(console, common.json, Error(Errc::not_found, "no such client is connected"));
  if (common.json)
    print(console, {{"disconnected", *count}});
  else
    console.out << *count << (*count == 1 ? " client is" : " clients are")
                << " disconnected within a second\n";
  return exit_done;
}

}  // namespace hotclock::cli
