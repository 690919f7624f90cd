// The service itself: its version, who asks, its nodes.
#include "service/ledger/drain.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/node_json.h"

namespace hotclock::operations {

namespace json = boost::json;

namespace {

// What has stopped for longer is of no interest to who looks at the nodes.
constexpr Duration shown_for = std::chrono::hours{24};
// A node writes down that it is there twice as often.
constexpr Duration lost_after = std::chrono::seconds{90};

std::string_view state_of(const ledger::NodeView& node, Instant now) {
  if (node.stopped_at) return "stopped";
  return node.seen_at + lost_after < now ? "lost" : "works";
}

json::value draining_json(const std::optional<ledger::Drain>& drain) {
  if (!drain) return nullptr;
  return json::object{
      {"by", drain->by}, {"reason", drain->reason}, {"since", rfc3339(drain->since)}};
}

json::object node_json(const ledger::NodeView& node, Instant now) {
  const std::string_view state = state_of(node, now);
  return {{"id", std::to_string(node.id)},
          {"name", node.info.name},
          {"host", node.host},
          {"state", json::string_view(state.data(), state.size())},
          {"version", node.info.version},
          {"zone_data", node.info.zone_data},
          {"started_at", rfc3339(node.started_at)},
          {"seen_at", rfc3339(node.seen_at)},
          {"stopped_at", rfc3339_or_null(node.stopped_at)},
          {"clock_ahead_ms", node.clock_ahead.count()},
          {"running", node.running},
          {"draining", draining_json(node.drain)}};
}

Result<Answer> shown_node(Desk& desk, std::int64_t id) {
  const auto node = ledger::show_node(desk.database, id);
  if (!node) return node.error();
  return answer_of(node_json(*node, desk.now()));
}

}  // namespace

Result<json::array> nodes_json(Desk& desk) {
  const auto nodes = ledger::list_nodes(desk.database, desk.now() - shown_for);
  if (!nodes) return nodes.error();
  json::array items;
  for (const ledger::NodeView& node : *nodes) items.push_back(node_json(node, desk.now()));
  return items;
}

Result<Answer> show_version(Desk& desk, const Call&) {
  return answer_of(json::object{{"version", desk.version}, {"api", "v1"}});
}

Result<Answer> show_me(Desk&, const Call& call) {
  json::object out = grant_json(call.who.grant);
  out["name"] = call.who.name;
  out["from"] = call.who.from;
  out["token"] = nullptr;
  if (call.who.token) out["token"] = std::to_string(*call.who.token);
  return answer_of(std::move(out));
}

Result<Answer> list_roles(Desk&, const Call&) {
  json::array items;
  for (const access::Role role : access::all_roles()) {
    json::array rights;
    for (const access::Right right : access::all_rights())
      if (access::has(role, right)) rights.emplace_back(to_string(right));
    items.push_back(json::object{{"role", to_string(role)}, {"rights", std::move(rights)}});
  }
  return listed(std::move(items));
}

Result<Answer> list_nodes(Desk& desk, const Call&) {
  auto items = nodes_json(desk);
  if (!items) return std::move(items).error();
  return listed(std::move(items).value());
}

Result<Answer> drain_node(Desk& desk, const Call& call) {
  const auto id = ledger::drain(desk.database, call.text("node"), call.person(), desk.now());
  if (!id) return id.error();
  return shown_node(desk, *id);
}

Result<Answer> take_node_back(Desk& desk, const Call& call) {
  const auto id = ledger::take_back(desk.database, call.text("node"), call.person(), desk.now());
  if (!id) return id.error();
  return shown_node(desk, *id);
}

}  // namespace hotclock::operations
