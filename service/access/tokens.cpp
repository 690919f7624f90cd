#include "service/access/tokens.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/utf8.h"
#include "service/access/principal_json.h"
#include "service/access/secrets.h"
#include "service/access/sessions.sql.h"
#include "service/access/token_text.h"
#include "service/access/tokens.sql.h"
#include "service/net/networks.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::access {
namespace text = stmt::tokens;

namespace {

constexpr Duration between_notes = std::chrono::minutes{1};
// A request does not wait long for the note of its token's use.
constexpr Duration patience_for_a_note = std::chrono::milliseconds{500};
constexpr Duration longest_life = std::chrono::days{3660};
constexpr std::size_t longest_name = 100;

// A token with what only the database knows of it.
struct Kept {
  Token token;
  std::string line, secret_hash;
};

Result<Kept> kept_of(const sql::Rows& row) {
  auto grant = grant_of(row.text(5), row.text(6), row.text(7));
  if (!grant) return std::move(grant).error().within(fmt::format("token {}", row.integer(0)));
  Kept kept;
  Token& token = kept.token;
  token.id = row.integer(0);
  token.key_id = row.text(1);
  kept.line = row.text(2);
  kept.secret_hash = row.text(3);
  token.name = row.text(4);
  token.grant = std::move(grant).value();
  token.networks = words_of(row.text(8));
  token.created_at = row.instant(9);
  token.created_by = row.text(10);
  token.expires_at = row.instant_or_none(11);
  token.revoked_at = row.instant_or_none(12);
  token.revoked_by = row.text(13);
  token.last_used_at = row.instant_or_none(14);
  token.last_used_from = row.text(15);
  return kept;
}

Result<Kept> find(sql::Transaction& transaction, std::int64_t id) {
  auto found = try_first_row(transaction, text::by_id, {id}, kept_of);
  if (!found) return std::move(found).error();
  if (!*found) return Error(Errc::not_found, fmt::format("there is no token {}", id));
  return **std::move(found);
}

// ---------------------------------------------------------------- orders

bool is_pattern(std::string_view job) {
  if (job.ends_with('*')) job.remove_suffix(1);
  return job.size() <= longest_name && std::ranges::all_of(job, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && is_well_formed(name) &&
         name.front() != ' ' && name.back() != ' ' &&
         std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

using Problems = std::vector<std::string>;

void look_at(const Grant& grant, Problems& problems) {
  for (const Right right : grant.rights)
    if (!has(grant.role, right))
      problems.push_back(fmt::format("role {} does not hold {}, so it cannot be given of it",
                                     to_string(grant.role), to_string(right)));
  for (const std::string& job : grant.jobs)
    if (job.empty() || !is_pattern(job))
      problems.push_back(
          fmt::format("\"{}\" is no job; write a name, or its beginning and a *: \"og-*\"", job));
}

Result<> judged(const Problems& problems) {
  if (problems.empty()) return {};
  return Error(Errc::invalid, fmt::format("{}", fmt::join(problems, "; ")));
}

Result<> check(const TokenOrder& order) {
  Problems problems;
  if (!is_name(order.name))
    problems.push_back(
        fmt::format("a token needs the name of its owner: 1 to {} letters", longest_name));
  look_at(order.grant, problems);
  for (const std::string& network : order.networks)
    if (const auto read = net::read_network(network); !read)
      problems.push_back(read.error().message());
  if (order.lasts && (*order.lasts <= Duration::zero() || *order.lasts > longest_life))
    problems.emplace_back("a token lasts longer than no time and at most ten years");
  return judged(problems);
}

// ---------------------------------------------------------------- making

// Writes a new token; an empty `line` begins one.
Result<NewToken> written(sql::Transaction& transaction, const TokenOrder& order, std::string line,
                         const std::string& by, Instant now) {
  auto text = new_token_text();
  if (!text) return std::move(text).error();
  NewToken made{.token = {}, .text = std::move(text).value()};
  Token& token = made.token;
  token.key_id = std::string(read_token(made.text)->key_id);
  token.name = order.name;
  token.grant = order.grant;
  token.networks = order.networks;
  token.created_at = now;
  token.created_by = by;
  if (order.lasts) token.expires_at = now + *order.lasts;
  if (line.empty()) line = token.key_id;
  const std::string hash = hash_of(made.text), rights = joined(order.grant.rights),
                    jobs = joined(order.grant.jobs), networks = joined(order.networks);
  auto id =
      try_first_row(transaction, text::make,
                    {token.key_id, line, hash, order.name, to_string(order.grant.role), rights,
                     jobs, networks, now, by, sql::param(token.expires_at)},
                    [](const sql::Rows& row) { return Result<std::int64_t>(row.integer(0)); });
  if (!id) return std::move(id).error();
  token.id = id->value_or(0);
  return made;
}

std::string in_words(const Token& token) {
  std::string words = fmt::format("{} ({}) for {}", token.id, token.key_id, token.name);
  if (!token.networks.empty()) words += fmt::format(", from {}", fmt::join(token.networks, ", "));
  if (token.expires_at) words += ", until " + hotclock::to_string(*token.expires_at);
  return words;
}

Result<> noted(sql::Transaction& transaction, std::string_view what, const Token& token,
               std::string was, std::string became, const audit::Person& by, Instant now) {
  return audit::append(
      transaction,
      {.what = what, .detail = in_words(token), .was = std::move(was), .became = std::move(became)},
      by, now);
}

// ---------------------------------------------------------------- ends

// Why it can be replaced or changed no more; nothing where it can.
Result<> stands(sql::Transaction& transaction, const Kept& kept, Instant now) {
  const Token& token = kept.token;
  if (token.revoked_at)
    return Error(Errc::conflict,
                 fmt::format("token {} was revoked by {}", token.id, token.revoked_by));
  if (!token.is_good(now))
    return Error(Errc::conflict, fmt::format("token {} has expired", token.id));
  auto newest =
      try_first_row(transaction, text::newest_of_line, {kept.line},
                    [](const sql::Rows& row) { return Result<std::int64_t>(row.integer(0)); });
  if (!newest) return std::move(newest).error();
  if (**newest == token.id) return {};
  return Error(Errc::conflict,
               fmt::format("token {} was replaced: {} is in its place", token.id, **newest));
}

// The same, once a statement has changed its row, and so holds it: where it changed none, somebody
// was faster.
Result<> stands(sql::Transaction& transaction, const Kept& kept,
                const Result<std::int64_t>& changed, Instant now) {
  if (!changed) return changed.error();
  auto open = stands(transaction, kept, now);
  if (!open || *changed > 0) return open;
  return Error(Errc::conflict, fmt::format("token {} ended just now", kept.token.id));
}

// For whoever shows it; nothing of why.
Error not_good() {
  return Error(Errc::forbidden, "this token is not known, has ended, or is not good from here");
}

// The note is a courtesy: no request fails for it, and the next one tries again.
void note_use(sql::Database& database, const Token& token, std::string_view address, Instant now) {
  const Instant a_while_ago = now - between_notes;
  if (token.last_used_at && *token.last_used_at > a_while_ago) return;
  auto transaction = database.write({.stop = {}, .deadline = patience_for_a_note});
  if (!transaction) return;
  const auto used = (*transaction)->exec(text::used, {token.id, now, address, a_while_ago});
  if (used) static_cast<void>((*transaction)->commit());
}

Result<Standing> standing_of(const sql::Rows& row, Instant now) {
  Standing standing{row.integer(0), std::string(row.text(1)), {}, {}};
  const auto expires_at = row.instant_or_none(4);
  if (!row.is_null(2) || !row.is_null(3))
    standing.ended = "the token was revoked";
  else if (expires_at && *expires_at <= now)
    standing.ended = "the token has expired";
  auto grant = grant_of(row.text(5), row.text(6), row.text(7));
  if (!grant) return std::move(grant).error();
  standing.grant = std::move(grant).value();
  return standing;
}

}  // namespace

Result<NewToken> make_token(sql::Database& database, const TokenOrder& order,
                            const audit::Person& by, Instant now) {
  if (auto right = check(order); !right) return std::move(right).error();
  return sql::in_one(
      database.write(), "make a token", [&](sql::Transaction& sql) -> Result<NewToken> {
        auto made = written(sql, order, {}, by.name, now);
        if (!made) return made;
        auto done = noted(sql, "token.make", made->token, {}, to_words(order.grant), by, now);
        return done ? std::move(made) : std::move(done).error();
      });
}

Result<NewToken> rotate_token(sql::Database& database, std::int64_t id, Duration overlap,
                              const audit::Person& by, Instant now) {
  if (overlap < Duration::zero())
    return Error(Errc::invalid, "an overlap is not less than nothing");
  return sql::in_one(database.write(), "rotate a token",
                     [&](sql::Transaction& sql) -> Result<NewToken> {
                       auto old = find(sql, id);
                       if (!old) return std::move(old).error();
                       // Holds the row: of two who rotate it at once, the other then sees what was
                       // put in its place.
                       const auto ends = sql.exec(text::let_end, {id, now + overlap, now});
                       if (auto open = stands(sql, *old, ends, now); !open)
                         return std::move(open).error();
                       const Token& token = old->token;
                       TokenOrder order{token.name, token.grant, token.networks, {}};
                       if (token.expires_at) order.lasts = *token.expires_at - token.created_at;
                       auto made = written(sql, order, old->line, by.name, now);
                       if (!made) return made;
                       auto done = noted(sql, "token.rotate", made->token, in_words(token),
                                         to_words(token.grant), by, now);
                       return done ? std::move(made) : std::move(done).error();
                     });
}

Result<> revoke_token(sql::Database& database, std::int64_t id, const audit::Person& by,
                      Instant now) {
  return sql::in_one(database.write(), "revoke a token", [&](sql::Transaction& sql) -> Result<> {
    auto kept = find(sql, id);
    if (!kept) return std::move(kept).error();
    auto revoked = sql.exec(text::revoke, {id, now, by.name});
    if (!revoked) return std::move(revoked).error();
    if (*revoked == 0) return Error(Errc::conflict, fmt::format("token {} was revoked before", id));
    auto ended = sql.exec(stmt::sessions::end_of_token, {id, now});
    if (!ended) return std::move(ended).error();
    return noted(sql, "token.revoke", kept->token, to_words(kept->token.grant), {}, by, now);
  });
}

Result<Token> change_grant(sql::Database& database, std::int64_t id, const Grant& grant,
                           const audit::Person& by, Instant now) {
  Problems problems;
  look_at(grant, problems);
  if (auto right = judged(problems); !right) return std::move(right).error();
  return sql::in_one(
      database.write(), "change a token", [&](sql::Transaction& sql) -> Result<Token> {
        auto kept = find(sql, id);
        if (!kept) return std::move(kept).error();
        const std::string rights = joined(grant.rights), jobs = joined(grant.jobs);
        const auto changed =
            sql.exec(text::regrant, {id, to_string(grant.role), rights, jobs, now});
        if (auto open = stands(sql, *kept, changed, now); !open) return std::move(open).error();
        Token token = std::move(kept->token);
        std::string was = to_words(std::exchange(token.grant, grant));
        auto done = noted(sql, "token.change", token, std::move(was), to_words(grant), by, now);
        return done ? Result<Token>(std::move(token)) : std::move(done).error();
      });
}

Result<std::vector<Token>> list_tokens(sql::Database& database) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("list tokens");
  auto all = try_all_rows(**transaction, text::every, {}, kept_of);
  if (!all) return std::move(all).error().within("list tokens");
  std::vector<Token> tokens;
  for (Kept& kept : *all) tokens.push_back(std::move(kept.token));
  return tokens;
}

Result<Token> find_token(sql::Database& database, std::int64_t id) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("find a token");
  auto kept = find(**transaction, id);
  if (!kept) return std::move(kept).error();
  return std::move(kept->token);
}

