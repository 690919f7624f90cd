// hotclock clients: who is connected.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/cli/whom.h"

namespace hotclock::cli {
namespace {

int show_crowds(Console& console, const Common& common, Session& session) {
  const auto crowds = hub::crowds(*session.database);
  if (!crowds) return fail(console, common.json, crowds.error());
  if (common.json) {
    boost::json::array list;
    for (const auto& crowd : *crowds)
      list.push_back({{"room", crowd.room}, {"clients", crowd.clients}});
    print(console, {{"rooms", std::move(list)}});
    return exit_done;
  }
  Table table({{"room"}, {"clients", Column::Kind::number}});
  for (const auto& crowd : *crowds)
    table.add({crowd.room.empty() ? "in no room" : crowd.room, std::to_string(crowd.clients)});
  if (table.empty())
    console.err << "nobody is connected\n";
  else
    console.out << table.text(look_of(console));
  return exit_done;
}

std::string list_of(const std::vector<std::string>& rooms) {
  std::string list;
  for (const std::string& room : rooms) (list += list.empty() ? "" : " ") += room;
  return list;
}

boost::json::object json_of(const hub::Present& one) {
  boost::json::array rooms(one.rooms.begin(), one.rooms.end());
  boost::json::object out{{"socket", one.socket_id},   {"user", one.identity},
                          {"address", one.address},
                          {"node", one.node},          {"since", to_string(one.since)},
                          {"rooms", std::move(rooms)}, {"away_since", nullptr}};
  if (one.away_since) out["away_since"] = to_string(*one.away_since);
  return out;
}

}  // namespace

int cmd_clients(Console& console, const Common& common, const ClientsArgs& args) {
  const auto whom = read_whom(args.room, args.user, args.socket);
  if (!whom) return fail(console, common.json, whom.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  if (whom->everybody()) return show_crowds(console, common, *session);
  const auto found =
      hub::present(*session->database, *whom, static_cast<std::size_t>(args.limit));
  if (!found) return fail(console, common.json, found.error());
  if (common.json) {
    boost::json::array list;
    for (const auto& one : *found) list.push_back(json_of(one));
    print(console, {{"clients", std::move(list)}});
    return exit_done;
  }
  Table table({{"socket"}, {"user"}, {"address"}, {"node"}, {"since"},
               {"rooms", Column::Kind::wrapped}});
  const Instant now = session->clock->now();
  for (const auto& one : *found)
    table.add({one.socket_id, one.identity.empty() ? "anonymous" : one.identity, one.address,
               one.node,
               one.away_since ? "away " + relative_text(*one.away_since, now) : to_string(one.since),
               list_of(one.rooms)});
  if (table.empty())
    console.err << "no such client is connected\n";
  else
    console.out << table.text(look_of(console));
  return exit_done;
}

}  // namespace hotclock::cli
