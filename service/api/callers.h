// Who asks the API: whoever shows a token, or the cookie of a session that was begun with one.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "scheduler/base/clock.h"
#include "service/access/sessions.h"
#include "service/api/limits.h"
#include "service/http/request.h"
#include "service/operations/operation.h"
#include "service/sql/sql.h"

namespace hotclock::api {

// What a request says of who sends it.
struct Credentials {
  std::string token;   // of Authorization: Bearer
  std::string cookie;  // the session's secret
  std::string csrf;    // of X-CSRF-Token
  std::string origin, fetch_site, host;
  std::string address;
  bool secure = false;  // it came over TLS
  bool changes = false;
  std::string what, request;  // as the audit has them

  bool any() const { return !token.empty() || !cookie.empty(); }
  static Credentials of(const http::Request& request);
};

// The names of a session's cookies: those that a browser takes from a secure connection alone, or,
// on loopback without TLS, those that it takes.
std::string_view session_cookie(bool secure);
std::string_view csrf_cookie(bool secure);

// Threads: any. What is handed in outlives it.
class Callers {
 public:
  Callers(sql::Database& database, const Clock& clock, Limits& limits, access::SessionRules rules)
      : database_(database), clock_(clock), limits_(limits), rules_(rules) {}

  // Who it is, or the answer: 401 without something good to show, 403 where a browser was made to
  // ask by another site (which stands in the audit), 429.
  std::variant<access::Principal, operations::Answer> look(const Credentials& shown) const;
  const access::SessionRules& rules() const { return rules_; }

 private:
  Result<access::Principal> with_token(const Credentials& shown) const;
  std::variant<access::Principal, operations::Answer> with_cookie(const Credentials& shown) const;
  operations::Answer refused(const Credentials& shown, const Error& error) const;
  operations::Answer forged(const Credentials& shown, const access::Principal& who,
                            std::string_view why) const;

  sql::Database& database_;
  const Clock& clock_;
  Limits& limits_;
  const access::SessionRules rules_;
};

}  // namespace hotclock::api
