#include "service/work/chunk.h"

#include "service/ledger/control.h"
#include "service/ledger/history.h"
#include "service/ledger/ledger_support.h"
#include "service/outbox/reader.h"
#include "service/sql/forwarding_support.h"

namespace hotclock::work {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

class ChunkTest : public ledger::LedgerFixture {
 protected:
  ChunkTest() : clock_(t0), desk_(db(), clock_) {
    worker().job("pay");
    worker().enters("pay", t0);
    execution_ = begun(worker());
  }

  Execution begun(ledger::Worker& node) {
    auto a = node.act(t0);
    a.asked = clock_.steady();
    a.room = 1;
    const auto claim = node.settled(a).claims.at(0);
    return {.permit = claim.permit, .cursor = claim.cursor};
  }
  // The slot goes to another execution; this one does not know.
  void taken_away() {
    auto a = worker().act(t0 + 1h);
    a.asked = clock_.steady() + 1h;
    a.look_for_lost = true;
    a.room = 1;
    worker().settled(a);
  }
  std::size_t events() { return must(outbox::Reader(db(), 0).next(100)).size(); }
  static outbox::Event event() { return {"og:bonus", {"user:1"}, {{"amount", 200}}}; }

  ManualClock clock_;
  Desk desk_;
  Execution execution_;
};

TEST_F(ChunkTest, RowsEventsCursorAndProgressCommitTogether) {
  execution_.progress->total = 100;
  auto chunk = must(desk_.begin(execution_));
  must(chunk.emit(event()));
  must(chunk.commit("user 40", 40));
  EXPECT_EQ(execution_.cursor, "user 40");
  EXPECT_EQ(execution_.progress->done, 40);
  const auto slot = must(ledger::show_execution(db(), execution_.permit->execution.text()));
  EXPECT_EQ(slot.slot.cursor, "user 40");
  EXPECT_EQ(slot.slot.progress_done, 40);
  EXPECT_EQ(slot.slot.progress_total, 100);
  EXPECT_EQ(slot.events, 1);
}

TEST_F(ChunkTest, WhatIsNotCommittedNeverWas) {
  {
    auto chunk = must(desk_.begin(execution_));
    must(chunk.emit(event()));
  }
  EXPECT_EQ(events(), 0u);
  EXPECT_EQ(execution_.cursor, "");
}

TEST_F(ChunkTest, ADryRunCommitsNothingButGoesOn) {
  execution_.dry_run = true;
  auto chunk = must(desk_.begin(execution_));
  must(chunk.emit(event()));
  must(chunk.commit("user 40", 40));
  EXPECT_EQ(execution_.cursor, "user 40");
  EXPECT_EQ(execution_.progress->done, 40);
  EXPECT_EQ(events(), 0u);
  EXPECT_EQ(number("SELECT sum(progress_done) FROM leases"), 0);
}

TEST_F(ChunkTest, AnOldFenceWritesNothing) {
  auto stale = execution_;
  taken_away();
  auto chunk = must(desk_.begin(stale));
  must(chunk.emit(event()));
  const auto refused = chunk.commit("user 40", 40);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::lease_lost);
  { const auto gone = std::move(chunk); }
  EXPECT_EQ(events(), 0u);
  EXPECT_EQ(stale.cursor, "");
}

TEST_F(ChunkTest, ALeaseThatMayHaveRunOutByItsOwnCountIsNotWorkedUnder) {
  clock_.advance(10min);
  const auto refused = desk_.begin(execution_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::lease_lost);
}

TEST_F(ChunkTest, ALeaseThatRanOutWhileTheChunkWorkedIsNotWrittenUnder) {
  auto chunk = must(desk_.begin(execution_));
  must(chunk.emit(event()));
  clock_.advance(10min);
  EXPECT_EQ(chunk.commit("user 40", 40).error().code(), Errc::lease_lost);
  { const auto gone = std::move(chunk); }
  EXPECT_EQ(events(), 0u);
}

