#include "service/schema/mapping.h"

#include <gtest/gtest.h>

#include "service/schema/platform.h"
#include "service/schema/privileges.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::schema {
namespace {

constexpr Instant noon = from_millis(1'795'564'800'000);

// Hotclock's own platform on PostgreSQL; a test then turns a table of it into something else.
class MappingTest : public testing::Test {
 protected:
  MappingTest() : place_("postgresql"), database_(sql::open(place_.url(), {.create = true}).value()) {
    EXPECT_TRUE(migrate(*database_, noon));
  }

  void outside(const std::string& text) { place_.outside("SET search_path = platform;" + text); }
  std::string url() const { return place_.url(); }
  // The table goes to schema app, and a view of it stands in its place.
  void behind_a_view(const std::string& table, const std::string& columns = "*") {
    outside("CREATE SCHEMA IF NOT EXISTS app; ALTER TABLE " + table + " SET SCHEMA app;" +
            "CREATE VIEW " + table + " AS SELECT " + columns + " FROM app." + table);
  }
  std::vector<Finding> findings() {
    auto found = check_mapping(*database_);
    EXPECT_TRUE(found) << (found ? "" : found.error().message());
    return found ? *found : std::vector<Finding>();
  }
  std::string wrong() { return broken(findings()); }
  std::string told(std::string_view name) {
    for (const Finding& finding : findings())
      if (finding.name.find(name) != finding.name.npos) return finding.detail;
    return "nothing";
  }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(MappingTest, TheTablesThatMigrationsMakeAreAsTheJobsNeedThem) {
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(told("as the jobs need them"), "12 tables and 0 views, 80 columns");
  EXPECT_EQ(told("paid once"),
            "unique index platform.transactions_bonus on platform.transactions (bonus_date, user_id)");
  EXPECT_EQ(told("is indexed"), "8 ways to look for rows");
}

TEST_F(MappingTest, PlainViewsAreWrittenThrough) {
  for (const char* table : {"users", "transactions", "stream_ranks", "thrones"}) behind_a_view(table);
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(told("as the jobs need them"), "8 tables and 4 views, 80 columns");
  EXPECT_EQ(told("paid once"), "unique index app.transactions_bonus on app.transactions (bonus_date, user_id)");
}

TEST_F(MappingTest, WhatIsMissingIsNamed) {
  outside("DROP TABLE themes");
  behind_a_view("og_tiers", "tier, price_coins");
  EXPECT_EQ(wrong(),
            "platform.og_tiers is as the jobs need it: column duration_days is missing: it holds a whole number\n"
            "platform.og_tiers is as the jobs need it: column is_active is missing: it holds 0 or 1\n"
            "platform.themes is as the jobs need it: it is missing: make a table or a view with the columns "
            "country, version, festival_id, theme, changed_at\n");
}

TEST_F(MappingTest, ATypeThatDoesNotFitIsToldWithWhatDoes) {
  behind_a_view("users",
                "id::int, og_level, og_expires_at::timestamp, bonus_balance, kyc_status::jsonb, phone_verified,"
                " email_verified, social_connected, is_banned = 1 AS is_banned, last_bonus_date, created_at");
  EXPECT_EQ(wrong(),
            "platform.users is as the jobs need it: id is integer, and must be a number of 64 bits (bigint): "
            "write id::bigint, with an index on that\n"
            "platform.users is as the jobs need it: og_expires_at is timestamp without time zone, and must be an "
            "instant (timestamptz): write og_expires_at AT TIME ZONE 'UTC', or the zone it is meant in\n"
            "platform.users is as the jobs need it: kyc_status is jsonb, and must be a text: write kyc_status::text\n"
            "platform.users is as the jobs need it: is_banned is boolean, and must be 0 or 1: write is_banned::int\n");
}

TEST_F(MappingTest, DatesThatAreComparedMustBeAlike) {
  behind_a_view("og_tiers");
  outside("ALTER TABLE transactions DROP CONSTRAINT transactions_bonus_date_check,"
          " ALTER COLUMN bonus_date TYPE date USING bonus_date::date");
  EXPECT_EQ(wrong(),
            "platform.users is as the jobs need it: last_bonus_date is text and platform.transactions.bonus_date is "
            "date: make them alike, both date or both text\n");
}

TEST_F(MappingTest, AnExpressionIsNotWrittenThroughUntilATriggerTranslates) {
  behind_a_view("gifts", "id, is_active + 0 AS is_active, always_available");
  const std::string found = wrong();
  EXPECT_NE(found.find("platform.gifts is as the jobs need it: is_active cannot be changed: "), found.npos) << found;
  EXPECT_NE(found.find("cannot update column \"is_active\" of view \"gifts\"; show a column of the table as it is, or "
                       "give the view an INSTEAD OF UPDATE trigger\n"),
            found.npos)
      << found;
  outside("CREATE FUNCTION switch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
          "CREATE TRIGGER switch INSTEAD OF UPDATE ON gifts FOR EACH ROW EXECUTE FUNCTION switch()");
  EXPECT_EQ(wrong(), "");
}

TEST_F(MappingTest, ARowThatNobodyCanEnterIsToldWithItsColumn) {
  behind_a_view("transactions");
  outside("ALTER TABLE app.transactions ADD COLUMN \"shop Id\" bigint; ALTER TABLE app.transactions ALTER COLUMN"
          " \"shop Id\" SET NOT NULL");
  EXPECT_EQ(wrong(),
            "platform.transactions is as the jobs need it: no row can be entered: app.transactions.shop Id must have a "
            "value and nothing gives one: ALTER TABLE app.transactions ALTER COLUMN \"shop Id\" SET DEFAULT ...\n");
  outside("ALTER TABLE app.transactions ALTER COLUMN \"shop Id\" SET DEFAULT 1");
  EXPECT_EQ(wrong(), "");
}

TEST_F(MappingTest, AViewOfAUnionTakesNoRows) {
  const std::string twice = "(SELECT * FROM app.user_trust UNION ALL SELECT * FROM app.user_trust)";
  behind_a_view("user_trust", "* FROM " + twice + " AS twice --");
  EXPECT_NE(wrong().find("platform.user_trust is as the jobs need it: no row can be entered: "), std::string::npos)
      << wrong();
}

TEST_F(MappingTest, OnConflictNeedsAPlainViewAndAUniqueKey) {
  behind_a_view("stream_ranks");
  outside("ALTER TABLE app.stream_ranks DROP CONSTRAINT stream_ranks_pkey");
  EXPECT_EQ(wrong(),
            "platform.stream_ranks is as the jobs need it: no unique index keeps stream_id unique, for ON CONFLICT "
            "(stream_id): CREATE UNIQUE INDEX ON app.stream_ranks (stream_id)\n");
  outside("CREATE UNIQUE INDEX ON app.stream_ranks (stream_id)");
  EXPECT_EQ(wrong(), "");
  outside("CREATE FUNCTION enter() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
          "CREATE TRIGGER enter INSTEAD OF INSERT ON stream_ranks FOR EACH ROW EXECUTE FUNCTION enter()");
  EXPECT_NE(wrong().find("which a view with an INSTEAD OF trigger or rule cannot do"), std::string::npos) << wrong();
}

TEST_F(MappingTest, MoneyIsWrittenByTheEngineAndNotByATrigger) {
  behind_a_view("transactions");
  outside("CREATE FUNCTION enter() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
          "CREATE TRIGGER enter INSTEAD OF INSERT ON transactions FOR EACH ROW EXECUTE FUNCTION enter()");
  EXPECT_NE(wrong().find("user_id is money and is written by a trigger or a rule"), std::string::npos) << wrong();
}

TEST_F(MappingTest, ATriggerBehindAViewOfAViewIsFoundToo) {
  behind_a_view("users");
  outside("ALTER VIEW users RENAME TO inner_users; CREATE VIEW users AS SELECT * FROM inner_users;"
          "CREATE FUNCTION pay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';");
  EXPECT_EQ(wrong(), "");
  outside("CREATE TRIGGER pay INSTEAD OF UPDATE ON inner_users FOR EACH ROW EXECUTE FUNCTION pay()");
  EXPECT_NE(wrong().find("bonus_balance is money and is written by a trigger"), std::string::npos) << wrong();
}

TEST_F(MappingTest, OneConnectionIsEnoughToAskWith) {
  behind_a_view("gifts", "id, is_active + 0 AS is_active, always_available");
  const auto narrow = sql::open(url(), {.connections = 1}).value();
  const auto found = check_mapping(*narrow);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_NE(broken(*found).find("is_active cannot be changed"), std::string::npos) << broken(*found);
}

// ---------------------------------------------------------------- the payment once a day

class PaymentRuleTest : public MappingTest {
 protected:
  PaymentRuleTest() {
    behind_a_view("transactions");
    outside("DROP INDEX app.transactions_bonus");
  }
  // What the rule rests on, or what is wrong with it.
  std::string rule() { return told("paid once"); }
  static constexpr auto right =
      ": CREATE UNIQUE INDEX ON app.transactions (bonus_date, user_id) WHERE bonus_date IS NOT NULL";
};

TEST_F(PaymentRuleTest, WithoutAnIndexTheOneThatWouldDoIsPrinted) {
  EXPECT_EQ(rule(), std::string("app.transactions has no unique index on (bonus_date, user_id)") + right);
  outside(rule().substr(rule().find("CREATE")));
  EXPECT_EQ(rule(), "unique index app.transactions_bonus_date_user_id_idx on app.transactions (bonus_date, user_id)");
}

TEST_F(PaymentRuleTest, ItIsFoundUnderOtherNamesThroughTwoViewsInAnyOrderOfItsColumns) {
  outside("ALTER TABLE app.transactions RENAME bonus_date TO \"Day\"; ALTER VIEW transactions RENAME TO entries;"
          "CREATE VIEW transactions AS SELECT user_id, type, amount, currency, status, description,"
          " bonus_date, execution_id, metadata, created_at FROM entries;"
          "CREATE UNIQUE INDEX once ON app.transactions (user_id, \"Day\") INCLUDE (amount)");
  EXPECT_EQ(wrong(), "");
  EXPECT_EQ(rule(), "unique index app.once on app.transactions (\"Day\", user_id)");
}

TEST_F(PaymentRuleTest, ItIsFoundInAViewWithSubqueriesAndOddNames) {
  outside("DROP VIEW transactions; CREATE VIEW transactions AS WITH one AS (SELECT 1 AS user_id)"
          " SELECT (SELECT max(id) FROM app.transactions AS t WHERE t.user_id = e.id) AS \"odd } :resno 3 {\","
          "        status, e.user_id, type, amount, currency, description, bonus_date, execution_id, metadata,"
          "        created_at FROM (SELECT *, 7 AS seven FROM app.transactions) AS e;"
          "CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id)");
  EXPECT_EQ(rule(), "unique index app.once on app.transactions (bonus_date, user_id)");
}

TEST_F(PaymentRuleTest, AnIndexThatLetsSomePaymentsInTwiceIsNotEnough) {
  outside("CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id) WHERE amount > 100");
  EXPECT_EQ(rule(), std::string("unique index app.once covers only rows where (amount > 100)") + right);
  outside("DROP INDEX app.once; CREATE INDEX once ON app.transactions (bonus_date, user_id)");
  EXPECT_EQ(rule(), std::string("app.transactions has no unique index on (bonus_date, user_id)") + right);
  outside("DROP INDEX app.once; CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id, amount)");
  EXPECT_EQ(rule(), std::string("app.transactions has no unique index on (bonus_date, user_id)") + right);
  outside("DROP INDEX app.once; CREATE UNIQUE INDEX once ON app.transactions (bonus_date, lower(type))");
  EXPECT_EQ(rule(), std::string("app.transactions has no unique index on (bonus_date, user_id)") + right);
  outside("DROP INDEX app.once; CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id)"
          " WHERE type = 'og_bonus' AND amount > 100");
  EXPECT_NE(rule().find("covers only rows where"), std::string::npos) << rule();
}

TEST_F(PaymentRuleTest, AnIndexOfAllPaymentsIsEnough) {
  const auto expect_enough = [&](const std::string& where) {
    outside("DROP INDEX IF EXISTS app.once; CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id)" + where);
    EXPECT_EQ(rule(), "unique index app.once on app.transactions (bonus_date, user_id)") << where;
  };
  for (const char* where : {"", " WHERE type = 'og_bonus'", " WHERE bonus_date IS NOT NULL"}) expect_enough(where);
  outside("DROP VIEW transactions; ALTER TABLE app.transactions ALTER type TYPE varchar(20);"
          "CREATE VIEW transactions AS SELECT * FROM app.transactions");
  expect_enough(" WHERE type = 'og_bonus'");
}

TEST_F(PaymentRuleTest, ADateThatIsMadeOfSomethingCannotBeKeptUnique) {
  outside("CREATE OR REPLACE VIEW transactions AS SELECT id, user_id, type, amount, currency, status, description,"
          " lower(bonus_date) AS bonus_date, execution_id, metadata, created_at FROM app.transactions;"
          "CREATE UNIQUE INDEX once ON app.transactions (bonus_date, user_id)");
  EXPECT_EQ(rule(),
            "bonus_date and user_id of platform.transactions must show two columns of one table as they are: no unique "
            "index can be found behind anything else");
}

// ---------------------------------------------------------------- rights through views

class ViewRightsTest : public MappingTest {
 protected:
  ViewRightsTest() { outside("CREATE ROLE " + role_ + "; GRANT USAGE ON SCHEMA platform TO " + role_); }
  ~ViewRightsTest() override { outside("DROP OWNED BY " + role_ + " CASCADE; DROP ROLE " + role_); }

