#include "service/access/access_support.h"

#include <fmt/format.h>

#include "service/schema/schema.h"

namespace hotclock::access {

void must(Result<> result) {
  if (!result) ADD_FAILURE() << result.error().message();
}

AccessTest::AccessTest() {
  database_ = must(sql::open(place_.url(), {.create = true}));
  must(schema::migrate(*database_, t0));
}

NewToken AccessTest::make(const std::string& name, Grant grant) {
  return make(TokenOrder{.name = name, .grant = std::move(grant)});
}
NewToken AccessTest::make(const TokenOrder& order) {
  return must(make_token(db(), order, boss_, t0));
}

Principal AccessTest::with_token(const std::string& name, Grant grant) {
  return must(principal_of(db(), make(name, std::move(grant)).text, "10.0.0.7", t0));
}

std::string AccessTest::last_act() {
  const auto newest = must(audit::list(db(), {.limit = 1}));
  if (newest.empty()) return "nothing";
  const audit::Entry& e = newest.front();
  return fmt::format("{} by {}: {}; {} > {}", e.what, e.who, e.detail, e.was, e.became);
}

std::string AccessTest::dump() {
  std::string all;
  auto transaction = must(db().read());
  std::vector<std::pair<std::string, std::string>> columns;
  {
    const sql::Statement listed{"test.columns", db().dialect().columns};
    auto rows = must(transaction->query(listed));
    while (rows->next()) columns.emplace_back(rows->text(0), rows->text(1));
  }
  for (const auto& [table, column] : columns) {
    const std::string question = fmt::format("SELECT CAST({} AS TEXT) FROM {}", column, table);
    const std::string name = fmt::format("test.dump.{}.{}", table, column);
    auto rows = must(transaction->query({name, question}));
    while (rows->next()) all += fmt::format("{}.{}={}\n", table, column, rows->text(0));
    must(rows->end());
  }
  return all;
}

}  // namespace hotclock::access
