#include "service/sql/sql.h"

#include <gtest/gtest.h>

#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

class SqlTest : public ScratchDatabase {};

constexpr Statement insert_coin{"insert_coin",
                                "INSERT INTO coins (id, owner, amount) VALUES ($1, $2, $3)"};
constexpr Statement insert_backwards{"insert_backwards",
                                     "INSERT INTO coins (amount, owner, id) VALUES ($3, $2, $1)"};
constexpr Statement insert_owner{"insert_owner", "INSERT INTO owners (name) VALUES ($1)"};
constexpr Statement add_amount{"add_amount", "UPDATE coins SET amount = amount + $1"};
constexpr Statement all_coins{"all_coins", "SELECT id, owner, amount FROM coins ORDER BY id"};
constexpr Statement count_coins{"count_coins", "SELECT count(*) FROM coins"};

TEST_F(SqlTest, WhatWasCommittedIsThereForEverybody) {
  auto tx = db().write().value();
  EXPECT_EQ(tx->exec(insert_coin, {1, "asha", 200}).value(), 1);
  ASSERT_TRUE(tx->commit());
  tx.reset();
  const auto other = reopened();
  EXPECT_EQ(count(*other, count_coins), 1);
}

TEST_F(SqlTest, WhatWasNotCommittedIsGone) {
  {
    auto tx = db().write().value();
    ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 200}));
  }
  EXPECT_EQ(count(db(), count_coins), 0);
}

TEST_F(SqlTest, ParametersAreBoundByTheirNumberWhateverTheirOrder) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_backwards, {7, "asha", 150}));
  auto rows = tx->query(all_coins).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 7);
  EXPECT_EQ(rows->text(1), "asha");
  EXPECT_EQ(rows->integer(2), 150);
  EXPECT_FALSE(rows->next());
  EXPECT_TRUE(rows->end());
}

TEST_F(SqlTest, EveryKindOfValueComesBackAsItWent) {
  static constexpr Statement echo{"echo", "SELECT $1, $2 + 0.0, $3, $4, $5 IS NULL, $6, $7"};
  auto tx = db().read().value();
  const Instant noon = from_millis(1'795'564'800'123);
  const std::int64_t big = std::numeric_limits<std::int64_t>::min();
  auto rows = tx->query(echo, {big, 0.5, "दशैं 🎉", "", nullptr, noon, param(true)}).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), big);
  EXPECT_EQ(rows->real(1), 0.5);
  EXPECT_EQ(rows->text(2), "दशैं 🎉");
  EXPECT_FALSE(rows->is_null(3)) << "an empty text is no NULL";
  EXPECT_EQ(rows->integer(4), 1);
  EXPECT_EQ(rows->instant(5), noon);
  EXPECT_EQ(rows->integer(6), 1);
}

TEST_F(SqlTest, ANullReadsAsNothing) {
  static constexpr Statement nothing{"nothing", "SELECT $1"};
  auto tx = db().read().value();
  auto rows = tx->query(nothing, {param(std::optional<Instant>())}).value();
  ASSERT_TRUE(rows->next());
  EXPECT_TRUE(rows->is_null(0));
  EXPECT_EQ(rows->instant_or_none(0), std::nullopt);
  EXPECT_EQ(rows->text(0), "");
  EXPECT_EQ(rows->integer(0), 0);
}

TEST_F(SqlTest, ATextThatOneEngineCouldNotKeepIsRefused) {
  using namespace std::string_view_literals;
  for (const std::string_view bad : {"a\0b"sv, "\xC3"sv, "caf\xE9 au lait"sv, "\xED\xA0\x80"sv,
                                     "\xF4\x90\x80\x80"sv, "\xC0\xAF"sv}) {
    auto tx = db().write().value();
    const auto done = tx->exec(insert_owner, {bad});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Errc::invalid);
    EXPECT_TRUE(done.error().message().starts_with("insert_owner: $1: ")) << done.error().message();
  }
}

TEST_F(SqlTest, ARealThatIsNoNumberIsRefused) {
  static constexpr Statement echo{"echo", "SELECT $1"};
  auto tx = db().read().value();
  EXPECT_EQ(tx->query(echo, {std::numeric_limits<double>::quiet_NaN()}).error().code(),
            Errc::invalid);
}

TEST_F(SqlTest, AWrongNumberOfParametersIsAFaultThatNamesTheStatement) {
  auto tx = db().write().value();
  const auto done = tx->exec(insert_coin, {1, "asha"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), Error(Errc::internal, "insert_coin: takes 3 parameters, got 2"));
}

