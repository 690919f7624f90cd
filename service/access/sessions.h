// Sessions of people's browsers: begun with a token, kept in a cookie, ended here. Of what a
// browser holds only hashes are kept; every request looks the session up, so that one that has
// ended, or whose token has, is over on every node from the next request on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/access/principal.h"
#include "service/sql/sql.h"

namespace hotclock::access {

struct SessionRules {
  Duration idle = std::chrono::minutes{30};   // without a request
  Duration longest = std::chrono::hours{12};  // in all
};

struct NewSession {
  std::string secret;  // for the cookie
  std::string csrf;    // for the header that every change must show
  Instant ends_at;
};
// `principal` showed a token; the session ends with it at the latest. Errc::forbidden where there
// is none, or it has ended. One transaction with its audit row.
Result<NewSession> begin_session(sql::Database& database, const Principal& principal,
                                 const SessionRules& rules, Instant now);

struct Browsing {
  Principal principal;  // with what its token is granted now
  std::string csrf_hash;
  bool shows(std::string_view csrf) const;  // in constant time
};
// Errc::forbidden where there is no such session, or it or its token has ended, or the token is not
// good from `address`. That somebody was there is noted now and then, so an idle session may end a
// minute early.
Result<Browsing> browsing(sql::Database& database, std::string_view secret,
                          std::string_view address, const SessionRules& rules, Instant now);
// No error where there is none.
Result<> end_session(sql::Database& database, std::string_view secret, Instant now);

}  // namespace hotclock::access