TEST_F(ChunkTest, AStopEndsTheChunkAndWritesNothing) {
  auto chunk = must(desk_.begin(execution_));
  execution_.permit->request_stop(StopReason::time_limit);
  EXPECT_EQ(chunk.commit("user 40", 40).error().code(), Errc::stopped);
  { const auto gone = std::move(chunk); }
  EXPECT_EQ(desk_.begin(execution_).error().code(), Errc::stopped);
  EXPECT_EQ(desk_.read(execution_).error().code(), Errc::stopped);
  EXPECT_EQ(execution_.cursor, "");
}

TEST_F(ChunkTest, ACancelInTheDatabaseIsNoticedAtTheNextChunk) {
  must(must(desk_.begin(execution_)).commit("user 10", 10));
  must(ledger::request_cancel(db(), execution_.permit->execution.text(), {"asha", ""}, t0));
  EXPECT_EQ(desk_.begin(execution_).error().code(), Errc::stopped);
  EXPECT_EQ(execution_.permit->stop_reason(), StopReason::cancelled);
}

TEST_F(ChunkTest, TheNextAttemptResumesAtTheCursorAndCountsOn) {
  must(must(desk_.begin(execution_)).commit("user 10", 10));
  worker().ends({.permit = execution_.permit}, TriesAgain{t0}, "failed", "broken");
  auto again = begun(worker());
  EXPECT_EQ(again.cursor, "user 10");
  must(must(desk_.begin(again)).commit("user 15", 5));
  EXPECT_EQ(number("SELECT sum(progress_done) FROM leases"), 15);
}

TEST_F(ChunkTest, ACommitThatTheEngineCannotTellOfIsSeenByItsCursor) {
  sql::SilentDatabase silent(db(), true);
  Desk desk(silent, clock_);
  must(must(desk.begin(execution_)).commit("user 40", 40));
  EXPECT_EQ(execution_.cursor, "user 40");
  EXPECT_EQ(must(desk.begin(execution_)).commit("user 40", 0).error().code(), Errc::unknown)
      << "a cursor that stood there before proves nothing";
}

TEST_F(ChunkTest, ACommitIsAskedForUntilTheDatabaseIsBackToTell) {
  class Restarted final : public sql::SilentDatabase {
   public:
    explicit Restarted(sql::Database& real) : SilentDatabase(real, true) {}
    int away = 0;

   private:
    Result<> may_begin() override {
      return away-- > 0 ? Result<>(Error(Errc::unavailable, "it is starting")) : Result<>();
    }
  };
  Restarted restarted(db());
  Desk desk(restarted, clock_);
  auto chunk = must(desk.begin(execution_));
  restarted.away = 20;
  must(chunk.commit("user 40", 40));
  EXPECT_EQ(execution_.cursor, "user 40");
  EXPECT_LT(restarted.away, 0);
}

TEST_F(ChunkTest, ACommitThatDidNotComeAboutMayBeTriedAgain) {
  sql::SilentDatabase silent(db(), false);
  Desk desk(silent, clock_);
  const auto lost = must(desk.begin(execution_)).commit("user 40", 40);
  EXPECT_EQ(lost.error().code(), Errc::unavailable) << lost.error().message();
  EXPECT_EQ(execution_.cursor, "");
  must(must(desk_.begin(execution_)).commit("user 40", 40));
}

TEST(OutcomeOf, TellsWhatAnErrorComesTo) {
  EXPECT_TRUE(std::holds_alternative<Stopped>(outcome_of(Error(Errc::stopped, "s"))));
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(outcome_of(Error(Errc::lease_lost, "l"))));
  EXPECT_TRUE(std::get<Failed>(outcome_of(Error(Errc::check, "c"))).final);
  EXPECT_FALSE(std::get<Failed>(outcome_of(Error(Errc::busy, "b"))).final);
}

}  // namespace
}  // namespace hotclock::work
