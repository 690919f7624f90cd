// hotclock clients: who is connected.
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/cli/whom.h"

namespace hotclock::cli {
namespace {

void show_nobody(Console& console, const Seen& list, const std::string& nobody) {
  console.err << (list.has("note") ? list.text("note") : nobody) << "\n";
}

void show_rooms(Console& console, const Seen& list) {
  Table table({{"room"}, {"clients", Column::Kind::number}});
  for (const Seen& room : list.list("items")) {
    const std::string name = room.text("room");
    table.add({name.empty() ? "in no room" : name, std::to_string(room.number("clients"))});
  }
  if (table.empty())
    show_nobody(console, list, "nobody is connected");
  else
    console.out << table.text(look_of(console));
}

std::string since_text(const Seen& client, Instant now) {
  if (const auto away = client.instant("away_since")) return "away " + relative_text(*away, now);
  return to_string(client.instant("since").value_or(Instant{}));
}

void show_clients(Console& console, const Seen& list, Instant now) {
  Table table(
      {{"socket"}, {"user"}, {"address"}, {"node"}, {"since"}, {"rooms", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string user = one.text("user");
    table.add({one.text("socket"), user.empty() ? "anonymous" : user, one.text("address"),
               one.text("node"), since_text(one, now),
               fmt::format("{}", fmt::join(one.texts("rooms"), " "))});
  }
  if (table.empty())
    show_nobody(console, list, "no such client is connected");
  else
    console.out << table.text(look_of(console));
}

}  // namespace

int cmd_clients(Console& console, const Common& common, const ClientsArgs& args) {
  const auto whom = read_whom(args.room, args.user, args.socket);
  if (!whom) return fail(console, common.json, whom.error());
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  if (whom->everybody())
    return tell(console, common, (*door)->ask(get("/rooms")),
                [&](const Seen& list) { show_rooms(console, list); });
  const auto found = (*door)->ask(get("/clients", {{"room", whom->room},
                                                   {"user", whom->identity},
                                                   {"socket", whom->socket_id},
                                                   {"limit", std::to_string(args.limit)}}));
  return tell(console, common, found,
              [&](const Seen& list) { show_clients(console, list, (*door)->now()); });
}

}  // namespace hotclock::cli
