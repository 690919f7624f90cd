#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "service/api/api_support.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;

class HealthPagesTest : public ApiFixture {
 protected:
  http::Answer becomes(int status) {
    http::Answer answer;
    http::eventually([&] {
      answer = gets("/readyz");
      return answer.status == status;
    });
    return answer;
  }
};

TEST_F(HealthPagesTest, SayThatTheNodeIsReady) {
  opens();
  EXPECT_EQ(gets("/livez").status, 200);
  const auto ready = gets("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(json::parse(ready.body),
            (json::value{{"ready", true},
                         {"checks",
                          {{{"name", "database"}, {"ok", true}, {"detail", "answers"}},
                           {{"name", "schema"}, {"ok", true}, {"detail", "up to date"}}}}}));
  EXPECT_EQ(ready.header("cache-control"), "private, no-store");
}

TEST_F(HealthPagesTest, AreThereWithoutThemes) {
  opens({.enabled = false});
  EXPECT_EQ(gets("/readyz").status, 200);
  EXPECT_EQ(gets("/theme/NP.json").status, 404);
}

TEST_F(HealthPagesTest, SayThatTheDatabaseIsAwayAndNothingOfWhereItIs) {
  opens();
  gate->fail(true);
  const auto away = becomes(503);
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(json::parse(away.body).at("checks").at(0).at("detail"), "unavailable");
  EXPECT_EQ(gets("/livez").status, 200);
  gate->fail(false);
  EXPECT_EQ(becomes(200).status, 200);
}

TEST_F(HealthPagesTest, SayThatAMigrationIsMissing) {
  sql("DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)");
  opens();
  const auto behind = gets("/readyz");
  EXPECT_EQ(behind.status, 503);
  EXPECT_EQ(json::parse(behind.body).at("checks").at(1).at("detail"), "another version");
}

TEST_F(HealthPagesTest, AskTheDatabaseOnceForMany) {
  opens();
  EXPECT_EQ(gets("/readyz").status, 200);
  const int asked = gate->asked();
  for (int i = 0; i < 20; ++i) gets("/readyz");
  EXPECT_LE(gate->asked(), asked + 2);
}

}  // namespace
}  // namespace hotclock::api
