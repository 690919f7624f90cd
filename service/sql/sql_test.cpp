#include "service/sql/sql.h"

#include <gtest/gtest.h>

#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

// What holds on every engine.
class SqlTest : public ScratchDatabase, public testing::WithParamInterface<std::string> {
 protected:
  SqlTest() : ScratchDatabase(GetParam()) {}
};
INSTANTIATE_TEST_SUITE_P(Engine, SqlTest, testing::ValuesIn(engines()),
                         [](const auto& engine) { return engine.param; });

// What SQLite alone does.
class SqliteTest : public ScratchDatabase {};


constexpr Statement insert_coin{"insert_coin",
                                "INSERT INTO coins (id, owner, amount) VALUES ($1, $2, $3)"};
constexpr Statement insert_backwards{"insert_backwards",
                                     "INSERT INTO coins (amount, owner, id) VALUES ($3, $2, $1)"};
constexpr Statement insert_owner{"insert_owner", "INSERT INTO owners (name) VALUES ($1)"};
constexpr Statement add_amount{"add_amount", "UPDATE coins SET amount = amount + $1"};
constexpr Statement all_coins{"all_coins", "SELECT id, owner, amount FROM coins ORDER BY id"};
constexpr Statement count_coins{"count_coins", "SELECT count(*) FROM coins"};

TEST_P(SqlTest, WhatWasCommittedIsThereForEverybody) {
  auto tx = db().write().value();
  EXPECT_EQ(tx->exec(insert_coin, {1, "asha", 200}).value(), 1);
  ASSERT_TRUE(tx->commit());
  tx.reset();
  const auto other = reopened();
  EXPECT_EQ(count(*other, count_coins), 1);
}

TEST_P(SqlTest, WhatWasNotCommittedIsGone) {
  {
    auto tx = db().write().value();
    ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 200}));
  }
  EXPECT_EQ(count(db(), count_coins), 0);
}

TEST_P(SqlTest, ParametersAreBoundByTheirNumberWhateverTheirOrder) {
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

TEST_P(SqlTest, EveryKindOfValueComesBackAsItWent) {
  static constexpr Statement keep{"keep", "INSERT INTO kinds (i, r, t, at) VALUES ($1, $2, $3, $4)"};
  static constexpr Statement give{"give", "SELECT i, r, t, at, i IS NULL, t IS NULL FROM kinds"};
  const Instant noon = from_millis(1'795'564'800'123);
  const Instant long_ago = from_millis(-86'400'001);
  const std::int64_t big = std::numeric_limits<std::int64_t>::min();
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(keep, {big, 0.5, "दशैं 🎉", noon}));
  ASSERT_TRUE(tx->exec(keep, {nullptr, -1e300, "", long_ago}));
  ASSERT_TRUE(tx->exec(keep, {param(true), 7.0, nullptr, param(std::optional<Instant>())}));
  auto rows = tx->query(give).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), big);
  EXPECT_EQ(rows->real(1), 0.5);
  EXPECT_EQ(rows->text(2), "दशैं 🎉");
  EXPECT_EQ(rows->instant(3), noon);
  EXPECT_EQ(rows->integer(4), 0);
  ASSERT_TRUE(rows->next());
  EXPECT_TRUE(rows->is_null(0));
  EXPECT_EQ(rows->real(1), -1e300);
  EXPECT_FALSE(rows->is_null(2)) << "an empty text is no NULL";
  EXPECT_EQ(rows->instant(3), long_ago);
  EXPECT_EQ(rows->integer(4), 1);
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 1);
  EXPECT_EQ(rows->integer(5), 1);
  EXPECT_EQ(rows->instant_or_none(3), std::nullopt);
}

TEST_P(SqlTest, SumsAndCountsAreWholeNumbersOnEveryEngine) {
  static constexpr Statement sums{
      "sums", "SELECT sum(amount), count(*), max(amount) > 5, coalesce(sum(amount), 0) FROM coins"};
  auto tx = db().write().value();
  for (const std::int64_t amount : {0L, 20'000L, 123'456'789'012'345L, 10'000L})
    ASSERT_TRUE(tx->exec(insert_coin, {amount, "asha", amount}));
  auto rows = tx->query(sums).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 123'456'789'042'345L);
  EXPECT_EQ(rows->integer(1), 4);
  EXPECT_EQ(rows->integer(2), 1);
  EXPECT_EQ(rows->integer(3), 123'456'789'042'345L);
}

TEST_P(SqlTest, ANullReadsAsNothing) {
  static constexpr Statement nothing{"nothing", "SELECT $1"};
  auto tx = db().read().value();
  auto rows = tx->query(nothing, {param(std::optional<Instant>())}).value();
  ASSERT_TRUE(rows->next());
  EXPECT_TRUE(rows->is_null(0));
  EXPECT_EQ(rows->instant_or_none(0), std::nullopt);
  EXPECT_EQ(rows->text(0), "");
  EXPECT_EQ(rows->integer(0), 0);
}

