#include "service/ledger/log_tail.h"

#include <gtest/gtest.h>

#include "service/ledger/history.h"
#include "service/ledger/ledger_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

class LogTailTest : public LedgerFixture {
 protected:
  LogTailTest() {
    Policy& pay = worker().job("pay");
    pay.overlap = Overlap::allow;
    pay.max_running = 2;
  }

  // An attempt at a slot of "pay" that runs, and what it says.
  struct Running {
    Claim claim;
    std::shared_ptr<ExecutionLog> log;
    std::string id() const { return claim.permit->execution.text(); }
  };
  Running begins(std::size_t keeps = ExecutionLog::usual) {
    worker().enters("pay", t0 + ++slots_ * 1ms);
    Running one{worker().claims_one(t0 + 1s), std::make_shared<ExecutionLog>(keeps)};
    tail_.begins(one.claim.permit, one.log);
    return one;
  }
  void writes(Instant now = t0 + 2s) { must(tail_.write(now)); }
  void ends(const Running& one, Follow follow = Ends{End::completed}) {
    auto [log, shown] = one.log->finish();
    auto act = worker().act(t0 + 3s);
    act.endings.push_back({.permit = one.claim.permit,
                           .started_at = t0,
                           .ended_at = t0,
                           .follow = std::move(follow),
                           .outcome = "completed",
                           .log = std::move(log),
                           .log_was_shown = shown});
    worker().settled(act);
  }
  LogView log_of(const std::string& id, std::int64_t from = 0) {
    return must(show_execution(db(), id, from)).log;
  }
  std::int64_t pieces() { return number("SELECT count(*) FROM running_logs"); }
  std::uint64_t statements() {
    std::uint64_t all = 0;
    for (const auto& [name, timing] : db().usage().statements)
      if (name.starts_with("ledger."))  // and no BEGIN
        for (const std::uint64_t runs : timing.counts) all += runs;
    return all;
  }

  LogTail tail_{db()};
  int slots_ = 0;
};

TEST_F(LogTailTest, WhatAnAttemptSaysIsSeenWhileItRuns) {
  const Running one = begins();
  EXPECT_TRUE(log_of(one.id()).empty());
  one.log->append("first\n");
  writes();
  EXPECT_EQ(log_of(one.id()).text, "first\n");
  EXPECT_EQ(log_of(one.id()).written_at, t0 + 2s);
  one.log->append("second\n");
  writes(t0 + 3s);
  const LogView view = log_of(one.id());
  EXPECT_EQ(view.text, "first\nsecond\n");
  EXPECT_EQ(view.length, 13);
  EXPECT_EQ(view.written_at, t0 + 3s);
  expect_sound();
}

TEST_F(LogTailTest, WhoeverFollowsAsksForWhatIsBehindAPlace) {
  const Running one = begins();
  one.log->append("first\n");
  writes();
  one.log->append("second\n");
  writes();
  EXPECT_EQ(log_of(one.id(), 6).text, "second\n");
  EXPECT_EQ(log_of(one.id(), 6).from, 6);
  EXPECT_EQ(log_of(one.id(), 9).text, "ond\n") << "within a piece";
  EXPECT_EQ(log_of(one.id(), 13).text, "");
  EXPECT_EQ(log_of(one.id(), 13).length, 13);
  EXPECT_EQ(log_of(one.id(), 99).from, 13) << "further than anything that was said";
  ends(one);
  EXPECT_EQ(log_of(one.id(), 6).text, "second\n") << "the same places at the end";
}

TEST_F(LogTailTest, TheEndHasTheWholeOnce) {
  const Running one = begins();
  one.log->append("first\n");
  writes();
  one.log->append("last, not written before it ended\n");
  ends(one);
  EXPECT_EQ(log_of(one.id()).text, "first\nlast, not written before it ended\n");
  EXPECT_FALSE(log_of(one.id()).written_at);
  EXPECT_EQ(pieces(), 0);
  one.log->append("too late");
  writes();
  EXPECT_EQ(pieces(), 0);
  expect_sound();
}

TEST_F(LogTailTest, AnAttemptThatIsTriedAgainAndOneThatDividesKeepTheirsToo) {
  const Running again = begins();
  const Running divides = begins();
  again.log->append("again\n");
  divides.log->append("into two\n");
  writes();
  ends(again, TriesAgain{t0 + 1h});
  ends(divides, Divides{.cursors = {"a", "b"}, .progress_total = 2});
  EXPECT_EQ(log_of(again.id()).text, "again\n");
  EXPECT_EQ(log_of(divides.id()).text, "into two\n");
  expect_sound();
}

