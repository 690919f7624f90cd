#include "service/schema/schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "service/sql/sql_support.h"

namespace hotclock::schema {
namespace {

using sql::count;

const Instant noon = from_millis(1'795'564'800'000);

constexpr Migration first{1, "0001_first", "CREATE TABLE a (x {integer}){table_end};"};
constexpr Migration second{2, "0002_second",
                           "CREATE TABLE b (x {integer} DEFAULT 7){table_end};\n"
                           "INSERT INTO b DEFAULT VALUES;"};
constexpr Migration broken{3, "0003_broken",
                           "CREATE TABLE c (x {integer});\nINSERT INTO nowhere VALUES (1);"};

constexpr sql::Statement count_b{"count_b", "SELECT count(*) FROM b"};

class SchemaTest : public testing::Test {
 protected:
  sql::Database& db() { return *database_; }
  std::string url() const { return place_.url(); }
  static std::string words(const auto& result) {
    return result ? "no error" : result.error().message();
  }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_ = sql::open(url(), {.create = true}).value();
};

TEST_F(SchemaTest, AnEmptyDatabaseMissesEverything) {
  const auto now = status(db()).value();
  EXPECT_FALSE(now.up_to_date());
  ASSERT_GE(now.lines.size(), 1u);
  EXPECT_EQ(now.lines[0].name, "0001_platform");
  EXPECT_EQ(now.lines[0].applied_at, std::nullopt);
}

TEST_F(SchemaTest, MigratingAppliesAllThatThisProgramKnows) {
  const auto applied = migrate(db(), noon);
  ASSERT_TRUE(applied) << words(applied);
  EXPECT_EQ(applied->names.size(), migrations().size());
  const auto now = status(db()).value();
  EXPECT_TRUE(now.up_to_date());
  for (const auto& line : now.lines) EXPECT_EQ(line.applied_at, noon);
  EXPECT_EQ(db().integrity().value(), std::vector<std::string>());
}

// A database of a version that had no queues, with a slot in each place of its line.
TEST_F(SchemaTest, WhatStoodInTheLineBeforeThereWereQueuesStandsThereStill) {
  const auto known = migrations();
  const auto queues = std::ranges::find(known, std::string_view("0008_queues"), &Migration::name);
  ASSERT_NE(queues, known.end());
  ASSERT_TRUE(migrate(db(), noon, std::span(known.begin(), queues)));
  {
    auto transaction = db().write().value();
    const auto put = [&](std::string_view text, std::initializer_list<sql::Param> params) {
      const auto done = transaction->exec(sql::Statement{"test.put", text}, params);
      EXPECT_TRUE(done) << words(done);
    };
    put("INSERT INTO jobs (id, name, schedule, entered_until) VALUES (1, 'pay', 's', $1)", {noon});
    for (const std::int64_t id : {1, 2, 3, 4})
      put("INSERT INTO slots (id, job_id, scheduled_for, slot_key, trigger, priority, claim_rank,"
          " requested_by, entered_at) VALUES ($1, 1, $2, '', 'schedule', 0, $1, '', $2)",
          {id, noon + id * std::chrono::minutes{1}});
    put("INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, vanished,"
        " cursor_at, progress_done, reason) VALUES ('due', 0, 1, 1, $1, 0, 0, 0, '', 0, ''),"
        " ('later', 0, 2, 2, $1, 1, 1, 0, 'c', 7, ''), ('waiting', 1, 3, 3, $1, 0, 0, 0, '', 0, ''),"
        " ('unknown', 0, 4, 4, $1, 0, 0, 0, '', 0, 'lost')",
        {noon});
    ASSERT_TRUE(transaction->commit());
  }
  const auto migrated = migrate(db(), noon);
  ASSERT_TRUE(migrated) << words(migrated);
  const auto is = [&](std::string_view what) { return count(db(), {"test.is", what}); };
  EXPECT_EQ(is("SELECT count(*) FROM slot_states WHERE id = 1 AND state = 'due' AND queue = 'default'"), 1);
  EXPECT_EQ(is("SELECT count(*) FROM slot_states WHERE id = 2 AND state = 'due' AND cursor_at = 'c'"
               " AND progress_done = 7 AND attempt = 1"), 1);
  EXPECT_EQ(is("SELECT count(*) FROM slot_states WHERE id = 3 AND state = 'waiting'"), 1);
  EXPECT_EQ(is("SELECT count(*) FROM slot_states WHERE id = 4 AND state = 'unknown' AND reason = 'lost'"), 1);
}

TEST_F(SchemaTest, MigratingTwiceDoesNothingMore) {
  const Migration known[] = {first, second};
  ASSERT_TRUE(migrate(db(), noon, known));
  const auto again = migrate(db(), noon + std::chrono::hours{1}, known);
  ASSERT_TRUE(again) << words(again);
  EXPECT_TRUE(again->names.empty());
  EXPECT_EQ(status(db(), known).value().lines[1].applied_at, noon);
  EXPECT_EQ(count(db(), count_b), 1);
}

TEST_F(SchemaTest, OnlyWhatIsMissingIsApplied) {
  const Migration known[] = {first, second};
  ASSERT_TRUE(migrate(db(), noon, std::span(known, 1)));
  EXPECT_EQ(status(db(), known).value().missing(), "0002_second");
  EXPECT_EQ(migrate(db(), noon, known).value().names, std::vector<std::string>{"0002_second"});
}

TEST_F(SchemaTest, AFailingMigrationLeavesTheOnesBeforeItAndNothingOfItself) {
  const Migration known[] = {first, second, broken};
  const auto done = migrate(db(), noon, known);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("migration 0003_broken: "), std::string::npos)
      << done.error().message();
  EXPECT_NE(done.error().message().find("nowhere"), std::string::npos);
  EXPECT_FALSE(db().read().value()->check({"c", "SELECT x FROM c"}));
  EXPECT_EQ(status(db(), known).value().missing(), "0003_broken");
}

TEST_F(SchemaTest, TwoThatMigrateAtOnceApplyEachMigrationOnce) {
  const Migration known[] = {first, second};
  std::size_t applied[2] = {};
  {
    std::jthread threads[2];
    for (int i = 0; i < 2; ++i)
      threads[i] = std::jthread([&, i] {
        const auto mine = sql::open(url()).value();
        const auto done = migrate(*mine, noon, known);
        EXPECT_TRUE(done) << words(done);
        if (done) applied[i] = done->names.size();
      });
  }
  EXPECT_EQ(applied[0] + applied[1], 2u);
  EXPECT_EQ(count(db(), count_b), 1);
}

TEST_F(SchemaTest, ADatabaseOfANewerProgramIsRefusedByName) {
  const Migration known[] = {first, second};
  ASSERT_TRUE(migrate(db(), noon, known));
  const auto older = status(db(), std::span(known, 1));
  ASSERT_FALSE(older);
  EXPECT_EQ(older.error().code(), Errc::unsupported);
  EXPECT_NE(older.error().message().find("0002_second"), std::string::npos);
  EXPECT_EQ(migrate(db(), noon, std::span(known, 1)).error().code(), Errc::unsupported);
}

TEST_F(SchemaTest, AChangedMigrationIsRefusedByName) {
  const Migration before[] = {first};
  const Migration after[] = {
      {1, "0001_first", "CREATE TABLE a (x {integer}, y {integer}){table_end};"}};
  ASSERT_TRUE(migrate(db(), noon, before));
  const auto done = migrate(db(), noon, after);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::conflict);
  EXPECT_NE(done.error().message().find("0001_first"), std::string::npos);
}

