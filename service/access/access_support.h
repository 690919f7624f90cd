// For tests: a database with the schema, and people with tokens.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "service/access/tokens.h"
#include "service/sql/sql_support.h"

namespace hotclock::access {

constexpr Instant t0 = from_millis(1'790'000'000'000);

// REQUIRES: it succeeded; the test fails, and throws, where it did not.
template <class T>
T must(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().message();
  return std::move(result).value();
}
void must(Result<> result);

// Why it failed: "forbidden: this token ...".
template <class T>
std::string why(const Result<T>& result) {
  if (result) return "it succeeded";
  return std::string(to_string(result.error().code())) + ": " + result.error().message();
}

class AccessTest : public testing::Test {
 protected:
  AccessTest();

  sql::Database& db() { return *database_; }
  // The same database as another node has it.
  std::unique_ptr<sql::Database> other_node() const { return sql::open(place_.url()).value(); }
  NewToken make(const std::string& name, Grant grant = {.role = Role::operator_});
  NewToken make(const TokenOrder& order);
  // Somebody who showed a token.
  Principal with_token(const std::string& name, Grant grant = {.role = Role::operator_});
  // The newest row of the audit, as "what by who: detail; was > became".
  std::string last_act();
  // Every column of every row of Hotclock's own tables, as one text.
  std::string dump();

  const audit::Person boss_{"boss", "new colleague", "10.0.0.1"};

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

}  // namespace hotclock::access
