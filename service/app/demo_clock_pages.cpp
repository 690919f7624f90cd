#include "service/app/demo_clock_pages.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/api/answers.h"
#include "service/api/reading.h"
#include "service/demo/demo_clock.h"

namespace hotclock::app {
namespace {

namespace json = boost::json;

std::string_view name_of(const demo::Turn& turn) { return turn.begins ? "start" : "end"; }

Result<http::Response> clock_page(const api::Ground& ground, const ShiftedClock* shifted,
                                  std::string_view country) {
  const Instant now = ground.clock.now();
  auto next = demo::next_turn(ground.database, now, country);
  if (!next) return std::move(next).error();
  json::object page{{"now", to_string(now)},
                    {"shifted", shifted && shifted->ahead() != Duration::zero()},
                    {"next", nullptr}};
  if (const auto& turn = *next)
    page["next"] = {
        {"at", to_string(turn->at)}, {"name", turn->festival}, {"turn", name_of(*turn)}};
  return api::private_answer(json::serialize(page), api::json_type);
}

Result<http::Response> jumped(const api::Ground& ground, ShiftedClock* shifted,
                              std::string_view country) {
  if (!shifted)
    return Error(Errc::conflict, "the clock is the database's, which a demo does not set");
  auto turn = demo::jump(ground.database, *shifted, country);
  if (!turn && turn.error().code() != Errc::not_found) return std::move(turn).error();
  json::object page{
      {"now", to_string(ground.clock.now())}, {"festival", nullptr}, {"turn", nullptr}};
  if (turn) {
    page["festival"] = turn->festival;
    page["turn"] = name_of(*turn);
  }
  return api::private_answer(json::serialize(page), api::json_type);
}

// Of the country that the page names; of any where it names none.
std::string country_of(const http::Request& request) {
  return api::country_in(request.parameter("country")).value_or("");
}

// Browsers name the page's origin with every POST.
bool of_another_origin(const http::Request& request) {
  const std::string_view origin = request.header("origin");
  return !origin.empty() && !origin.ends_with("://" + std::string(request.header("host")));
}

}  // namespace

void serve_demo_clock(http::Server& server, const api::Ground& ground, ShiftedClock* shifted) {
  server.route({.prefix = "=/demo/clock",
                .methods = {"GET"},
                .handler = [&ground, shifted](http::Exchange exchange) {
                  const std::string country = country_of(exchange.request());
                  api::answer(ground, std::move(exchange),
                              [&ground, shifted, country](const auto&) {
                                return clock_page(ground, shifted, country);
                              });
                }});
  server.route({.prefix = "=/demo/jump",
                .methods = {"POST"},
                .handler = [&ground, shifted](http::Exchange exchange) {
                  if (of_another_origin(exchange.request()))
                    return exchange.respond(api::problem(403, "not for pages of other origins"));
                  const std::string country = country_of(exchange.request());
                  api::answer(ground, std::move(exchange),
                              [&ground, shifted, country](const auto&) {
                                return jumped(ground, shifted, country);
                              });
                }});
}

}  // namespace hotclock::app
