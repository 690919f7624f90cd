#include "service/api/theme_pages.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "service/api/answers.h"
#include "service/api/festival_preview.h"
#include "service/api/reading.h"

namespace hotclock::api {
namespace {

constexpr std::string_view themes = "/theme/", bonuses = "/bonuses/";
constexpr std::size_t longest_query = 256;
constexpr std::size_t most_versions = 256;   // kept ready, besides the newest
constexpr std::size_t most_countries = 700;  // more than there can be of two letters, and GLOBAL

constexpr std::string_view asks_again = "public, no-cache";
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

// An answer that was found once stays right.
constexpr FreshSettings once{.lasts = std::chrono::days{365}, .between = std::chrono::seconds{1}};

// "NP/upcoming.json" -> "NP" and "/upcoming.json".
struct Address {
  std::string_view country;
  std::string_view page;
};
Address address_of(std::string_view path, std::string_view prefix) {
  path.remove_prefix(prefix.size());
  const auto end = std::min(path.find_first_of("./"), path.size());
  return {path.substr(0, end), path.substr(end)};
}

http::Response no_page() { return problem(404, "there is no such page"); }
http::Response no_country() {
  return problem(400, "a country is two letters, such as NP, or GLOBAL for all others");
}
http::Response not_kept() { return problem(404, "that version is not kept here"); }

http::Response nothing_comes() {
  return {.status = 204, .headers = {{"Cache-Control", std::string(for_nobody_else)}}};
}

// What a browser asks before it sends a token to another origin.
http::Response preflight() {
  return {.status = 204,
          .headers = {{"Access-Control-Allow-Methods", "GET, HEAD"},
                      {"Access-Control-Allow-Headers", "Authorization, If-None-Match"},
                      {"Access-Control-Max-Age", "86400"}}};
}

// Pages of any origin may read it: what is for some alone wants a token, and no browser sends that
// by itself.
void dress(const http::Request&, http::Response& response) {
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Access-Control-Expose-Headers", "ETag, Retry-After");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

// What is wrong with any request for these pages, and preflights.
std::optional<http::Response> gate(http::Request& request) {
  if (request.query.size() > longest_query) return problem(400, "the query is too long");
  if (request.method == "OPTIONS") return preflight();
  return std::nullopt;
}

}  // namespace

ThemePages::ThemePages(Ground ground, const config::ThemesConfig& settings, theme::Rules rules)
    : ground_(ground),
      settings_(settings),
      rules_(std::move(rules)),
      wardrobe_(ground.workers, ground.loop, {},
                [this](const auto& before, const std::stop_token& stop) {
                  return Wardrobe::read(ground_.database, rules_, before, stop);
                }),
      versions_(ground.workers, ground.loop, once, most_versions,
                [this](const auto& key,
                       const std::stop_token& stop) -> Result<std::shared_ptr<const Kept>> {
                  auto one = read_version(ground_.database, rules_, key.first, key.second, stop);
                  if (!one) return std::move(one).error();
                  return std::make_shared<const Kept>(Kept{std::move(one).value()});
                }),
      upcoming_(ground.workers, ground.loop, {}, most_countries,
                [this](const std::string& country,
                       const std::stop_token& stop) -> Result<std::shared_ptr<const std::string>> {
                  const Instant now = ground_.clock.now();
                  auto next = read_upcoming(ground_.database, rules_, country, now,
                                            now + settings_.preload_ahead, stop);
                  if (!next) return std::move(next).error();
                  return std::make_shared<const std::string>(*next ? theme::to_json(**next) : "");
                }) {}

void ThemePages::serve(http::Server& server) {
  server.route({.prefix = std::string(themes),
                .methods = {"GET", "OPTIONS"},
                .handler = [this](http::Exchange exchange) { answer_theme(std::move(exchange)); },
                .body_bytes = 0,
                .gate = gate,
                .dress = dress});
  server.route({.prefix = std::string(bonuses),
                .methods = {"GET", "OPTIONS"},
                .handler = [this](http::Exchange exchange) { answer_bonuses(std::move(exchange)); },
                .body_bytes = 0,
                .gate = gate,
                .dress = dress});
}

void ThemePages::answer_theme(http::Exchange exchange) {
  const Address address = address_of(exchange.request().path, themes);
  const bool is_json = address.page == ".json";
  const bool is_current = is_json || address.page == ".css";
  if (!is_current && address.page != "/upcoming.json" && address.page != "/preview")
    return exchange.respond(no_page());
  auto country = country_in(address.country);
  if (!country) return exchange.respond(no_country());
  if (address.page == "/upcoming.json") return answer_upcoming(std::move(exchange), *country);
  if (address.page == "/preview") return answer_preview(std::move(exchange), *std::move(country));
  const std::string_view version = exchange.request().parameter("v");
  const std::int64_t number = number_in(version);
  if (!version.empty() && number < 0)
    return exchange.respond(problem(400, "v is the number of a version, such as v=4"));
  Wanted wanted{waiting(std::move(exchange)), *std::move(country),
                is_json ? &Rendered::json : &Rendered::css};
  if (number < 0) return answer_current(std::move(wanted));
  answer_version(std::move(wanted), number);
}

void ThemePages::answer_bonuses(http::Exchange exchange) {
  const Address address = address_of(exchange.request().path, bonuses);
  if (address.page != ".json") return exchange.respond(no_page());
  auto country = country_in(address.country);
  if (!country) return exchange.respond(no_country());
  answer_current({waiting(std::move(exchange)), *std::move(country), &Rendered::bonuses});
}

void ThemePages::answer_current(Wanted wanted) {
  wardrobe_.get([this, wanted = std::move(wanted)](const auto& wardrobe) {
    if (!wardrobe) return wanted.waiting->respond(refused(ground_, wardrobe.error()));
    const Encoded& part = (*wardrobe)->of(wanted.country).*wanted.part;
    wanted.waiting->respond(part.answer(wanted.waiting->request(), asks_again));
  });
}

// A client may have been told of a version by another node, before this one asked the database.
void ThemePages::answer_version(Wanted wanted, std::int64_t version) {
  const auto known = [this, wanted, version](const auto& wardrobe) {
    if (!wardrobe) return wanted.waiting->respond(refused(ground_, wardrobe.error()));
    answer_known(wanted, version, (*wardrobe)->of(wanted.country));
  };
  wardrobe_.get([this, wanted, version, known](const auto& wardrobe) {
    const bool behind = wardrobe && (*wardrobe)->of(wanted.country).version < version;
    if (behind) return wardrobe_.get_newer(known);
    known(wardrobe);
  });
}

// For a country that wears GLOBAL's, an address must not stand for that for ever: it may get a
// theme of its own, with that number.
void ThemePages::answer_known(const Wanted& wanted, std::int64_t version, const Rendered& newest) {
  const auto keep = newest.country == wanted.country ? for_ever : asks_again;
  const auto respond = [wanted, keep](const Rendered& document) {
    wanted.waiting->respond((document.*wanted.part).answer(wanted.waiting->request(), keep));
  };
  if (version < 1 || version > newest.version) return wanted.waiting->respond(not_kept());
  if (version == newest.version) return respond(newest);
  versions_.get({newest.country, version}, [this, wanted, respond](const auto& kept) {
    if (!kept) return wanted.waiting->respond(refused(ground_, kept.error()));
    if (!(*kept)->document) return wanted.waiting->respond(not_kept());
    respond(*(*kept)->document);
  });
}

void ThemePages::answer_upcoming(http::Exchange exchange, const std::string& country) {
  if (settings_.preload != config::Preload::everyone) {
    const Need need = settings_.preload == config::Preload::editors ? Need::editor : Need::user;
    auto who = ground_.access.look(exchange.request(), need);
    if (auto* no = std::get_if<http::Response>(&who)) return exchange.respond(std::move(*no));
  }
  upcoming_.get(country, [this, asks = waiting(std::move(exchange))](const auto& next) {
    if (!next) return asks->respond(refused(ground_, next.error()));
    const std::string& text = **next;
    asks->respond(text.empty() ? nothing_comes() : private_answer(text, json_type));
  });
}

void ThemePages::answer_preview(http::Exchange exchange, std::string country) {
  auto who = ground_.access.look(exchange.request(), Need::editor);
  if (auto* no = std::get_if<http::Response>(&who)) return exchange.respond(std::move(*no));
  const std::int64_t id = number_in(exchange.request().parameter("festival"));
  if (id < 1) return exchange.respond(problem(400, "say which festival: preview?festival=3"));
  const std::string format(exchange.request().parameter("format"));
  answer(ground_, std::move(exchange),
         [this, id, format, country = std::move(country)](const std::stop_token&) {
           return festival_preview({ground_.database, ground_.clock, rules_}, id, country, format);
         });
}

}  // namespace hotclock::api
