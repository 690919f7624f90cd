#include "service/schema/privileges.h"

#include <gtest/gtest.h>

#include <map>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::schema {
namespace {

constexpr Instant noon = from_millis(1'795'564'800'000);

// A role without any right, as which a database is opened.
class PrivilegesTest : public testing::Test {
 protected:
  PrivilegesTest() : place_("postgresql") {
    const auto owner = sql::open(place_.url(), {.create = true}).value();
    EXPECT_TRUE(migrate(*owner, noon));
    place_.outside("CREATE ROLE " + role_ + " LOGIN");
  }
  ~PrivilegesTest() override {
    place_.outside("DROP OWNED BY " + role_ + "; DROP ROLE " + role_);
  }

  void grant() { place_.outside(grants(role_, "hotclock", "platform", false)); }
  void outside(const std::string& text) { place_.outside(text); }
  const std::string& role() const { return role_; }
  std::unique_ptr<sql::Database> opened() {
    std::string url = place_.url();
    url.replace(url.find("postgres@"), 9, role_ + "@");
    auto database = sql::open(url);
    EXPECT_TRUE(database) << (database ? "" : database.error().message());
    return std::move(database).value();
  }

 private:
  sql::ScratchPlace place_;
  const std::string role_ = "clock_" + std::to_string(getpid());
};

TEST_F(PrivilegesTest, WhatIsLackingIsNamedWithWhatGivesIt) {
  const auto findings = check_privileges(*opened()).value();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_FALSE(findings[0].ok);
  EXPECT_NE(findings[0].detail.find("INSERT on transactions"), std::string::npos) << findings[0].detail;
  EXPECT_NE(findings[0].detail.find("--grants " + role()), std::string::npos);
}

TEST_F(PrivilegesTest, TheGrantsThatArePrintedAreEnough) {
  grant();
  const auto findings = check_privileges(*opened()).value();
  EXPECT_TRUE(findings[0].ok) << findings[0].detail;
  EXPECT_NE(findings[1].detail.find("may add to the audit"), std::string::npos) << findings[1].detail;
}

TEST_F(PrivilegesTest, OneRightThatWasTakenAwayIsMissed) {
  grant();
  outside("REVOKE UPDATE (bonus_balance) ON platform.users FROM " + role());
  const auto findings = check_privileges(*opened()).value();
  EXPECT_FALSE(findings[0].ok);
  EXPECT_NE(findings[0].detail.find("lacks UPDATE of users.bonus_balance;"), std::string::npos)
      << findings[0].detail;
}

TEST_F(PrivilegesTest, EditorsMayChangeFestivalsUnlessTheyAreTheOperatorsOwn) {
  grant();
  const auto database = opened();
  EXPECT_TRUE(database->script(
      "INSERT INTO platform.festivals (name, type, country, starts_at, ends_at)"
      " VALUES ('Tihar', 'cultural', 'NP', now(), now());"
      "UPDATE platform.festivals SET priority = 1; DELETE FROM platform.festivals"));
  const std::string adopted = grants("r", "hotclock", "platform", true);
  EXPECT_NE(adopted.find("GRANT SELECT, UPDATE (is_active) ON \"platform\".festivals TO"), std::string::npos)
      << adopted;
  EXPECT_NE(adopted.find("GRANT SELECT ON \"platform\".festival_gifts TO"), std::string::npos);
}

TEST_F(PrivilegesTest, TheRoleCannotRewriteTheAuditNorMakeTables) {
  grant();
  const auto database = opened();
  for (const char* text : {"UPDATE audit SET who = 'nobody'", "DELETE FROM audit",
                           "UPDATE platform.users SET coin_balance = 1",
                           "CREATE TABLE hotclock.mine (a int)", "DELETE FROM platform.transactions"})
    EXPECT_FALSE(database->script(text)) << text;
}

TEST_F(PrivilegesTest, ASuperuserIsToldThatLessWouldDo) {
  sql::ScratchPlace place("postgresql");
  const auto database = sql::open(place.url(), {.create = true}).value();
  ASSERT_TRUE(migrate(*database, noon));
  const auto findings = check_privileges(*database).value();
  EXPECT_TRUE(findings[0].ok);
  EXPECT_NE(findings[1].detail.find("superuser"), std::string::npos);
}

TEST(Privileges, AnEngineWithoutRolesHasNothingToCheck) {
  sql::ScratchPlace place("sqlite");
  const auto database = sql::open(place.url(), {.create = true}).value();
  EXPECT_TRUE(check_privileges(*database).value().empty());
}

// A right for each table there is: a new table cannot be forgotten.
TEST(Privileges, EveryTableHasItsRights) {
  sql::ScratchPlace place("sqlite");
  const auto database = sql::open(place.url(), {.create = true}).value();
  ASSERT_TRUE(migrate(*database, noon));
  const std::string all = grants("r", "hotclock", "platform", false);
  auto tx = database->read().value();
  auto rows = tx->query(sql::Statement{"tables", database->dialect().tables}).value();
  while (rows->next())
    EXPECT_NE(all.find("\"." + std::string(rows->text(0)) + " TO"), std::string::npos)
        << rows->text(0);
}

}  // namespace
}  // namespace hotclock::schema
