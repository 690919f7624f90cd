#include "service/api/callers.h"

#include <algorithm>

#include "service/access/tokens.h"
#include "service/api/reading.h"
#include "service/operations/json.h"

namespace hotclock::api {
namespace {

using operations::Answer;
using operations::problem;

std::string_view cookie_of(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view one = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return one.substr(name.size() + 1);
  }
  return {};
}

// Whether a browser says that a page of ours asks. One that says nothing of it is believed: it
// shows the anti-forgery token all the same.
bool from_our_pages(const Credentials& shown) {
  if (!shown.fetch_site.empty() && shown.fetch_site != "same-origin") return false;
  const std::string ours = (shown.secure ? "https://" : "http://") + shown.host;
  return shown.origin.empty() || shown.origin == ours;
}

Answer unauthorized(std::string_view detail) { return problem(401, "unauthorized", detail); }

Answer too_many(std::string_view detail) {
  Answer answer = problem(429, "too_many_requests", detail);
  answer.retry_after = 60;
  return answer;
}

}  // namespace

Credentials Credentials::of(const http::Request& request) {
  return {
      .token = std::string(bearer_in(request.header("authorization"))),
      .cookie = std::string(cookie_of(request.header("cookie"), session_cookie(request.secure))),
      .csrf = std::string(request.header("x-csrf-token")),
      .origin = std::string(request.header("origin")),
      .fetch_site = std::string(request.header("sec-fetch-site")),
      .host = std::string(request.header("host")),
      .address = request.address,
      .secure = request.secure,
      .changes = request.method != "GET" && request.method != "HEAD"};
}

std::string_view session_cookie(bool secure) { return secure ? "__Host-hotclock" : "hotclock"; }
std::string_view csrf_cookie(bool secure) {
  return secure ? "__Host-hotclock-csrf" : "hotclock-csrf";
}

std::variant<access::Principal, Answer> Callers::look(const Credentials& shown) const {
  if (!limits_.may_try(shown.address, clock_.steady()))
    return too_many("too many bad tokens came from your address");
  if (!shown.any()) return unauthorized("show a token: Authorization: Bearer TOKEN");
  std::variant<access::Principal, Answer> found = Answer{};
  if (shown.token.empty()) {
    found = with_cookie(shown);
  } else {
    auto who = with_token(shown);
    if (!who) return refused(shown, who.error());
    found = std::move(who).value();
  }
  const auto* who = std::get_if<access::Principal>(&found);
  const Asks asks = shown.changes ? Asks::change : Asks::read;
  if (who && who->token && !limits_.token_may(*who->token, asks, clock_.steady()))
    return too_many("this token asks too often");
  return found;
}

Result<access::Principal> Callers::with_token(const Credentials& shown) const {
  return access::principal_of(database_, shown.token, shown.address, clock_.now());
}

std::variant<access::Principal, Answer> Callers::with_cookie(const Credentials& shown) const {
  auto browsing = access::browsing(database_, shown.cookie, shown.address, rules_, clock_.now());
  if (!browsing) return refused(shown, browsing.error());
  if (!shown.changes) return std::move(browsing->principal);
  if (!from_our_pages(shown))
    return forged(shown, browsing->principal, "another site asks for this");
  if (!browsing->shows(shown.csrf))
    return forged(shown, browsing->principal,
                  "show the session's anti-forgery token: X-CSRF-Token");
  return std::move(browsing->principal);
}

// Somebody's browser was made to ask for it: they should know.
Answer Callers::forged(const Credentials& shown, const access::Principal& who,
                       std::string_view why) const {
  const audit::Note note{
      .what = shown.what, .detail = std::string(why), .outcome = audit::Outcome::refused};
  auto noted = audit::append(database_, note, access::person(who, "", shown.request), clock_.now());
  return noted ? problem(403, "forbidden", why) : operations::problem_of(noted.error());
}

// Of what is no good, the words are access's: they say nothing a thief could use.
Answer Callers::refused(const Credentials& shown, const Error& error) const {
  if (error.code() != Errc::forbidden) return operations::problem_of(error);
  limits_.tried_in_vain(shown.address, clock_.steady());
  return unauthorized(error.message());
}

}  // namespace hotclock::api