Result<Principal> principal_of(sql::Database& database, std::string_view shown,
                               std::string_view address, Instant now) {
  const auto read = read_token(shown);
  if (!read) return not_good();
  std::optional<Kept> kept;
  {
    auto transaction = database.read();
    if (!transaction) return std::move(transaction).error().within("look at a token");
    auto found = try_first_row(**transaction, text::by_key, {read->key_id}, kept_of);
    if (!found) return std::move(found).error().within("look at a token");
    kept = std::move(found).value();
  }
  if (!kept || !same_hash(kept->secret_hash, hash_of(shown))) return not_good();
  Token& token = kept->token;
  if (!token.is_good(now) || !net::is_from(token.networks, address)) return not_good();
  note_use(database, token, address, now);
  return Principal{std::move(token.name), std::move(token.grant), std::string(address), token.id};
}

Result<std::vector<Standing>> standings(sql::Transaction& transaction, std::int64_t first,
                                        std::int64_t last, Instant now) {
  return try_all_rows(transaction, text::standings, {first, last},
                      [now](const sql::Rows& row) { return standing_of(row, now); });
}

std::string objection(const Standing& standing, Right right, std::string_view job) {
  if (!standing.ended.empty()) return standing.ended;
  const auto allowed = may({standing.name, standing.grant, {}, standing.token}, right, job);
  return allowed ? std::string() : allowed.error().message();
}

