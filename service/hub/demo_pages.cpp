#include "service/hub/demo_pages.h"

#include <charconv>
#include <optional>

#include "service/auth/signing.h"
#include "web/assets.h"

namespace hotclock::hub {
namespace {

constexpr Duration token_lasts = std::chrono::hours{1};

std::optional<std::int64_t> user_of(std::string_view text) {
  std::int64_t user = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), user);
  if (failed != std::errc() || end != text.data() + text.size() || user < 1) return std::nullopt;
  return user;
}

http::Response token_for(const http::Request& request, const Clock& clock,
                         const std::string& secret) {
  const auto user = user_of(request.parameter("user"));
  if (!user)
    return http::Response::text(400, R"({"error":"say whose token: /demo/token?user=17"})",
                                "application/json");
  const auto token =
      auth::sign_hs256(secret, {.user = *user, .expires_at = clock.now() + token_lasts});
  auto response = http::Response::text(200, R"({"token":")" + token + "\"}", "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
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

void serve_demo(http::Server& server, const Clock& clock, std::string secret) {
  server.route({.prefix = "=/", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
                  exchange.respond(to_the_page());
                }});
  server.route({.prefix = "/demo/", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
                  exchange.respond(page(exchange.request()));
                }});
  server.route({.prefix = "=/demo/token",
                .methods = {"GET"},
                .handler = [&clock, secret = std::move(secret)](http::Exchange exchange) {
                  exchange.respond(token_for(exchange.request(), clock, secret));
                }});
}

}  // namespace hotclock::hub