TEST_P(SqlTest, ATextThatOneEngineCouldNotKeepIsRefused) {
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

TEST_P(SqlTest, ARealThatIsNoNumberIsRefused) {
  static constexpr Statement echo{"echo", "SELECT $1"};
  auto tx = db().read().value();
  EXPECT_EQ(tx->query(echo, {std::numeric_limits<double>::quiet_NaN()}).error().code(),
            Errc::invalid);
}

TEST_P(SqlTest, AWrongNumberOfParametersIsAFaultThatNamesTheStatement) {
  auto tx = db().write().value();
  const auto done = tx->exec(insert_coin, {1, "asha"});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), Error(Errc::internal, "insert_coin: takes 3 parameters, got 2"));
}

TEST_P(SqlTest, AColumnIsAFaultWhereTheEngineTakesNone) {
  static constexpr Statement echo_it{"echo_it", "SELECT $1"};
  const std::vector<std::int64_t> column = {1, 2};
  if (db().dialect().takes_arrays) return;
  auto tx = db().read().value();
  const auto refused = tx->query(echo_it, {Integers(column)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Error(Errc::internal, "echo_it: $1: is a column, which SQLite does not take"));
}

TEST_P(SqlTest, ChangedRowsAreCounted) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(tx->exec(insert_coin, {2, "asha", 1}));
  EXPECT_EQ(tx->exec(add_amount, {5}).value(), 2);
  static constexpr Statement none{"none", "UPDATE coins SET amount = 0 WHERE id > 100"};
  EXPECT_EQ(tx->exec(none).value(), 0);
}

TEST_P(SqlTest, WhatWasPostedIsThereForTheNextStatement) {
  auto tx = db().write().value();
  for (std::int64_t id = 1; id <= 1000; ++id) ASSERT_TRUE(tx->post(insert_coin, {id, "asha", id}));
  EXPECT_EQ(first(*tx, count_coins), 1000);
  ASSERT_TRUE(tx->post(insert_coin, {1001, "asha", 1}));
  ASSERT_TRUE(tx->commit());
  tx.reset();
  EXPECT_EQ(count(db(), count_coins), 1001);
}

TEST_P(SqlTest, AnErrorOfSomethingPostedComesWithTheCommitAtTheLatest) {
  auto tx = db().write().value();
  for (const std::int64_t id : {1, 1, 2}) [[maybe_unused]]
    const auto posted = tx->post(insert_coin, {id, "asha", 1});
  const auto done = tx->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::unique);
  EXPECT_TRUE(done.error().message().starts_with("insert_coin: ")) << done.error().message();
  tx.reset();
  EXPECT_EQ(count(db(), count_coins), 0);
}

TEST_P(SqlTest, WhatWasPostedInATurnIsCommittedAndTold) {
  const auto other = reopened();
  const auto heard = [&] {
    return other->await_news(std::chrono::steady_clock::now() + 10ms, {}).value();
  };
  EXPECT_TRUE(heard()) << "nobody knows what was before";
  for (std::int64_t id = 1; id <= 2; ++id) {
    auto tx = db().write_alone().value();
    ASSERT_TRUE(tx->post(insert_coin, {id, "asha", 1}));
    ASSERT_TRUE(tx->notify());
    ASSERT_TRUE(tx->commit());
    while (!heard()) {
    }
    EXPECT_EQ(count(*other, count_coins), id);
  }
}

TEST_P(SqlTest, AnErrorOfSomethingPostedInATurnLeavesNothingOfIt) {
  for (int again = 0; again < 2; ++again) {
    auto tx = db().write_alone().value();
    for (const std::int64_t id : {1, 1, 2}) [[maybe_unused]]
      const auto posted = tx->post(insert_coin, {id, "asha", 1});
    const auto done = tx->commit();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), Errc::unique);
    EXPECT_TRUE(done.error().message().starts_with("insert_coin: ")) << done.error().message();
    tx.reset();
    EXPECT_EQ(count(db(), count_coins), 0);
  }
}

TEST_P(SqlTest, EachOfManyRunsTellsWhatItChanged) {
  static constexpr Statement remove{"remove", "DELETE FROM coins WHERE id = $1 AND amount = $2"};
  auto tx = db().write().value();
  std::vector<Param> all;
  for (std::int64_t id = 1; id <= 600; ++id) {
    ASSERT_TRUE(tx->post(insert_coin, {id, "asha", id % 2}));
    all.insert(all.end(), {id, std::int64_t{1}});
  }
  const auto changed = tx->exec_each(remove, all, 2).value();
  ASSERT_EQ(changed.size(), 600U);
  EXPECT_EQ(changed[0], 1);
  EXPECT_EQ(changed[1], 0);
  EXPECT_EQ(first(*tx, count_coins), 300);
}

