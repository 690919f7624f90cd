// Tokens: who may use the API.
#include "service/access/tokens.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/net/networks.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

json::object token_json(const access::Token& token) {
  json::object out = grant_json(token.grant);
  out["id"] = std::to_string(token.id);
  out["key_id"] = token.key_id;
  out["name"] = token.name;
  out["networks"] = texts_json(token.networks);
  out["created_at"] = rfc3339(token.created_at);
  out["created_by"] = token.created_by;
  out["expires_at"] = rfc3339_or_null(token.expires_at);
  out["revoked_at"] = rfc3339_or_null(token.revoked_at);
  out["revoked_by"] = token.revoked_by;
  out["last_used_at"] = rfc3339_or_null(token.last_used_at);
  out["last_used_from"] = token.last_used_from;
  return out;
}

Answer made(const access::NewToken& made) {
  json::object out = token_json(made.token);
  out["secret"] = made.text;
  Answer answer = answer_of(std::move(out), 201);
  answer.location = fmt::format("/tokens/{}", made.token.id);
  return answer;
}

Result<access::TokenOrder> order_of(const Call& call) {
  access::TokenOrder order{.name = call.text("name"),
                           .grant = {.jobs = call.texts("jobs")},
                           .networks = call.texts("networks")};
  from_string(call.text("role"), order.grant.role);
  for (const std::string& word : call.texts("rights")) {
    access::Right right;
    if (!from_string(word, right)) return Error(Errc::invalid, "there is no right '" + word + "'");
    order.grant.rights.push_back(right);
  }
  if (call.says("lasts_ms")) order.lasts = Duration{call.number("lasts_ms")};
  return order;
}

// Nobody gives more than he has, nor good from where his own token is not; and nobody gets it, as
// the new secret of a token that has more.
Result<> may_give(Desk& desk, const Call& call, const access::Grant& grant,
                  const std::vector<std::string>& networks) {
  const std::string& name = call.who.name;
  if (!access::is_within(grant, call.who.grant))
    return Error(Errc::forbidden,
                 fmt::format("{} may give a token no more than {} holds", name, name));
  if (!call.who.token) return {};
  const auto own = access::find_token(desk.database, *call.who.token);
  if (!own) return own.error();
  if (net::are_within(networks, own->networks)) return {};
  return Error(Errc::forbidden,
               fmt::format("{}'s token is good from {} alone; one that it gives has to be, too",
                           name, fmt::join(own->networks, ", ")));
}

}  // namespace

Result<Answer> list_tokens(Desk& desk, const Call&) {
  const auto tokens = access::list_tokens(desk.database);
  if (!tokens) return tokens.error();
  json::array items;
  for (const access::Token& token : *tokens) items.push_back(token_json(token));
  return listed(std::move(items));
}

Result<Answer> make_token(Desk& desk, const Call& call) {
  const auto order = order_of(call);
  if (!order) return order.error();
  if (auto may = may_give(desk, call, order->grant, order->networks); !may)
    return std::move(may).error();
  const auto token = access::make_token(desk.database, *order, call.person(), desk.now());
  if (!token) return token.error();
  return made(*token);
}

Result<Answer> show_token(Desk& desk, const Call& call) {
  const auto token = access::find_token(desk.database, call.id("token"));
  if (!token) return token.error();
  return answer_of(token_json(*token));
}

Result<Answer> rotate_token(Desk& desk, const Call& call) {
  const auto old = access::find_token(desk.database, call.id("token"));
  if (!old) return old.error();
  if (auto may = may_give(desk, call, old->grant, old->networks); !may)
    return std::move(may).error();
  const Duration overlap{call.number("overlap_ms", 0)};
  const auto token =
      access::rotate_token(desk.database, call.id("token"), overlap, call.person(), desk.now());
  if (!token) return token.error();
  return made(*token);
}

Result<Answer> revoke_token(Desk& desk, const Call& call) {
  auto revoked = access::revoke_token(desk.database, call.id("token"), call.person(), desk.now());
  if (!revoked) return std::move(revoked).error();
  return Answer{.status = 204};
}

}  // namespace hotclock::operations
