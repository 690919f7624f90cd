// Who is connected, and who is put out.
#include "service/hub/presence.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

hub::Whom whom_of(const Call& call) {
  return {call.text("socket"), call.text("user"), call.text("room")};
}

json::object client_json(const hub::Present& one) {
  return {{"socket", one.socket_id},
          {"user", one.identity},
          {"rooms", texts_json(one.rooms)},
          {"address", one.address},
          {"node", one.node},
          {"since", rfc3339(one.since)},
          {"away_since", rfc3339_or_null(one.away_since)}};
}

// Clients are written down so that they can come back, and for nothing else.
constexpr std::string_view unseen =
    "clients are not written down where realtime.recovery is 0: nobody can be seen or disconnected";

bool nobody_is_seen(const Desk& desk) {
  const auto settings = desk.settings();
  return settings && settings->realtime.recovery == Duration::zero();
}

Answer listed_by(const Desk& desk, json::array items) {
  Answer answer = listed(std::move(items));
  if (nobody_is_seen(desk)) answer.body.as_object()["note"] = std::string(unseen);
  return answer;
}

}  // namespace

Result<Answer> list_clients(Desk& desk, const Call& call) {
  const auto found = hub::present(desk.database, whom_of(call),
                                  static_cast<std::size_t>(call.number("limit", 50)));
  if (!found) return found.error();
  json::array items;
  for (const hub::Present& one : *found) items.push_back(client_json(one));
  return listed_by(desk, std::move(items));
}

Result<Answer> list_rooms(Desk& desk, const Call&) {
  const auto crowds = hub::crowds(desk.database);
  if (!crowds) return crowds.error();
  json::array items;
  for (const hub::Crowd& one : *crowds)
    items.push_back({{"room", one.room}, {"clients", one.clients}});
  return listed_by(desk, std::move(items));
}

Result<Answer> disconnect_clients(Desk& desk, const Call& call) {
  const hub::Whom whom = whom_of(call);
  if (whom.everybody()) return Error(Errc::invalid, "say whom: a room, a user or a socket");
  const auto count = hub::put_out(desk.database, whom, call.person(), desk.now());
  if (!count) return count.error();
  if (*count == 0)
    return Error(Errc::not_found,
                 std::string(nobody_is_seen(desk) ? unseen : "no such client is connected"));
  return answer_of(json::object{{"disconnected", *count}}, 202);
}

}  // namespace hotclock::operations
