#include "service/jobs/sql_kind/sql_kind.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "service/jobs/kit/workbench_support.h"

namespace hotclock::sql_kind {
namespace {

using kit::counted;
using kit::is_done;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

class Bench : public kit::Workbench {
 public:
  void memo(const std::string& job, const std::string& memo) {
    sql(fmt::format("INSERT INTO memos (job, memo) VALUES ('{}', '{}')", job, memo));
  }
  std::int64_t memos() { return number("SELECT count(*) FROM memos"); }

  Result<std::shared_ptr<Job>> make(const std::string& settings) {
    auto read = read_settings(config::Section::parse(settings, "jobs.d/tidy.toml"));
    if (!read) return std::move(read).error();
    return SqlJob::make(desk(), std::move(read).value());
  }
  Outcome run(const std::string& settings, Execution& execution) {
    auto job = make(settings);
    EXPECT_TRUE(job) << job.error().message();
    return job.value()->run(execution);
  }
  Outcome run(const std::string& settings) {
    Execution execution = claimed("tidy", noon);
    return run(settings, execution);
  }
};

std::string refusal(const Result<std::shared_ptr<Job>>& job) {
  return job ? "made" : job.error().message();
}

constexpr auto two_statements =
    "statements = [\"DELETE FROM memos WHERE memo = 'old'\", \"UPDATE memos SET memo = 'old'\"]\n";

TEST(SqlKind, WorksItsStatementsInTheirOrder) {
  Bench b;
  b.memo("a", "old");
  b.memo("b", "new");
  b.memo("c", "new");
  const Outcome outcome = b.run(two_statements);
  EXPECT_EQ(counted(outcome, "rows of statement 1"), 1);
  EXPECT_EQ(counted(outcome, "rows of statement 2"), 2);
  EXPECT_EQ(b.number("SELECT count(*) FROM memos WHERE memo = 'old'"), 2);
}

TEST(SqlKind, KnowsItsSlotsInstant) {
  Bench b;
  b.sql(
      fmt::format("INSERT INTO thrones (id, stream_id, user_id, username, total_coins, claimed_at,"
                  " expires_at, is_active) VALUES (1, 1, 1, 'asha', 1, 0, {}, 1), (2, 1, 1, "
                  "'asha', 1, 0, {}, 1)",
                  to_millis(noon), to_millis(noon) + 1));
  EXPECT_EQ(counted(b.run("statements = [\"UPDATE thrones SET is_active = 0, total_coins = $2 "
                          "WHERE expires_at <= $1\"]"),
                    "rows"),
            1);
  EXPECT_EQ(b.number("SELECT total_coins FROM thrones WHERE id = 1"), to_millis(noon));
}

TEST(SqlKind, WorksASlotOnceHoweverOftenItIsTried) {
  Bench b;
  b.memo("a", "1");
  const std::string more = "statements = [\"UPDATE memos SET memo = memo || '1'\"]\n";
  Execution first = b.claimed("tidy", noon);
  EXPECT_EQ(counted(b.run(more, first), "rows"), 1);
  // Its end was not recorded: the slot is tried again.
  Execution second = b.claimed_again(first);
  EXPECT_EQ(counted(b.run(more, second), "rows"), 1);
  EXPECT_EQ(b.text("SELECT memo FROM memos"), "11");
}

TEST(SqlKind, WritesNothingOnceItsSlotIsSomebodyElses) {
  Bench b;
  b.memo("a", "new");
  Execution execution = b.claimed("tidy", noon);
  b.taken_away(execution);
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(b.run(two_statements, execution)));
  EXPECT_EQ(b.text("SELECT memo FROM memos"), "new");
}

TEST(SqlKind, LeavesAllAsItWasWhereOneStatementFails) {
  Bench b;
  b.memo("a", "new");
  const Outcome outcome = b.run(
      "statements = [\"DELETE FROM memos\", \"INSERT INTO jobs (name, schedule, entered_until) "
      "SELECT"
      " name, schedule, entered_until FROM jobs\"]\n");
  const auto* failed = std::get_if<Failed>(&outcome);
  ASSERT_NE(failed, nullptr);
  EXPECT_NE(failed->why.message().find("statements: statement 2"), std::string::npos)
      << failed->why.message();
  EXPECT_EQ(b.memos(), 1);
}

// One row at a time, as for a table of millions.
constexpr auto chunked =
    "repeat_while_rows = true\n"
    "statements = [\"DELETE FROM memos WHERE job IN (SELECT job FROM memos ORDER BY job LIMIT "
    "2)\"]\n";

TEST(SqlKind, RepeatsAChunkUntilItChangesNoRow) {
  Bench b;
  for (int i = 0; i < 5; ++i) b.memo(std::to_string(i), "x");
  Execution execution = b.claimed("tidy", noon);
  EXPECT_EQ(counted(b.run(chunked, execution), "rows"), 5);
  EXPECT_EQ(b.memos(), 0);
  EXPECT_EQ(execution.cursor, "4 0 5");  // two, two, one, none
}

TEST(SqlKind, LeavesTheRestToTheNextSlotAfterItsMostChunks) {
  Bench b;
  for (int i = 0; i < 5; ++i) b.memo(std::to_string(i), "x");
  Execution execution = b.claimed("tidy", noon);
  EXPECT_EQ(counted(b.run(std::string("max_chunks = 2\n") + chunked, execution), "rows"), 4);
  EXPECT_EQ(execution.log().text().text,
            "ended after 2 chunks; the rest is left to the next slot\n");
  EXPECT_EQ(b.memos(), 1);
}

TEST(SqlKind, GoesOnBehindTheLastChunkAndCountsAllOfThem) {
  Bench b;
  for (int i = 0; i < 5; ++i) b.memo(std::to_string(i), "x");
  Execution first = b.claimed("tidy", noon);
  auto job = b.make(chunked);
  ASSERT_TRUE(job);
  b.dying().stop_at(8, first.permit);
  EXPECT_TRUE(kit::is_stopped(job.value()->run(first)));
  EXPECT_EQ(b.memos(), 3);
  b.dying().stop_at(0, nullptr);
  Execution second = b.claimed_again(first);
  EXPECT_EQ(counted(b.run(chunked, second), "rows"), 5);
  EXPECT_EQ(b.memos(), 0);
}

TEST(SqlKind, ChangesNothingInADryRunAndSaysWhatItWould) {
  Bench b;
  for (int i = 0; i < 5; ++i) b.memo(std::to_string(i), "x");
  Execution execution = b.claimed("tidy", noon);
  execution.dry_run = true;
  EXPECT_EQ(counted(b.run(chunked, execution), "rows"), 2);
  EXPECT_EQ(b.memos(), 5);
}

TEST(SqlKind, CountsNoRowsOfAQuestion) {
  Bench b;
  b.memo("a", "x");
  EXPECT_EQ(counted(b.run("statements = [\"SELECT job FROM memos\"]"), "rows"), 0);
}

TEST(SqlKind, IsNotMadeOfWhatTheDatabaseDoesNotKnow) {
  Bench b;
  const std::string why =
      refusal(b.make("statements = [\"DELETE FROM memos\", \"DELETE FROM memo\"]\n"));
  EXPECT_NE(why.find("jobs.d/tidy.toml:1:14: .statements: statement 2"), std::string::npos) << why;
  EXPECT_NE(why.find("memo"), std::string::npos) << why;
}

TEST(SqlKind, EndsNoTransactionBehindItsStatement) {
  Bench b;
  for (const char* text : {"DELETE FROM memos; COMMIT", "DELETE FROM memos;COMMIT;BEGIN",
                           "DELETE FROM memos; --\nCOMMIT"})
    EXPECT_NE(refusal(b.make(fmt::format("statements = ['''{}''']\n", text))), "made") << text;
}

TEST(SqlKind, NamesWhatIsWrongInItsSettings) {
  Bench b;
  EXPECT_NE(refusal(b.make("")).find("statements: there is none"), std::string::npos);
  EXPECT_NE(
      refusal(b.make("statements = [\"COMMIT\"]")).find("statement 1: a statement begins with"),
      std::string::npos);
  EXPECT_NE(refusal(b.make("statement = [\"SELECT 1\"]")).find("did you mean statements?"),
            std::string::npos);
}

}  // namespace
}  // namespace hotclock::sql_kind