TEST_F(SchemaTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  ASSERT_TRUE(db().script("CREATE TABLE bookmarks (url TEXT)"));
  const Migration known[] = {first};
  const auto done = migrate(db(), noon, known);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::conflict);
  EXPECT_NE(done.error().message().find("bookmarks"), std::string::npos);
}

// ---------------------------------------------------------------- an adopted platform

constexpr Migration of_the_platform{1, "0001_platform", "CREATE TABLE {platform}users (id {integer});"};
constexpr Migration of_ours{2, "0002_ours", "CREATE TABLE mine (x {integer});"};

// A database whose platform is the operator's: PostgreSQL alone.
class AdoptedTest : public testing::Test {
 protected:
  AdoptedTest() { place_.outside("CREATE SCHEMA platform; CREATE TABLE platform.users (id bigint, handle text)"); }

  static sql::OpenOptions adopted() { return {.create = true, .platform_adopted = true}; }
  std::unique_ptr<sql::Database> opened(const sql::OpenOptions& options = adopted()) {
    return sql::open(place_.url(), options).value();
  }
  std::string ask(const std::string& query) const { return sql::plain_postgres(place_.url(), query); }
  // All that is in schemas other than Hotclock's, and when each was last made or changed.
  std::string catalogue() const {
    return ask("SELECT string_agg(c.oid || ':' || c.xmin, ',' ORDER BY c.oid) FROM pg_class AS c"
               " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname IN ('platform', 'public')");
  }
  void outside(const std::string& text) const { place_.outside(text); }
  std::string url() const { return place_.url(); }