TEST_P(SqlTest, SeveralQuestionsAreAnsweredEachAndSeeWhatWasPosted) {
  static constexpr Statement largest{"largest", "SELECT max(amount) FROM coins WHERE id < $1"};
  auto tx = db().write().value();
  for (std::int64_t id = 1; id <= 300; ++id) ASSERT_TRUE(tx->post(insert_coin, {id, "asha", id}));
  for (int again = 0; again < 2; ++again) {
    const Question questions[] = {{&count_coins}, {&largest, {std::int64_t{10}}}, {&count_coins}};
    const auto answers = tx->query_all(questions).value();
    ASSERT_EQ(answers.size(), 3u);
    for (const auto& [at, expected] : {std::pair{0u, 300}, {1u, 9}, {2u, 300}}) {
      ASSERT_TRUE(answers[at]->next());
      EXPECT_EQ(answers[at]->integer(0), expected);
      EXPECT_FALSE(answers[at]->next());
      EXPECT_TRUE(answers[at]->end());
    }
  }
}

TEST_P(SqlTest, MoreQuestionsThanGoTogetherAreAnsweredInTheirOrder) {
  static constexpr Statement coin{"coin", "SELECT amount FROM coins WHERE id = $1"};
  constexpr std::int64_t many = 700;
  auto tx = db().write().value();
  for (std::int64_t id = 1; id <= many; ++id)
    ASSERT_TRUE(tx->post(insert_coin, {id, "asha", 3 * id}));
  std::vector<Question> questions;
  for (std::int64_t id = 1; id <= many; ++id) questions.push_back({&coin, {id}});
  const auto answers = tx->query_all(questions).value();
  ASSERT_EQ(answers.size(), questions.size());
  for (std::int64_t id = 1; id <= many; ++id) {
    const auto& rows = answers[static_cast<std::size_t>(id - 1)];
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->integer(0), 3 * id);
    EXPECT_TRUE(rows->end());
  }
}

TEST_P(SqlTest, AnErrorOfSomethingPostedComesWithTheNextQuestion) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->query(count_coins).value());
  for (const std::int64_t id : {1, 1}) [[maybe_unused]]
    const auto posted = tx->post(insert_coin, {id, "asha", 1});
  const auto rows = tx->query(count_coins);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), Errc::unique);
  EXPECT_TRUE(rows.error().message().starts_with("insert_coin: ")) << rows.error().message();
}

TEST_P(SqlTest, AStatementThatReturnsRowsHasChangedThemAllAtOnce) {
  static constexpr Statement drop_all{"drop_all", "DELETE FROM coins RETURNING id"};
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(tx->exec(insert_coin, {2, "asha", 1}));
  ASSERT_TRUE(tx->query(drop_all));
  auto rows = tx->query(count_coins).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 0);
}

TEST_P(SqlTest, TheSameStatementMayBeReadTwiceAtATime) {
  auto tx = db().write().value();
  for (const std::int64_t id : {1, 2}) ASSERT_TRUE(tx->exec(insert_coin, {id, "asha", 1}));
  auto outer = tx->query(all_coins).value();
  int pairs = 0;
  while (outer->next())
    for (auto inner = tx->query(all_coins).value(); inner->next();) ++pairs;
  EXPECT_EQ(pairs, 4);
}

TEST_P(SqlTest, RowsThatOutliveTheirTransactionAreAtTheirEnd) {
  auto tx = db().write().value();
  for (const std::int64_t id : {1, 2}) ASSERT_TRUE(tx->exec(insert_coin, {id, "asha", 1}));
  auto rows = tx->query(all_coins).value();
  ASSERT_TRUE(rows->next());
  ASSERT_TRUE(tx->commit());
  tx.reset();
  EXPECT_FALSE(rows->next());
}

TEST_P(SqlTest, AStatementAtAnAddressUsedBeforeIsPreparedAnew) {
  std::string text = "SELECT 1";
  Statement reused{"reused", text};
  auto tx = db().read().value();
  EXPECT_EQ(first(*tx, reused), 1);
  text = "SELECT 2";
  EXPECT_EQ(first(*tx, reused), 2);
}