  const std::string& role() const { return role_; }
  // The view works with that role's rights from now on.
  void owned(const std::string& view) { outside("ALTER VIEW " + view + " OWNER TO " + role_); }
  std::string lacking(const std::string& view, const std::string& right) const {
    return "platform." + view + " is as the jobs need it: the view works with the rights of " + role_ +
           ", who may not: GRANT " + right + " ON app." + view + " TO \"" + role_ + "\"\n";
  }

 private:
  const std::string role_ = "keeper_" + std::to_string(getpid());
};

TEST_F(ViewRightsTest, WhatAViewsOwnerLacksIsPrintedAsTheGrantThatGivesIt) {
  behind_a_view("users"), behind_a_view("stream_ranks");
  owned("users"), owned("stream_ranks");
  outside("GRANT SELECT, INSERT, UPDATE ON app.stream_ranks TO " + role());
  EXPECT_EQ(wrong(), lacking("users", "SELECT") + lacking("users", "UPDATE (bonus_balance)") +
                         lacking("users", "UPDATE (last_bonus_date)") + lacking("stream_ranks", "DELETE"));
  outside("GRANT SELECT, UPDATE (bonus_balance, last_bonus_date) ON app.users TO " + role() +
          ";GRANT DELETE ON app.stream_ranks TO " + role());
  EXPECT_EQ(wrong(), "");
}

TEST_F(ViewRightsTest, RightsOnTheColumnsThatAViewShowsAreEnough) {
  behind_a_view("og_tiers", "tier, price_coins, duration_days, is_active");
  owned("og_tiers");
  outside("GRANT SELECT (tier, price_coins, duration_days) ON app.og_tiers TO " + role());
  EXPECT_EQ(wrong(), lacking("og_tiers", "SELECT"));
  outside("GRANT SELECT (is_active) ON app.og_tiers TO " + role());
  EXPECT_EQ(wrong(), "");
}

// ---------------------------------------------------------------- other engines

TEST(Mapping, AnEngineWithoutViewsToWriteThroughHasNothingToCheck) {
  sql::ScratchPlace place("sqlite");
  const auto database = sql::open(place.url(), {.create = true}).value();
  ASSERT_TRUE(migrate(*database, noon));
  EXPECT_TRUE(check_mapping(*database).value().empty());
}

// The list of columns and the migration that makes them cannot part: each is there, under a table of ours.
TEST(PlatformTables, AreMadeByTheMigration) {
  sql::ScratchPlace place("sqlite");
  const auto database = sql::open(place.url(), {.create = true}).value();
  ASSERT_TRUE(migrate(*database, noon));
  for (const PlatformTable& table : platform_tables())
    for (const PlatformColumn& column : table.columns) {
      const std::string text = "SELECT " + std::string(column.name) + " FROM " + std::string(table.name);
      EXPECT_TRUE(database->read().value()->check(sql::Statement{"column", text})) << text;
    }
}

}  // namespace
}  // namespace hotclock::schema
