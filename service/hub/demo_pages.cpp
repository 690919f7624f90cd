#include "service/hub/demo_pages.h"

#include <charconv>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/auth/signing.h"
#include "service/hub/coming.sql.h"
#include "web/assets.h"

namespace hotclock::hub {
namespace json = boost::json;
namespace text = stmt::coming;

namespace {

constexpr std::int64_t most_thrones = 6, most_holders = 4, first_users = 1000;
constexpr Duration token_lasts = std::chrono::hours{1};
constexpr Duration patience = std::chrono::seconds{1};

std::optional<std::int64_t> user_of(std::string_view text) {
  std::int64_t user = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), user);
  if (failed != std::errc() || end != text.data() + text.size() || user < 1) return std::nullopt;
  return user;
}

json::object one(std::string_view name, std::string_view value) {
  json::object object;
  object[name] = value;
  return object;
}

http::Response as_json(int status, const json::value& value) {
  auto response = http::Response::text(status, json::serialize(value), "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

http::Response token_for(const http::Request& request, const Clock& clock,
                         const std::string& secret) {
  const auto user = user_of(request.parameter("user"));
  if (!user) return as_json(400, one("error", "say whose token: /demo/token?user=17"));
  auth::Claims claims{.user = *user, .expires_at = clock.now() + token_lasts};
  if (const auto role = request.parameter("role"); !role.empty())
    claims.roles = {std::string(role)};
  return as_json(200, one("token", auth::sign_hs256(secret, claims)));
}

Result<json::array> coming_thrones(sql::Transaction& tx, Instant now) {
  auto rows = tx.query(text::thrones, {now, most_thrones});
  if (!rows) return std::move(rows).error();
  json::array thrones;
  while ((*rows)->next())
    thrones.push_back({{"streamId", std::to_string((*rows)->integer(0))},
                       {"username", (*rows)->text(1)},
                       {"totalCoins", (*rows)->integer(2)},
                       {"expiresAt", to_string((*rows)->instant(3))}});
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return thrones;
}

Result<json::array> tier_holders(sql::Transaction& tx, Instant now) {
  auto rows = tx.query(text::holders, {now, first_users, most_holders});
  if (!rows) return std::move(rows).error();
  json::array holders;
  while ((*rows)->next())
    holders.push_back({{"userId", std::to_string((*rows)->integer(0))},
                       {"username", (*rows)->text(1)},
                       {"tier", (*rows)->integer(2)}});
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return holders;
}

Result<json::object> coming(sql::Database& database, Instant now) {
  auto tx = database.read({.deadline = patience});
  if (!tx) return std::move(tx).error();
  auto thrones = coming_thrones(**tx, now);
  if (!thrones) return std::move(thrones).error();
  auto holders = tier_holders(**tx, now);
  if (!holders) return std::move(holders).error();
  return json::object{{"thrones", *std::move(thrones)}, {"holders", *std::move(holders)}};
}

http::Response coming_up(sql::Database& database, Instant now) {
  auto found = coming(database, now);
  if (found) return as_json(200, *std::move(found));
  return as_json(503, one("error", found.error().message()));
}

http::Response page(const http::Request& request) {
  const web::Asset* asset =
      web::find_asset(request.path == "/" ? "/demo/" : std::string_view(request.path));
  if (!asset) return http::Response::text(404, "There is no such page.\n");
  http::Response response;
  response.headers = {{"Content-Type", std::string(asset->content_type)},
                      {"ETag", std::string(asset->etag)},
                      {"Cache-Control", "no-cache"}};
  if (request.header("if-none-match") == asset->etag)
    response.status = 304;
  else
    response.body = std::string(asset->bytes);
  return response;
}

// Where the page's relative addresses are right.
http::Response to_the_page() {
  auto response = http::Response::text(302, "");
  response.headers.emplace_back("Location", "/demo/");
  return response;
}

}  // namespace

void serve_demo(http::Server& server, sql::Database& database, const Clock& clock,
                std::string secret) {
  server.route({.prefix = "=/", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
                  exchange.respond(to_the_page());
                }});
  server.route({.prefix = "/demo/", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
                  exchange.respond(page(exchange.request()));
                }});
  server.route({.prefix = "=/demo/coming",
                .methods = {"GET"},
                .handler = [&database, &clock](http::Exchange exchange) {
                  exchange.respond(coming_up(database, clock.now()));
                }});
  server.route({.prefix = "=/demo/token",
                .methods = {"GET"},
                .handler = [&clock, secret = std::move(secret)](http::Exchange exchange) {
                  exchange.respond(token_for(exchange.request(), clock, secret));
                }});
}

}  // namespace hotclock::hub