 private:
  sql::ScratchPlace place_{"postgresql"};
};

TEST_F(AdoptedTest, OnlyHotclocksOwnTablesAreMade) {
  const std::string before = catalogue();
  const auto database = opened();
  const auto done = migrate(*database, noon);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(done->adopted, std::vector<std::string>{"0001_platform"});
  EXPECT_EQ(done->names.size() + done->adopted.size(), migrations().size());
  EXPECT_EQ(catalogue(), before);
  EXPECT_EQ(ask("SELECT count(*) FROM hotclock.slots"), "0");
  const auto now = status(*database).value();
  EXPECT_TRUE(now.up_to_date());
  EXPECT_TRUE(now.lines[0].adopted);
  EXPECT_FALSE(now.lines[1].adopted);
  EXPECT_TRUE(migrate(*database, noon).value().names.empty());
}

TEST_F(AdoptedTest, ItsSchemaIsNotMadeWhereItIsMissing) {
  outside("DROP SCHEMA platform CASCADE");
  ASSERT_TRUE(migrate(*opened(), noon));
  EXPECT_EQ(ask("SELECT count(*) FROM pg_namespace WHERE nspname = 'platform'"), "0");
}

TEST_F(AdoptedTest, LaterMigrationsOfThePlatformAreLeftOutToo) {
  const Migration known[] = {
      of_the_platform, of_ours, {3, "0003_more", "ALTER TABLE {platform}users ADD COLUMN y {integer};"}};
  const auto database = opened();
  ASSERT_TRUE(migrate(*database, noon, std::span(known, 2)));
  EXPECT_EQ(migrate(*database, noon, known).value().adopted, std::vector<std::string>{"0003_more"});
  EXPECT_EQ(ask("SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = 'platform.users'::regclass AND attnum > 0"),
            "id,handle");
}

TEST_F(AdoptedTest, AMigrationOfOurOwnDoesNotSeeTheOperatorsTables) {
  const Migration known[] = {of_the_platform, {2, "0002_slip", "ALTER TABLE users ADD COLUMN y {integer};"}};
  const auto done = migrate(*opened(), noon, known);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("\"users\" does not exist"), std::string::npos) << done.error().message();
}

TEST_F(AdoptedTest, AMigrationThatTouchesTheOperatorsTablesNonethelessIsRolledBack) {
  const std::string before = catalogue();
  for (const char* slip : {"ALTER TABLE platform.users ADD COLUMN y bigint;", "CREATE TABLE platform.y (x bigint);",
                           "CREATE INDEX y ON platform.users (id);", "CREATE VIEW public.y AS SELECT 1;"}) {
    const Migration known[] = {of_the_platform, {2, "0002_slip", slip}};
    const auto done = migrate(*opened(), noon, known);
    ASSERT_FALSE(done) << slip;
    EXPECT_NE(done.error().message().find("which is not Hotclock's"), std::string::npos) << done.error().message();
    EXPECT_EQ(catalogue(), before) << slip;
  }
}