TEST_F(SqlTest, ChangedRowsAreCounted) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(tx->exec(insert_coin, {2, "asha", 1}));
  EXPECT_EQ(tx->exec(add_amount, {5}).value(), 2);
  static constexpr Statement none{"none", "UPDATE coins SET amount = 0 WHERE id > 100"};
  EXPECT_EQ(tx->exec(none).value(), 0);
}

TEST_F(SqlTest, AStatementThatReturnsRowsHasChangedThemAllAtOnce) {
  static constexpr Statement drop_all{"drop_all", "DELETE FROM coins RETURNING id"};
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(tx->exec(insert_coin, {2, "asha", 1}));
  ASSERT_TRUE(tx->query(drop_all));
  auto rows = tx->query(count_coins).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 0);
}

TEST_F(SqlTest, TheSameStatementMayBeReadTwiceAtATime) {
  auto tx = db().write().value();
  for (const std::int64_t id : {1, 2}) ASSERT_TRUE(tx->exec(insert_coin, {id, "asha", 1}));
  auto outer = tx->query(all_coins).value();
  int pairs = 0;
  while (outer->next())
    for (auto inner = tx->query(all_coins).value(); inner->next();) ++pairs;
  EXPECT_EQ(pairs, 4);
}

TEST_F(SqlTest, RowsThatOutliveTheirTransactionAreAtTheirEnd) {
  auto tx = db().write().value();
  for (const std::int64_t id : {1, 2}) ASSERT_TRUE(tx->exec(insert_coin, {id, "asha", 1}));
  auto rows = tx->query(all_coins).value();
  ASSERT_TRUE(rows->next());
  ASSERT_TRUE(tx->commit());
  tx.reset();
  EXPECT_FALSE(rows->next());
}

TEST_F(SqlTest, AStatementAtAnAddressUsedBeforeIsPreparedAnew) {
  std::string text = "SELECT 1";
  Statement reused{"reused", text};
  auto tx = db().read().value();
  EXPECT_EQ(first(*tx, reused), 1);
  text = "SELECT 2";
  EXPECT_EQ(first(*tx, reused), 2);
}

TEST_F(SqlTest, AReadingTransactionSeesOneSnapshot) {
  auto reader = db().read().value();
  EXPECT_EQ(first(*reader, count_coins), 0);
  auto writer = db().write().value();
  ASSERT_TRUE(writer->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(first(*reader, count_coins), 0);
  reader.reset();
  EXPECT_EQ(count(db(), count_coins), 1);
}

TEST_F(SqlTest, AReadingTransactionDoesNotWrite) {
  auto tx = db().read().value();
  const auto done = tx->exec(insert_coin, {1, "asha", 1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::internal);
}

TEST_F(SqlTest, EachConstraintHasItsOwnError) {
  static constexpr Statement half_null{"half_null", "INSERT INTO owners (name) VALUES (NULL)"};
  const auto code_of = [&](const Statement& statement, std::initializer_list<Param> params) {
    auto tx = db().write().value();
    const auto done = tx->exec(statement, params);
    return done ? "no error" : to_string(done.error().code());
  };
  ASSERT_TRUE(db().script("INSERT INTO coins VALUES (1, 'asha', 1)"));
  EXPECT_EQ(code_of(insert_coin, {1, "asha", 1}), "unique");
  EXPECT_EQ(code_of(insert_owner, {"asha"}), "unique");
  EXPECT_EQ(code_of(insert_coin, {2, "nobody", 1}), "foreign_key");
  EXPECT_EQ(code_of(insert_coin, {2, "asha", -1}), "check");
  EXPECT_EQ(code_of(half_null, {}), "check");
  EXPECT_EQ(code_of(insert_coin, {2, "asha", "many"}), "check");
}

TEST_F(SqlTest, ASumBeyond64BitsIsAnErrorAndNotAReal) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", std::numeric_limits<std::int64_t>::max()}));
  const auto done = tx->exec(add_amount, {1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::check);
}

TEST_F(SqlTest, AnErrorEndsTheTransactionAndNothingOfItStands) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  const Error why = tx->exec(insert_coin, {1, "asha", 1}).error();
  EXPECT_EQ(tx->exec(insert_coin, {2, "asha", 1}).error(), why);
  EXPECT_EQ(tx->query(all_coins).error(), why);
  EXPECT_EQ(tx->commit().error(), why);
  tx.reset();
  EXPECT_EQ(count(db(), count_coins), 0);
}

TEST_F(SqlTest, AForeignKeyThatFailsAtTheCommitLeavesNothing) {
  auto tx = db().write().value();
  static constexpr Statement later{"later", "INSERT INTO letters (owner) VALUES ($1)"};
  ASSERT_TRUE(tx->exec(later, {"nobody"})) << "this key is looked at when all is done";
  const auto done = tx->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::foreign_key);
  EXPECT_EQ(tx->exec(insert_coin, {1, "asha", 1}).error().code(), Errc::foreign_key);
  tx.reset();
  static constexpr Statement letters{"letters", "SELECT count(*) FROM letters"};
  EXPECT_EQ(count(db(), letters), 0);
}