Result<Principal> still(sql::Database& database, const Principal& principal, Instant now) {
  if (!principal.token) return principal;
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("look at a token");
  auto found = standings(**transaction, *principal.token, *principal.token, now);
  if (!found) return std::move(found).error().within("look at a token");
  const auto no = [&principal](std::string_view why) {
    return Error(Errc::forbidden, fmt::format("{} may no longer: {}", principal.name, why));
  };
  if (found->empty()) return no("the token is gone");
  Standing& standing = found->front();
  if (!standing.ended.empty()) return no(standing.ended);
  Principal now_granted = principal;
  now_granted.grant = std::move(standing.grant);
  return now_granted;
}

Result<std::optional<NewToken>> first_token(sql::Database& database, Instant now) {
  constexpr std::string_view step = "make the first token";
  const TokenOrder order{.name = "admin", .grant = {.role = Role::admin}};
  const audit::Person by{"hotclock", "no token had ever been made"};
  using None = std::optional<NewToken>;
  // The link of the audit lets one at a time in; where nothing is made, it is given back.
  const sql::Question first[] = {audit::next_link()};
  auto asked = database.ask_alone(first);
  if (!asked) return std::move(asked).error().within(step);
  auto link = audit::link_of(*asked->answers[0]);
  if (!link) return std::move(link).error().within(step);
  sql::Transaction& sql = *asked->transaction;
  auto any = try_first_row(sql, text::any, {}, [](const sql::Rows& row) {
    return Result<std::int64_t>(row.integer(0));
  });
  if (!any) return std::move(any).error().within(step);
  if (*any) return None();
  auto made = written(sql, order, {}, by.name, now);
  if (!made) return std::move(made).error().within(step);
  auto done = audit::append(
      sql, *link,
      {.what = "token.make", .detail = in_words(made->token), .became = to_words(order.grant)}, by,
      now);
  if (done) done = sql.commit();
  if (!done) return std::move(done).error().within(step);
  return None(std::move(made).value());
}

}  // namespace hotclock::access