TEST_F(LogTailTest, WhatWasWrittenIsKeptOfAnAttemptWhoseNodeDied) {
  const Running one = begins();
  one.log->append("the last that was heard of it\n");
  writes();
  Worker other(db(), "node-b");
  other.job("pay");
  auto act = other.act(t0 + 24h);
  act.look_for_lost = true;
  ASSERT_EQ(other.settled(act).taken.size(), 1U);
  EXPECT_EQ(log_of(one.id()).text, "the last that was heard of it\n");
  EXPECT_FALSE(log_of(one.id()).written_at);
  one.log->append("said by one who does not know yet that it is lost\n");
  writes();
  EXPECT_EQ(pieces(), 0) << "under the fence";
  EXPECT_EQ(log_of(one.id()).text, "the last that was heard of it\n");
  expect_sound();
}

TEST_F(LogTailTest, NoMoreIsShownThanIsKeptInTheEnd) {
  const Running one = begins(1000);
  std::int64_t most = 0;
  for (int i = 0; i < 200; ++i) {
    one.log->append(std::string(99, static_cast<char>('a' + i % 26)) + "\n");
    writes();
    const LogView view = log_of(one.id());
    ASSERT_EQ(view.length, (i + 1) * 100);
    ASSERT_EQ(view.text, one.log->text().text);
    ASSERT_EQ(view.dropped, one.log->text().dropped);
    most = std::max(most, number("SELECT sum(length(text)) FROM running_logs"));
  }
  EXPECT_LE(most, 2200);
  one.log->append(std::string(5000, 'z'));
  writes();
  EXPECT_EQ(log_of(one.id()).text, std::string(1000, 'z')) << "more at once than is kept";
  ends(one);
  EXPECT_EQ(log_of(one.id()).length, 25'000);
  expect_sound();
}

TEST_F(LogTailTest, ManySmallPiecesAreFew) {
  const Running one = begins();
  for (int i = 0; i < 250; ++i) {
    one.log->append(".");
    writes();
    ASSERT_LE(pieces(), 100);
  }
  EXPECT_EQ(log_of(one.id()).text, std::string(250, '.'));
}

TEST_F(LogTailTest, ACharacterIsNotCutWhereItCameInTwo) {
  const Running one = begins();
  one.log->append("price \xE2\x82");
  writes();
  EXPECT_EQ(log_of(one.id()).text, "price ");
  one.log->append("\xAC\n");
  writes();
  EXPECT_EQ(log_of(one.id()).text, "price \xE2\x82\xAC\n");
  EXPECT_EQ(log_of(one.id(), 7).text, "\n") << "from within it: from the next on";
}

TEST_F(LogTailTest, NothingIsAskedOfTheDatabaseWhereNothingIsNew) {
  const Running silent = begins();
  const Running one = begins();
  std::uint64_t before = statements();
  writes();
  EXPECT_EQ(statements(), before);
  one.log->append("once\n");
  writes();
  EXPECT_EQ(statements(), before + 1) << "one for each that says something";
  writes();
  EXPECT_EQ(statements(), before + 1);
  before = statements();
  ends(silent);
  const std::uint64_t of_silent = statements() - before;
  before = statements();
  ends(one);
  EXPECT_EQ(statements() - before, of_silent + 2) << "its log is kept, and what was shown goes";
}

TEST_F(LogTailTest, WhatCouldNotBeWrittenComesWithTheNext) {
  const Running one = begins();
  one.log->append("first\n");
  writes();
  one.log->append("second\n");
  {
    // Whoever has the lock or the row in hand for longer than it is waited for.
    auto holder = must(db().write());
    const sql::Statement hold{"test.hold", "UPDATE running_logs SET text = text"};
    const sql::Statement hold_lease{"test.hold_lease", "DELETE FROM leases"};
    must(holder->exec(hold));
    must(holder->exec(hold_lease));
    EXPECT_FALSE(tail_.write(t0 + 2s));
  }
  EXPECT_EQ(log_of(one.id()).text, "first\n");
  one.log->append("third\n");
  writes();
  EXPECT_EQ(log_of(one.id()).text, "first\nsecond\nthird\n");
}

}  // namespace
}  // namespace hotclock::ledger