TEST_P(SqlTest, AReadingTransactionSeesOneSnapshot) {
  auto reader = db().read().value();
  EXPECT_EQ(first(*reader, count_coins), 0);
  auto writer = db().write().value();
  ASSERT_TRUE(writer->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(writer->commit());
  EXPECT_EQ(first(*reader, count_coins), 0);
  reader.reset();
  EXPECT_EQ(count(db(), count_coins), 1);
}

TEST_P(SqlTest, AReadingTransactionDoesNotWrite) {
  auto tx = db().read().value();
  const auto done = tx->exec(insert_coin, {1, "asha", 1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::internal);
}

TEST_P(SqlTest, AGlanceReadsWhatIsCommittedAndWritesNothing) {
  auto writer = db().write().value();
  ASSERT_TRUE(writer->exec(insert_coin, {1, "asha", 1}));
  ASSERT_TRUE(writer->commit());
  writer.reset();
  EXPECT_EQ(first(*db().glance().value(), count_coins), 1);
  const auto done = db().glance().value()->exec(insert_coin, {2, "asha", 1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::internal);
  EXPECT_EQ(count(db(), count_coins), 1);
}

TEST_P(SqlTest, EachConstraintHasItsOwnError) {
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

TEST_P(SqlTest, ASumBeyond64BitsIsAnErrorAndNotAReal) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", std::numeric_limits<std::int64_t>::max()}));
  const auto done = tx->exec(add_amount, {1});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::check);
}

TEST_P(SqlTest, AnErrorEndsTheTransactionAndNothingOfItStands) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, "asha", 1}));
  const Error why = tx->exec(insert_coin, {1, "asha", 1}).error();
  EXPECT_EQ(tx->exec(insert_coin, {2, "asha", 1}).error(), why);
  EXPECT_EQ(tx->query(all_coins).error(), why);
  EXPECT_EQ(tx->commit().error(), why);
  tx.reset();
  EXPECT_EQ(count(db(), count_coins), 0);
}

TEST_P(SqlTest, AForeignKeyThatFailsAtTheCommitLeavesNothing) {
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

TEST_P(SqlTest, NothingRunsAfterACommit) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->commit());
  EXPECT_EQ(tx->exec(insert_coin, {1, "asha", 1}).error().code(), Errc::internal);
  EXPECT_EQ(tx->commit().error().code(), Errc::internal);
}

TEST_P(SqlTest, AScriptInATransactionEndsWithIt) {
  static constexpr Statement look{"look", "SELECT count(*) FROM extra"};
  {
    auto tx = db().write().value();
    ASSERT_TRUE(tx->script("CREATE TABLE extra (a INTEGER); INSERT INTO extra VALUES (1)"));
    EXPECT_EQ(first(*tx, look), 1);
  }
  auto tx = db().read().value();
  EXPECT_FALSE(tx->query(look)) << "rolled back with its table";
}

TEST_P(SqlTest, AScriptThatFailsHalfwayLeavesNoTransactionOpen) {
  EXPECT_FALSE(db().script("BEGIN; INSERT INTO owners VALUES ('chandra'); SELECT nonsense"));
  static constexpr Statement owners{"owners", "SELECT count(*) FROM owners"};
  EXPECT_EQ(count(db(), owners), 1);
  EXPECT_TRUE(db().write());
}

TEST_P(SqlTest, StatementsAreCheckedBeforeTheyAreNeeded) {
  static constexpr Statement typo{"ledger.claim", "SELECT amuont FROM coins"};
  const Statement* good[] = {&all_coins, &insert_coin};
  const Statement* bad[] = {&all_coins, &typo};
  EXPECT_TRUE(prepare_all(db(), good));
  const auto done = prepare_all(db(), bad);
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().message().starts_with("check statements: ledger.claim: "));
  EXPECT_NE(done.error().message().find("amuont"), std::string::npos) << done.error().message();
}

TEST_F(SqliteTest, WhatPostgreSqlWouldNotTakeIsRefusedHereToo) {
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

TEST_P(SqlTest, NewsOfAnotherOneIsHeardOnce) {
  const auto other = reopened();
  const auto heard = [&] { return db().await_news({}, {}).value(); };
  EXPECT_TRUE(heard()) << "nobody knows what was before";
  EXPECT_FALSE(heard());
  auto tx = other->write().value();
  ASSERT_TRUE(tx->exec(insert_owner, {"chandra"}));
  ASSERT_TRUE(tx->notify());
  EXPECT_FALSE(heard()) << "it is not committed";
  ASSERT_TRUE(tx->commit());
  EXPECT_TRUE(db().await_news(std::chrono::steady_clock::now() + 50ms, {}).value());
  EXPECT_FALSE(heard());
}

TEST_P(SqlTest, ASoundDatabaseHasNoFindings) {
  EXPECT_EQ(db().integrity().value(), std::vector<std::string>());
}

TEST_F(SqliteTest, ARowThatPointsNowhereIsAFinding) {
  outside("PRAGMA foreign_keys=OFF; INSERT INTO coins VALUES (1, 'nobody', 1)");
  EXPECT_EQ(db().integrity().value(),
            std::vector<std::string>{"coins: row 1 points at a missing row of owners"});
}

}  // namespace
}  // namespace hotclock::sql
