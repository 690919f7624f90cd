#include "service/schema/invariants.h"

#include <gtest/gtest.h>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::schema {
namespace {

class InvariantsTest : public testing::Test {
 protected:
  InvariantsTest() {
    EXPECT_TRUE(migrate(db(), from_millis(0)));
    sql::speak_as_sqlite(db());
    run("INSERT INTO users (id, username, country, created_at, bonus_balance, last_bonus_date)"
        " VALUES (1, 'asha', 'NP', 0, 400, '2026-11-23'), (2, 'bina', 'AU', 0, 0, NULL)");
    run("INSERT INTO transactions (user_id, type, amount, currency, status, bonus_date, created_at)"
        " VALUES (1, 'og_bonus', 200, 'bonus', 'completed', '2026-11-22', 0),"
        " (1, 'og_bonus', 200, 'bonus', 'completed', '2026-11-23', 0),"
        " (1, 'recharge', 5000, 'coins', 'completed', NULL, 0),"
        " (2, 'promotion', 70, 'bonus', 'failed', NULL, 0)");
  }

  sql::Database& db() { return *database_; }
  void run(const std::string& text) {
    const auto done = db().script(text);
    EXPECT_TRUE(done) << (done ? "" : done.error().message());
  }
  std::string broken_now() { return broken(check_invariants(db()).value()); }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_ =
      sql::open(place_.url(), {.create = true}).value();
};

TEST_F(InvariantsTest, HoldWhereEveryBalanceIsTheSumOfItsPayments) {
  EXPECT_EQ(broken_now(), "");
  EXPECT_GE(check_invariants(db()).value().size(), 8u);
}

TEST_F(InvariantsTest, APaymentWithoutItsBalanceIsFound) {
  run("UPDATE users SET bonus_balance = 200 WHERE id = 1");
  EXPECT_EQ(broken_now(),
            "bonus balances add up: 1 wrong, the first is user 1: balance 200, payments 400\n");
}

TEST_F(InvariantsTest, ABalanceWithoutItsPaymentIsFound) {
  run("UPDATE users SET bonus_balance = 70 WHERE id = 2");
  EXPECT_EQ(broken_now(),
            "bonus balances add up: 1 wrong, the first is user 2: balance 70, payments 0\n");
}

TEST_F(InvariantsTest, OtherTypesMayPutIntoTheBonusBalanceToo) {
  run("UPDATE users SET bonus_balance = 70 WHERE id = 2;"
      "UPDATE transactions SET status = 'completed' WHERE type = 'promotion'");
  EXPECT_EQ(broken_now(), "");
}

TEST_F(InvariantsTest, ATransactionOfNobodyIsFound) {
  run("UPDATE transactions SET user_id = 9 WHERE type = 'recharge'");
  EXPECT_EQ(broken_now(), "every transaction has its user: 1 wrong, the first is user 9\n");
}

TEST_F(InvariantsTest, ADoublePaymentIsFoundEvenWhereNoIndexForbadeIt) {
  run("DROP INDEX transactions_bonus;"
      "UPDATE transactions SET bonus_date = '2026-11-23' WHERE bonus_date IS NOT NULL");
  EXPECT_EQ(broken_now(), "nobody was paid twice for one date: 1 wrong, the first is user 1\n");
}

TEST_F(InvariantsTest, AMarkWithoutItsPaymentIsFound) {
  run("UPDATE users SET last_bonus_date = '2026-11-23' WHERE id = 2");
  EXPECT_EQ(broken_now(), "whoever is marked as paid was paid: 1 wrong, the first is user 2\n");
}

TEST_F(InvariantsTest, RowsOfNobodyAreFound) {
  run("INSERT INTO streams (id, host_id, title, status, category, country, started_at)"
      " VALUES (5, 1, 'song', 'live', 'music', 'NP', 0), (6, 8, 'talk', 'live', 'chat', 'NP', 0);"
      "INSERT INTO thrones (stream_id, user_id, username, claimed_at, expires_at)"
      " VALUES (5, 1, 'asha', 0, 1), (5, 8, 'nobody', 0, 1), (7, 1, 'asha', 0, 1);"
      "INSERT INTO reputation_events (user_id, type, delta, created_at)"
      " VALUES (1, 'praise', 5, 0), (8, 'praise', 5, 0)");
  EXPECT_EQ(broken_now(),
            "every throne has its stream and its user: 2 wrong, the first is throne 2\n"
            "every stream has its host: 1 wrong, the first is stream 6\n"
            "every reputation event has its user: 1 wrong, the first is user 8\n");
}

TEST_F(InvariantsTest, AThemeThatIsNotItsNewestDocumentIsFound) {
  run("INSERT INTO themes (country, version, theme, changed_at) VALUES ('NP', 4, '{}', 0), ('AU', 2, '{}', 0);"
      "INSERT INTO theme_documents (country, version, document, made_at)"
      " VALUES ('NP', 3, '{}', 0), ('NP', 4, '{}', 0)");
  EXPECT_EQ(broken_now(), "") << "a country of an older Hotclock has no document yet";
  run("UPDATE themes SET version = 5 WHERE country = 'NP'");
  EXPECT_EQ(broken_now(), "every country wears its newest theme document: 1 wrong, the first is version 4\n");
}

TEST_F(InvariantsTest, AMissingMigrationIsAFindingAndEndsTheAsking) {
  run("DROP TABLE schema_migrations");
  const auto findings = check_invariants(db()).value();
  EXPECT_EQ(findings.size(), 2u);
  EXPECT_NE(broken(findings).find("the schema is this program's"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::schema
