#include "service/audit/audit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "service/audit/audit.sql.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::audit {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

class AuditTest : public testing::Test {
 protected:
  AuditTest() {
    database_ = sql::open(place_.url(), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, t0));
  }

  sql::Database& db() { return *database_; }
  void asha_pauses(const std::string& job, Instant at = t0) {
    const Person asha{"asha", "migration of the wallet", "10.0.0.7", 3, "r-1"};
    ASSERT_TRUE(
        append(db(), {.what = "pause", .job = job, .was = "on", .became = "paused"}, asha, at));
  }
  void three_acts() {
    for (const char* job : {"og-daily-bonus", "trust-score", "throne-expiry"}) asha_pauses(job);
  }
  void tamper(std::string_view text) {
    auto transaction = db().write().value();
    ASSERT_TRUE(transaction->script(text));
    ASSERT_TRUE(transaction->commit());
  }
  void somebody_puts_in_a_row() {
    const sql::Statement put_in{"put_in",
                                "INSERT INTO audit (at, who, what, job) VALUES ($1, 'ben', 'run', '')"};
    auto transaction = db().write().value();
    ASSERT_TRUE(transaction->exec(put_in, {t0}));
    ASSERT_TRUE(transaction->commit());
  }
  std::string what_is_found() { return check(db()).value().broken; }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(AuditTest, AnActStandsWithWhoFromWhereWhatAndWhy) {
  asha_pauses("og-daily-bonus");
  const auto found = list(db(), {}).value();
  ASSERT_EQ(found.size(), 1u);
  const Entry& e = found[0];
  EXPECT_EQ(e.number, 1);
  EXPECT_EQ(e.at, t0);
  EXPECT_EQ(e.who + e.from + e.what + e.job, "asha10.0.0.7pauseog-daily-bonus");
  EXPECT_EQ(e.was + ">" + e.became, "on>paused");
  EXPECT_EQ(e.token, 3);
  EXPECT_EQ(e.reason, "migration of the wallet");
  EXPECT_EQ(e.outcome, "done");
}

TEST_F(AuditTest, WhatWasRefusedStandsThereToo) {
  ASSERT_TRUE(append(db(),
                     {.what = "run",
                      .job = "og-daily-bonus",
                      .detail = "a viewer may not",
                      .outcome = Outcome::refused},
                     {"ben"}, t0));
  asha_pauses("trust-score");
  const auto refused = list(db(), {.outcome = "refused"}).value();
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].who, "ben");
  EXPECT_EQ(refused[0].detail, "a viewer may not");
}

TEST_F(AuditTest, AnActThatIsRolledBackLeavesNoGap) {
  asha_pauses("og-daily-bonus");
  {
    auto transaction = db().write().value();
    ASSERT_TRUE(append(*transaction, {.what = "resume"}, {"asha"}, t0));
  }
  asha_pauses("trust-score");
  const auto checked = check(db()).value();
  EXPECT_EQ(checked.broken, "");
  EXPECT_EQ(checked.rows, 2);
}

TEST_F(AuditTest, AChainOfManyWritersIsWhole) {
  std::vector<std::thread> people;
  std::atomic<int> written = 0;
  for (int person = 0; person < 4; ++person)
    people.emplace_back([this, &written] {
      for (int act = 0; act < 25; ++act)
        if (append(db(), {.what = "run", .job = "trust-score"}, {"asha"}, t0)) ++written;
    });
  for (std::thread& person : people) person.join();
  EXPECT_EQ(written, 100);
  const auto checked = check(db()).value();
  EXPECT_EQ(checked.broken, "");
  EXPECT_EQ(checked.rows, 100);
}

TEST_F(AuditTest, ARowThatWasChangedIsFound) {
  three_acts();
  EXPECT_EQ(what_is_found(), "");
  tamper("UPDATE audit SET who = 'nobody' WHERE number = 2");
  EXPECT_NE(what_is_found().find("row 2 (pause by nobody"), std::string::npos) << what_is_found();
}