TEST_F(SqlTest, NothingRunsAfterACommit) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->commit());
  EXPECT_EQ(tx->exec(insert_coin, {1, "asha", 1}).error().code(), Errc::internal);
  EXPECT_EQ(tx->commit().error().code(), Errc::internal);
}

TEST_F(SqlTest, AScriptInATransactionEndsWithIt) {
  static constexpr Statement look{"look", "SELECT count(*) FROM extra"};
  {
    auto tx = db().write().value();
    ASSERT_TRUE(tx->script("CREATE TABLE extra (a INTEGER) STRICT; INSERT INTO extra VALUES (1)"));
    EXPECT_EQ(first(*tx, look), 1);
  }
  auto tx = db().read().value();
  EXPECT_FALSE(tx->query(look)) << "rolled back with its table";
}

TEST_F(SqlTest, AScriptThatFailsHalfwayLeavesNoTransactionOpen) {
  EXPECT_FALSE(db().script("BEGIN; INSERT INTO owners VALUES ('chandra'); SELECT nonsense"));
  static constexpr Statement owners{"owners", "SELECT count(*) FROM owners"};
  EXPECT_EQ(count(db(), owners), 1);
  EXPECT_TRUE(db().write());
}

TEST_F(SqlTest, StatementsAreCheckedBeforeTheyAreNeeded) {
  static constexpr Statement typo{"ledger.claim", "SELECT amuont FROM coins"};
  const Statement* good[] = {&all_coins, &insert_coin};
  const Statement* bad[] = {&all_coins, &typo};
  EXPECT_TRUE(prepare_all(db(), good));
  const auto done = prepare_all(db(), bad);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message(), "check statements: ledger.claim: no such column: amuont");
}

TEST_F(SqlTest, WhatPostgreSqlWouldNotTakeIsRefusedHereToo) {
  const auto words = [&](const Statement& statement) {
    const Statement* list[] = {&statement};
    const auto done = prepare_all(db(), list);
    return done ? "fine" : done.error().message();
  };
  EXPECT_EQ(words({"s", "SELECT \"a text\""}), "check statements: s: no such column: a text");
  EXPECT_EQ(words({"s", "SELECT ?"}), "check statements: s: its parameters are not $1 to $1");
  EXPECT_EQ(words({"s", "SELECT $2"}), "check statements: s: its parameters are not $1 to $1");
  EXPECT_EQ(words({"s", "SELECT $name"}), "check statements: s: its parameters are not $1 to $1");
  EXPECT_EQ(words({"s", "SELECT 1; SELECT 2"}), "check statements: s: is more than one statement");
  EXPECT_EQ(words({"s", ""}), "check statements: s: is empty");
  EXPECT_EQ(words({"s", "SELECT $1, $1;\n"}), "fine");
}

TEST_F(SqlTest, TheVersionTellsOfAnotherOnesCommit) {
  const auto other = reopened();
  const auto before = db().version().value();
  EXPECT_EQ(db().version().value(), before);
  ASSERT_TRUE(other->script("INSERT INTO owners VALUES ('chandra')"));
  EXPECT_NE(db().version().value(), before);
}

TEST_F(SqlTest, ASoundDatabaseHasNoFindings) {
  EXPECT_EQ(db().integrity().value(), std::vector<std::string>());
}

TEST_F(SqlTest, ARowThatPointsNowhereIsAFinding) {
  outside("PRAGMA foreign_keys=OFF; INSERT INTO coins VALUES (1, 'nobody', 1)");
  EXPECT_EQ(db().integrity().value(),
            std::vector<std::string>{"coins: row 1 points at a missing row of owners"});
}

}  // namespace
}  // namespace hotclock::sql
