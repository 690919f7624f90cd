// Tokens for the API: made once, shown once, kept as a hash, good on every node until they end.
//
//   hc_7f3k9q2m_9Zc...43 letters...   the key id, which may be seen, and the secret
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

// Whom a token is for. Networks are addresses or "10.0.0.0/8"; empty: from anywhere.
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
};

struct NewToken {
  Token token;
  std::string text;  // what its owner keeps; nobody can be shown it again
};

// Errc::invalid lists what is wrong with the order. Each is one transaction with its audit row.
Result<NewToken> make_token(sql::Database& database, const TokenOrder& order,
                            const audit::Person& by, Instant now);
// A new one in its place; the old one is good for `overlap` longer. Errc::not_found, Errc::conflict.
Result<NewToken> rotate_token(sql::Database& database, std::int64_t id, Duration overlap,
                              const audit::Person& by, Instant now);
// From the next request on, on every node. Its sessions end with it.
Result<> revoke_token(sql::Database& database, std::int64_t id, const audit::Person& by, Instant now);
Result<std::vector<Token>> list_tokens(sql::Database& database);
Result<Token> find_token(sql::Database& database, std::int64_t id);

// Who shows this token, from there. Errc::forbidden in words that say nothing a thief could use: unknown,
// ended and revoked read alike. Compares in constant time; notes the last use, at most once a minute.
Result<Principal> principal_of(sql::Database& database, std::string_view text,
                               std::string_view address, Instant now);

// The first token of a database: an admin's, where there is none at all; nothing where there is one.
Result<std::optional<NewToken>> first_token(sql::Database& database, Instant now);

}  // namespace hotclock::access