TEST_F(AdoptedTest, WhoseThePlatformIsDoesNotChangeBySayingSo) {
  const Migration known[] = {of_the_platform, of_ours};
  ASSERT_TRUE(migrate(*opened(), noon, known));
  const auto own = migrate(*opened({.create = true}), noon, known);
  ASSERT_FALSE(own);
  EXPECT_EQ(own.error().code(), Errc::conflict);
  EXPECT_NE(own.error().message().find("write database.platform = \"adopted\""), std::string::npos)
      << own.error().message();
}

TEST_F(AdoptedTest, APlatformThatHotclockMadeIsNotAdopted) {
  outside("DROP SCHEMA platform CASCADE");
  ASSERT_TRUE(migrate(*opened({.create = true}), noon));
  const auto done = status(*opened());
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("write database.platform = \"own\""), std::string::npos)
      << done.error().message();
}

TEST_F(AdoptedTest, OneSchemaCannotHoldBoth) {
  sql::OpenOptions options = adopted();
  options.schema = options.platform_schema = "one";
  const auto both = sql::open(url(), options);
  ASSERT_FALSE(both);
  EXPECT_NE(both.error().message().find("must differ"), std::string::npos) << both.error().message();
}

TEST(Adopted, SQLiteHasNoAdoptedPlatform) {
  sql::ScratchPlace place("sqlite");
  const auto refused = sql::open(place.url(), {.create = true, .platform_adopted = true});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("on PostgreSQL alone"), std::string::npos) << refused.error().message();
}

// What is left out where the platform is adopted is the whole of a migration: none may do both.
TEST(Migrations, AreAboutThePlatformOrAboutHotclockNeverBoth) {
  for (const Migration& migration : migrations()) {
    if (!is_platforms(migration)) continue;
    const std::string_view text = migration.text;
    for (const std::string_view made : {"CREATE TABLE ", "ALTER TABLE ", "INSERT INTO ", "DELETE FROM "})
      for (auto at = text.find(made); at != text.npos; at = text.find(made, at + 1))
        EXPECT_EQ(text.substr(at + made.size(), 10), "{platform}") << migration.name;
  }
}

TEST(Checksum, CommentsAndLayoutDoNotCountAndWordsDo) {
  const auto of = [](std::string_view text) { return checksum({1, "m", text}); };
  EXPECT_EQ(of("CREATE TABLE a (\n  x INTEGER\n);"),
            of("-- why\n\nCREATE TABLE a (\n    x INTEGER  -- an x\n);\n"));
  EXPECT_NE(of("CREATE TABLE a (x INTEGER);"), of("CREATE TABLE b (x INTEGER);"));
  EXPECT_NE(of("a\nb"), of("ab"));
}

TEST(MigrationText, PlaceholdersBecomeTheEnginesWordsAndOtherBracesStay) {
  const sql::Dialect dialect{.engine = "test",
                             .instant = "TIMESTAMPTZ",
                             .integer = "BIGINT",
                             .real = "DOUBLE PRECISION",
                             .identity = "BIGSERIAL",
                             .table_end = " END",
                             .keyed_end = " KEYED",
                             .tables = ""};
  const auto made = [&](std::string_view text) { return text_for({1, "0001_m", text}, dialect); };
  EXPECT_EQ(made("a {instant} {integer} {real} {identity}{table_end}{keyed_end}").value(),
            "a TIMESTAMPTZ BIGINT DOUBLE PRECISION BIGSERIAL END KEYED");
  EXPECT_EQ(made("DEFAULT '{}' {\"a\": {integer}}").value(), "DEFAULT '{}' {\"a\": BIGINT}");
  EXPECT_EQ(made("an open {").value(), "an open {");
  EXPECT_EQ(made("x {instnat}").error(),
            Error(Errc::internal, "0001_m: no placeholder is called {instnat}"));
}

