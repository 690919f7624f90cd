#include "service/operations/operations_support.h"

#include <variant>

#include <boost/json/serialize.hpp>

#include "service/jobs/catalogue.h"
#include "service/operations/schemas.h"
#include "service/schema/schema.h"

namespace hotclock::operations {
namespace {

std::string told(const std::vector<Problem>& problems) {
  std::string out;
  for (const Problem& one : problems) out += one.where + ": " + one.what + "\n";
  return out;
}

// "/slots?limit=3" -> the path, and the query taken apart.
void read_target(std::string_view target, Request& request) {
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  std::string_view rest = target.substr(std::min(mark + 1, target.size()));
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const std::size_t equals = std::min(one.find('='), one.size());
    request.query.emplace_back(one.substr(0, equals), one.substr(std::min(equals + 1, one.size())));
  }
}

}  // namespace

OperationsFixture::OperationsFixture() {
  database = sql::open(place_.url(), {.create = true}).value();
  EXPECT_TRUE(schema::migrate(*database, t0));
  settings();
  desk = std::make_unique<Desk>(Desk{.database = *database,
                                     .clock = clock,
                                     .settings = [this] { return settings_; },
                                     .files = [this] { return Result(settings_); },
                                     .version = "1.2.3"});
  operations = std::make_unique<Operations>(*desk);
  asha = somebody("asha", {.role = access::Role::admin});
  bela = somebody("bela", {.role = access::Role::operator_});
  vic = somebody("vic", {.role = access::Role::viewer});
}

void OperationsFixture::settings(const std::string& toml_of_bonus, const std::string& toml) {
  config::Sources sources;
  if (!toml.empty()) sources.main = config::File{"hotclock.toml", toml};
  if (!toml_of_bonus.empty()) sources.jobs.push_back({"jobs.d/og-daily-bonus.toml", toml_of_bonus});
  auto read = config::read(sources, {}, config::Jobs(jobs::defaults(), jobs::kinds()));
  ASSERT_TRUE(read) << read.error().message();
  settings_ = std::make_shared<const config::Config>(std::move(read).value());
}

access::Principal OperationsFixture::somebody(const std::string& name, const access::Grant& grant,
                                              const std::vector<std::string>& networks) {
  const auto token =
      access::make_token(*database, {.name = name, .grant = grant, .networks = networks},
                         {.name = "the test", .reason = "a test"}, clock.now());
  EXPECT_TRUE(token) << (token ? "" : token.error().message());
  return access::principal_of(*database, token->text, "127.0.0.1", clock.now()).value();
}

Answer OperationsFixture::does(const access::Principal& who, std::string_view method,
                               std::string_view target, std::string_view body,
                               std::string_view if_match) {
  Request request{.method = std::string(method),
                  .body = std::string(body),
                  .if_match = std::string(if_match),
                  .id = "request-1",
                  .key = key};
  read_target(target, request);
  Answer answer = operations->perform(who, request);
  const std::string what = std::string(method) + " " + std::string(target) + " -> " +
                           std::to_string(answer.status) + " " +
                           boost::json::serialize(answer.body);
  auto found = find(request.method, request.path);
  const auto* known = std::get_if<Found>(&found);
  if (answer.status >= 400) {
    EXPECT_EQ(told(check("Problem", answer.body)), "") << what;
  } else if (known && answer.status == known->operation->status && answer.type.empty() &&
             !known->operation->response.empty() &&
             !answer.body.as_object().contains("plan_hash")) {
    EXPECT_EQ(told(check(known->operation->response, answer.body)), "") << what;
  }
  return answer;
}

std::string OperationsFixture::text(const Answer& answer, std::string_view name) {
  const auto* value = answer.body.is_object() ? answer.body.as_object().if_contains(name) : nullptr;
  if (!value) return "(none)";
  return value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
}

boost::json::array OperationsFixture::items(const Answer& answer) {
  return answer.body.as_object().at("items").as_array();
}

std::vector<std::string> OperationsFixture::wrong(const Answer& answer) {
  std::vector<std::string> out;
  const auto* all = answer.body.as_object().if_contains("problems");
  if (!all) return out;
  for (const auto& one : all->as_array()) out.emplace_back(one.as_object().at("where").as_string());
  return out;
}

}  // namespace hotclock::operations
