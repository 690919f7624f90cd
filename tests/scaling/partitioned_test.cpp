// docs/scaling/partitioned.sql, run as an operator runs it, and the jobs at work on what it makes.
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/scaling/platform.h"

namespace hotclock {
namespace {

std::string content(const std::string& file) {
  std::ifstream in(HOTCLOCK_SOURCE_DIR "/" + file);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

class PartitionedTest : public PlatformTest {
 protected:
  PartitionedTest() {
    look_at(scratch_.url());
    on(scratch_.url());
    done({"demo", "--users", "1000", "--history-days", "3"});
  }

  std::string url() const { return scratch_.url(); }
  void make_it_partitioned() {
    const std::string script = content("docs/scaling/partitioned.sql");
    const auto end = script.find("COMMIT;\n") + 8;
    text(script.substr(0, end));
    text(script.substr(end));
  }
  // Rows, coins and the next id of each table that is remade.
  std::string what_there_is() const {
    return text(
        "SELECT format('%s transactions of %s, last %s; %s events of %s, last %s; %s attempts; %s in the outbox',"
        " (SELECT count(*) FROM platform.transactions), (SELECT sum(amount) FROM platform.transactions),"
        " (SELECT max(id) FROM platform.transactions), (SELECT count(*) FROM platform.reputation_events),"
        " (SELECT sum(delta) FROM platform.reputation_events), (SELECT max(id) FROM platform.reputation_events),"
        " (SELECT count(*) FROM hotclock.history), (SELECT count(*) FROM hotclock.outbox))");
  }
  std::int64_t parts_with_rows_of(const std::string& table) const {
    return number("SELECT count(DISTINCT tableoid) FROM " + table);
  }
  std::string refused(const std::string& statement) const {
    try {
      text(statement);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

 private:
  sql::PostgresScratch scratch_;
};

TEST_F(PartitionedTest, TheTablesAreRemadeWithAllTheirRowsAndTheirNextIds) {
  done({"run", "stream-ranking"});
  const std::string before = what_there_is();
  make_it_partitioned();
  EXPECT_EQ(what_there_is(), before);
  EXPECT_EQ(number("SELECT count(*) FROM pg_class WHERE relkind = 'p' AND relname IN ('transactions',"
                   " 'reputation_events', 'history', 'outbox')"),
            4);
  EXPECT_EQ(parts_with_rows_of("platform.transactions"), 8);
  EXPECT_EQ(parts_with_rows_of("platform.reputation_events"), 8);
  const auto last = number("SELECT max(id) FROM platform.transactions");
  EXPECT_EQ(number("INSERT INTO platform.transactions (user_id, type, amount, currency, status, created_at)"
                   " VALUES (1, 'recharge', 5, 'coins', 'completed', now()) RETURNING id"),
            last + 1);
  done({"doctor"});
  EXPECT_NE(done({"history"}).find("stream-ranking"), std::string::npos);
}

TEST_F(PartitionedTest, NobodyIsPaidTwice) {
  make_it_partitioned();
  const auto before = payments();
  done({"run", "og-daily-bonus"});
  const auto paid = payments();
  EXPECT_GT(paid, before + 100);
  done({"run", "og-daily-bonus"});
  EXPECT_EQ(payments(), paid);
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM platform.transactions WHERE bonus_date IS NOT NULL"
                   " GROUP BY bonus_date, user_id HAVING count(*) > 1) AS twice"),
            0);
  const std::string again = refused(
      "INSERT INTO platform.transactions (user_id, type, amount, currency, status, bonus_date, created_at)"
      " SELECT user_id, type, amount, currency, status, bonus_date, created_at FROM platform.transactions"
      " WHERE bonus_date IS NOT NULL LIMIT 1");
  EXPECT_NE(again.find("duplicate key value violates unique constraint"), std::string::npos) << again;
  done({"doctor"});
}

TEST_F(PartitionedTest, EveryJobWorksAndTwoServersShareTheBonus) {
  make_it_partitioned();
  serve(), serve();
  for (const char* job : {"og-daily-bonus", "trust-score", "throne-expiry", "stream-ranking", "festival-activation"})
    done({"run", job});
  EXPECT_GT(number("SELECT count(*) FROM platform.user_trust"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.history WHERE outcome NOT IN ('completed', 'missed')"), 0);
  done({"doctor"});
}

TEST_F(PartitionedTest, WhatIsMovedFromItIsMovedOnce) {
  make_it_partitioned();
  const sql::PostgresScratch target;
  done({"migrate", "--from", url(), "--to", target.url()});
  const auto before = what_there_is();
  look_at(target.url());
  EXPECT_EQ(what_there_is(), before);
}

// Why the tables are parted as they are.
TEST_F(PartitionedTest, PartedByMonthTheDatabaseCouldNotRefuseASecondPayment) {
  const std::string why = refused(
      "CREATE TABLE by_month (user_id BIGINT, bonus_date TEXT, created_at TIMESTAMPTZ) PARTITION BY RANGE (created_at);"
      "CREATE UNIQUE INDEX ON by_month (bonus_date, user_id) WHERE bonus_date IS NOT NULL");
  EXPECT_NE(why.find("must include all partitioning columns"), std::string::npos) << why;
}

}  // namespace
}  // namespace hotclock
