#include "service/access/sessions.h"

#include <algorithm>

#include "service/access/principal_json.h"
#include "service/access/secrets.h"
#include "service/access/sessions.sql.h"
#include "service/access/tokens.h"
#include "service/net/networks.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::access {
namespace text = stmt::sessions;

namespace {

constexpr Duration longest_between_notes = std::chrono::minutes{1};
constexpr Duration patience_for_a_note = std::chrono::milliseconds{500};

// A session and its token, as they stand.
struct Kept {
  Browsing browsing;
  Instant seen_at, ends_at;
  std::optional<Instant> ended_at;
  Token token;

  bool is_open(const SessionRules& rules, Instant now) const {
    return !ended_at && now < ends_at && now < seen_at + rules.idle && token.is_good(now);
  }
};

Result<Kept> kept_of(const sql::Rows& row) {
  auto grant = grant_of(row.text(6), row.text(7), row.text(8));
  if (!grant) return std::move(grant).error();
  Kept kept;
  kept.browsing.csrf_hash = row.text(0);
  kept.seen_at = row.instant(1);
  kept.ends_at = row.instant(2);
  kept.ended_at = row.instant_or_none(3);
  kept.token.id = row.integer(4);
  kept.token.networks = words_of(row.text(9));
  kept.token.expires_at = row.instant_or_none(10);
  kept.token.revoked_at = row.instant_or_none(11);
  kept.browsing.principal = {std::string(row.text(5)), std::move(grant).value(), {}, kept.token.id};
  return kept;
}

// Often enough that nobody is put out much too early.
void note_seen(sql::Database& database, std::string_view hash, const Kept& kept,
               const SessionRules& rules, Instant now) {
  const Instant a_while_ago = now - std::min(longest_between_notes, rules.idle / 10);
  if (kept.seen_at > a_while_ago) return;
  auto transaction = database.write({.stop = {}, .deadline = patience_for_a_note});
  if (!transaction) return;
  const auto seen = (*transaction)->exec(text::seen, {hash, now, a_while_ago});
  if (seen) static_cast<void>((*transaction)->commit());
}

Error no_session() {
  return Error(Errc::forbidden, "there is no such session, or it has ended: sign in again");
}

}  // namespace

Result<NewSession> begin_session(sql::Database& database, const Principal& principal,
                                 const SessionRules& rules, Instant now) {
  if (!principal.token) return Error(Errc::forbidden, "a session begins with a token");
  auto secret = random_secret();
  if (!secret) return std::move(secret).error();
  auto csrf = random_secret();
  if (!csrf) return std::move(csrf).error();
  auto token = find_token(database, *principal.token);
  if (!token) return std::move(token).error();
  if (!token->is_good(now)) return no_session();
  const Instant ends_at = std::min(now + rules.longest, token->expires_at.value_or(Instant::max()));
  return sql::in_one(
      database.write(), "begin a session", [&](sql::Transaction& sql) -> Result<NewSession> {
        const std::string secret_hash = hash_of(*secret), csrf_hash = hash_of(*csrf);
        auto begun = sql.exec(
            text::begin, {secret_hash, csrf_hash, *principal.token, principal.from, now, ends_at});
        if (!begun) return std::move(begun).error();
        auto noted = audit::append(sql, {.what = "session.begin"}, person(principal, {}), now);
        if (!noted) return std::move(noted).error();
        return NewSession{*secret, *csrf, ends_at};
      });
}

bool Browsing::shows(std::string_view csrf) const { return same_hash(csrf_hash, hash_of(csrf)); }

Result<Browsing> browsing(sql::Database& database, std::string_view secret,
                          std::string_view address, const SessionRules& rules, Instant now) {
  const std::string hash = hash_of(secret);
  std::optional<Kept> kept;
  {
    auto transaction = database.read();
    if (!transaction) return std::move(transaction).error().within("look at a session");
    auto found = try_first_row(**transaction, text::find, {hash}, kept_of);
    if (!found) return std::move(found).error().within("look at a session");
    kept = std::move(found).value();
  }
  if (!kept || !kept->is_open(rules, now) || !net::is_from(kept->token.networks, address))
    return no_session();
  note_seen(database, hash, *kept, rules, now);
  kept->browsing.principal.from = address;
  return std::move(kept->browsing);
}

Result<> end_session(sql::Database& database, std::string_view secret, Instant now) {
  const std::string hash = hash_of(secret);
  return sql::in_one(database.write(), "end a session", [&](sql::Transaction& sql) -> Result<> {
    auto ended = sql.exec(text::end, {hash, now});
    return ended ? Result<>() : std::move(ended).error();
  });
}

}  // namespace hotclock::access
