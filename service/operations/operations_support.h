// For tests: a desk on a migrated database, people of each role, and answers that are held against
// the document that promises them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "service/access/tokens.h"
#include "service/operations/operations.h"
#include "service/sql/sql_support.h"

namespace hotclock::operations {

inline constexpr Instant t0 = from_millis(1'795'478'400'000);  // 2026-11-24T00:00:00Z

class OperationsFixture : public testing::Test {
 protected:
  OperationsFixture();

  // Sends a request. What is answered has to be what the operation's schemas say: of success, or a
  // problem.
  Answer does(const access::Principal& who, std::string_view method, std::string_view path,
              std::string_view body = {}, std::string_view if_match = {});
  Answer gets(std::string_view path) { return does(asha, "GET", path); }
  Answer posts(std::string_view path, std::string_view body = R"({"reason":"a test"})") {
    return does(asha, "POST", path, body);
  }
  // The member of an answer's body, as a text.
  static std::string text(const Answer& answer, std::string_view name);
  static boost::json::array items(const Answer& answer);
  // The problems that an answer names: "reason", "query limit".
  static std::vector<std::string> wrong(const Answer& answer);
  std::int64_t count(std::string_view query) { return sql::count(*database, {"count", query}); }

  std::string key;  // the Idempotency-Key of what comes

  // Somebody with a token of that grant.
  access::Principal somebody(const std::string& name, const access::Grant& grant,
                             const std::vector<std::string>& networks = {});
  // Settings as the files would have them.
  void settings(const std::string& toml_of_bonus = {}, const std::string& toml = {});

  ManualClock clock{t0};

 private:
  sql::ScratchPlace place_;
  std::shared_ptr<const config::Config> settings_;

 protected:
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Operations> operations;
  access::Principal asha, bela, vic;  // an admin, an operator, a viewer
};

}  // namespace hotclock::operations