TEST_F(AuditTest, EveryFieldIsSealed) {
  three_acts();
  for (const char* field : {"who", "came_from", "request", "what", "job", "detail", "was", "became",
                            "reason", "outcome"}) {
    tamper(std::string("UPDATE audit SET ") + field + " = " + field + " || 'x' WHERE number = 2");
    EXPECT_NE(what_is_found(), "") << field;
    tamper(std::string("UPDATE audit SET ") + field + " = substr(" + field + ", 1, length(" +
           field + ") - 1) WHERE number = 2");
    EXPECT_EQ(what_is_found(), "") << field;
  }
  tamper("UPDATE audit SET token_id = 4 WHERE number = 2");
  EXPECT_NE(what_is_found(), "");
}

TEST_F(AuditTest, ARowThatWasTakenOutIsFound) {
  three_acts();
  tamper("DELETE FROM audit WHERE number = 2");
  EXPECT_NE(what_is_found().find("row 2 should follow and row 3 does"), std::string::npos);
}

TEST_F(AuditTest, ALastRowThatWasTakenOutIsFound) {
  three_acts();
  tamper("DELETE FROM audit WHERE number = 3");
  EXPECT_NE(what_is_found().find("3 rows were written and 2 are there"), std::string::npos);
}

TEST_F(AuditTest, ARowThatWasPutInIsFound) {
  three_acts();
  somebody_puts_in_a_row();
  EXPECT_NE(what_is_found().find("a row without a number (run by ben) stands behind row 3"),
            std::string::npos)
      << what_is_found();
}

TEST_F(AuditTest, RowsFromBeforeThereWasAChainAreCounted) {
  somebody_puts_in_a_row();
  three_acts();
  const auto checked = check(db()).value();
  EXPECT_EQ(checked.broken, "");
  EXPECT_EQ(checked.unchained, 1);
  EXPECT_EQ(checked.rows, 3);
}

TEST_F(AuditTest, TwoRowsThatReadAlikeSideBySideAreSealedApart) {
  Entry one, other;
  one.who = "ab", one.from = "c";
  other.who = "a", other.from = "bc";
  EXPECT_NE(seal_of(one, ""), seal_of(other, ""));
}

TEST_F(AuditTest, AListIsFilteredAndPaged) {
  for (int hour = 0; hour < 5; ++hour) asha_pauses("trust-score", t0 + hour * 1h);
  asha_pauses("og-daily-bonus", t0 + 9h);
  EXPECT_EQ(list(db(), {.job = "trust-score"}).value().size(), 5u);
  EXPECT_EQ(list(db(), {.what = "pau.*"}).value().size(), 0u);
  EXPECT_EQ(list(db(), {.since = t0 + 3h}).value().size(), 3u);
  const auto page = list(db(), {.job = "trust-score", .limit = 2}).value();
  ASSERT_EQ(page.size(), 2u);
  const auto next =
      list(db(), {.job = "trust-score", .before = page.back().id, .limit = 9}).value();
  ASSERT_EQ(next.size(), 3u);
  EXPECT_EQ(next.front().at, t0 + 2h);
}

TEST_F(AuditTest, ALineOfTheExportIsOneObjectWithItsSeal) {
  asha_pauses("og-daily-bonus");
  std::string lines;
  ASSERT_TRUE(for_each(db(), [&lines](const Entry& entry) {
    lines += to_json(entry) + "\n";
    return true;
  }));
  EXPECT_EQ(lines.find(R"({"number":1,"at":"2026-09-21T)"), 0u) << lines;
  EXPECT_NE(lines.find(R"("who":"asha","from":"10.0.0.7","token":3,"what":"pause")"),
            std::string::npos);
  EXPECT_NE(lines.find(R"("seal":")" + check(db()).value().seal), std::string::npos);
}

}  // namespace
}  // namespace hotclock::audit
