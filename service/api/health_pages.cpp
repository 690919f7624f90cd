#include "service/api/health_pages.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/api/answers.h"
#include "service/api/health_pages.sql.h"
#include "service/schema/schema.h"
#include "service/sql/rows.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;

constexpr Duration patience = std::chrono::seconds{2};

Result<std::int64_t> newest_migration(sql::Database& database, const std::stop_token& stop) {
  auto tx = database.glance({.stop = stop, .deadline = patience});
  if (!tx) return std::move(tx).error();
  auto newest = sql::first_row(
      **tx, stmt::health_pages::newest_migration, {},
      [](const sql::Rows& row) { return row.is_null(0) ? std::int64_t{0} : row.integer(0); });
  if (!newest) return std::move(newest).error();
  return newest->value_or(0);
}

json::object check(std::string_view name, bool ok, std::string_view detail) {
  return {{"name", name}, {"ok", ok}, {"detail", detail}};
}

http::Response page(int status, std::string text) {
  auto response = private_answer(std::move(text), json_type);
  response.status = status;
  return response;
}

}  // namespace

HealthPages::HealthPages(Ground ground)
    : health_(ground.workers, ground.loop, {},
              [&database = ground.database](const auto&, const std::stop_token& stop) {
                return Result(std::make_shared<const Health>(look(database, stop)));
              }) {}

// Of an error only its kind is told: the words may name what is not everybody's to know.
HealthPages::Health HealthPages::look(sql::Database& database, const std::stop_token& stop) {
  const auto newest = newest_migration(database, stop);
  const std::int64_t known = schema::migrations().back().version;
  const bool migrated = newest && *newest == known;
  json::array checks;
  checks.push_back(
      check("database", newest.has_value(), newest ? "answers" : to_string(newest.error().code())));
  checks.push_back(check("schema", migrated,
                         migrated ? "up to date"
                         : newest ? "another version"
                                  : "not known"));
  return {migrated,
          json::serialize(json::object{{"ready", migrated}, {"checks", std::move(checks)}})};
}

void HealthPages::serve(http::Server& server) {
  server.route({.prefix = "=/livez", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
                  exchange.respond(page(200, R"({"live":true})"));
                }});
  server.route(
      {.prefix = "=/readyz", .methods = {"GET"}, .handler = [this](http::Exchange exchange) {
         const Waiting asks = waiting(std::move(exchange));
         health_.get([asks](const Result<std::shared_ptr<const Health>>& health) {
           if (health)
             asks->respond(page((*health)->ready ? 200 : 503, (*health)->page));
           else
             asks->respond(problem_of(health.error()));
         });
       }});
}

}  // namespace hotclock::api