// What the platform's schema itself refuses.
class PlatformTest : public SchemaTest {
 protected:
  PlatformTest() {
    EXPECT_TRUE(migrate(db(), noon));
    sql::speak_as_sqlite(db());
    insert("users (id, username, country, created_at) VALUES (1, 'asha', 'NP', 0)");
  }
  std::string_view insert(const std::string& what) {
    const std::string text = "INSERT INTO " + what;
    auto tx = db().write().value();
    const auto done = tx->exec(sql::Statement{"insert", text});
    if (!done) return to_string(done.error().code());
    return tx->commit() ? "fine" : "no commit";
  }
  std::string_view pay(const std::string& values) {
    return insert(
        "transactions (user_id, type, amount, currency, status, bonus_date, created_at) VALUES (" +
        values + ")");
  }
};

TEST_F(PlatformTest, NobodyIsPaidTwiceForOneDate) {
  EXPECT_EQ(pay("1, 'og_bonus', 200, 'bonus', 'completed', '2026-11-23', 0"), "fine");
  EXPECT_EQ(pay("1, 'og_bonus', 200, 'bonus', 'completed', '2026-11-23', 0"), "unique");
  EXPECT_EQ(pay("1, 'og_bonus', 200, 'bonus', 'completed', '2026-11-24', 0"), "fine");
}

TEST_F(PlatformTest, ABonusHasADateAndIsNeverSpendableNorNegative) {
  EXPECT_EQ(pay("1, 'og_bonus', 200, 'bonus', 'completed', NULL, 0"), "check");
  EXPECT_EQ(pay("1, 'recharge', 200, 'coins', 'completed', '2026-11-23', 0"), "check");
  EXPECT_EQ(pay("1, 'og_bonus', 200, 'coins', 'completed', '2026-11-23', 0"), "check");
  EXPECT_EQ(pay("1, 'og_bonus', 0, 'bonus', 'completed', '2026-11-23', 0"), "check");
  EXPECT_EQ(pay("1, 'recharge', 200, 'coins', 'completed', NULL, 0"), "fine");
  EXPECT_EQ(pay("1, 'recharge', 200, 'coins', 'completed', NULL, 0"), "fine");
}

TEST_F(PlatformTest, BalancesAreWholeCoinsAndNeverNegative) {
  EXPECT_EQ(
      insert("users (username, country, created_at, bonus_balance) VALUES ('b', 'NP', 0, -1)"),
      "check");
  insert("users (username, country, created_at, coin_balance) VALUES ('half', 'NP', 0, 0.5)");
  EXPECT_EQ(count(db(), {"whole", "SELECT count(*) FROM users WHERE coin_balance > 0 AND coin_balance < 1"}), 0)
      << "one engine refuses a fraction, another rounds it";
  EXPECT_EQ(insert("users (username, country, created_at, og_level) VALUES ('b', 'NP', 0, 6)"),
            "check");
  EXPECT_EQ(insert("users (username, country, created_at) VALUES ('asha', 'NP', 0)"), "unique");
}

TEST_F(PlatformTest, AFestivalDoesNotEndBeforeItStarts) {
  const std::string columns = "festivals (name, type, country, starts_at, ends_at) VALUES ";
  EXPECT_EQ(insert(columns + "('Tihar', 'cultural', 'NP', 2, 1)"), "check");
  EXPECT_EQ(insert(columns + "('Tihar', 'cultural', 'NP', 2, 2)"), "fine");
  EXPECT_EQ(insert(columns + "('Tihar', 'cultural', 'Nepal', 1, 2)"), "check");
  EXPECT_EQ(insert(columns + "('Tihar', 'holy', 'GLOBAL', 1, 2)"), "check");
}

TEST_F(PlatformTest, ARankOfNoStreamIsRefused) {
  EXPECT_EQ(insert("stream_ranks VALUES (9, 1.5, 1, 1, 1, NULL, 0)"), "foreign_key");
}

}  // namespace
}  // namespace hotclock::schema
