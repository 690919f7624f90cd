// Tokens for the API: made once, shown once, kept as a hash, good on every node until they end.
//
//   hc_7f3k9q2m_9Zc...43 letters...   the key id, which may be seen, and the secret
//
// Whoever shows one is looked up in the database each time, by its key id: a token that was revoked
// on one node is good on none from the next call on. Nobody who reads the database can make a token
// of what stands there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/access/principal.h"
#include "service/sql/sql.h"

namespace hotclock::access {

// Whom a token is for: a person (or a program) by name, who may have several. Networks are
// addresses or "10.0.0.0/8"; empty: from anywhere.
struct TokenOrder {
  std::string name;
  Grant grant;
  std::vector<std::string> networks = {};
  std::optional<Duration> lasts = {};  // none: until it is revoked
};

struct Token {
  std::int64_t id = 0;
  std::string key_id;
  std::string name;
  Grant grant;
  std::vector<std::string> networks;
  Instant created_at;
  std::string created_by;
  std::optional<Instant> expires_at, revoked_at, last_used_at;
  std::string revoked_by, last_used_from;

  bool is_good(Instant now) const { return !revoked_at && (!expires_at || now < *expires_at); }
};

struct NewToken {
  Token token;
  std::string text;  // what its owner keeps; nobody can be shown it again
};

// Errc::invalid lists what is wrong with the order. Each is one transaction with its audit row.
Result<NewToken> make_token(sql::Database& database, const TokenOrder& order,
                            const audit::Person& by, Instant now);
// A new one in its place, for the same person, rights and span of time; the old one is good for
// `overlap` longer, and what was asked for with it stands. Errc::not_found; Errc::conflict where it
// has ended or was replaced already.
Result<NewToken> rotate_token(sql::Database& database, std::int64_t id, Duration overlap,
                              const audit::Person& by, Instant now);
// From the next request on, on every node. Its sessions end with it.
Result<> revoke_token(sql::Database& database, std::int64_t id, const audit::Person& by,
                      Instant now);
// What its owner may do from now on. Errc::not_found, Errc::invalid, Errc::conflict as above.
Result<Token> change_grant(sql::Database& database, std::int64_t id, const Grant& grant,
                           const audit::Person& by, Instant now);
Result<std::vector<Token>> list_tokens(sql::Database& database);
Result<Token> find_token(sql::Database& database, std::int64_t id);

// Who shows this token, from there. Errc::forbidden in words that say nothing a thief could use:
// unknown, ended and revoked read alike, and so does one that is not good from there. Compares in
// constant time; notes the last use, at most once a minute: where that cannot be written, the next
// request's note is tried.
Result<Principal> principal_of(sql::Database& database, std::string_view text,
                               std::string_view address, Instant now);

// What a token stands for now: that of its place, if it was rotated.
struct Standing {
  std::int64_t token = 0;
  std::string name;
  Grant grant;
  std::string ended;  // "the token was revoked": nothing is granted; empty: it stands
};
// Of all tokens from one id to another. There are few.
Result<std::vector<Standing>> standings(sql::Transaction& transaction, std::int64_t first,
                                        std::int64_t last, Instant now);
// Why who asked with this token may not have it done now; empty where he may.
std::string objection(const Standing& standing, Right right, std::string_view job);

// Who asked a while ago, with what his token is granted now. Errc::forbidden where it was revoked
// or has expired. Who came without a token is what he was.
Result<Principal> still(sql::Database& database, const Principal& principal, Instant now);

// The first token of a database: an admin's, where there is none at all; nothing where there is
// one, or was. Of two nodes that start at once, one gets it.
Result<std::optional<NewToken>> first_token(sql::Database& database, Instant now);

}  // namespace hotclock::access
