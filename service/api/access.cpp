#include "service/api/access.h"

#include <algorithm>
#include <utility>

#include "service/api/answers.h"
#include "service/api/reading.h"

namespace hotclock::api {
namespace {

http::Response challenge(int status, std::string_view detail, std::string header) {
  auto response = problem(status, detail);
  response.headers.emplace_back("WWW-Authenticate", std::move(header));
  return response;
}

http::Response no_token() {
  return challenge(401, "show a token: Authorization: Bearer TOKEN", "Bearer");
}

http::Response bad_token(const std::string& why) {
  return challenge(401, why, "Bearer error=\"invalid_token\"");
}

http::Response wrong_role(const std::string& role) {
  return challenge(403, "this is for whose token has the role " + role,
                   "Bearer error=\"insufficient_scope\"");
}

http::Response too_often() {
  auto response = problem(429, "too many bad tokens came from your address");
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

}  // namespace

Access::Access(const auth::TokenVerifier* tokens, const Clock& clock, Settings settings)
    : tokens_(tokens),
      clock_(clock),
      settings_(std::move(settings)),
      failures_({.messages_a_minute = settings_.attempts_a_minute}) {}

std::variant<auth::Identity, http::Response> Access::look(const http::Request& request, Need need) {
  const std::string_view token = bearer_in(request.header("authorization"));
  if (token.empty()) return no_token();
  auto found = look_at(token, auth::ClientKey::of_address(request.address));
  const auto* who = std::get_if<auth::Identity>(&found);
  if (who && need == Need::editor && !who->has_role(settings_.editor_role))
    return wrong_role(settings_.editor_role);
  return found;
}

std::variant<auth::Identity, http::Response> Access::look_at(std::string_view token,
                                                             const auth::ClientKey& client) {
  if (!tokens_) return bad_token("this node has no key to look at tokens with");
  const Steady now = clock_.steady();
  if (!failures_.may_say_more(client, now)) return too_often();
  auto who = tokens_->verify(token, clock_.now());
  if (who) return std::move(who).value();
  if (who.error().code() != Errc::timeout) failures_.message(client, now);
  return bad_token(who.error().message());
}

}  // namespace hotclock::api
