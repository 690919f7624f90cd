// What the ledger in SQL must do beyond what every ledger must (tests/conformance).
#include "service/ledger/sql_ledger.h"

#include "service/ledger/control.h"
#include "service/ledger/execution_id.h"
#include "service/ledger/ledger_support.h"
#include "service/ledger/statements.h"
#include "service/sql/forwarding_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

class SqlLedgerTest : public LedgerFixture {};

class SqliteLedgerTest : public LedgerFixture {
 protected:
  SqliteLedgerTest() : LedgerFixture("sqlite") {}
};

// Counts how it is looked at. `lost`: a glance finds its connection gone.
class LookedAtDatabase final : public sql::ForwardingDatabase {
 public:
  using ForwardingDatabase::ForwardingDatabase;

  Result<std::unique_ptr<sql::Transaction>> read(sql::Limits limits) override {
    ++reads;
    return ForwardingDatabase::read(std::move(limits));
  }
  Result<std::unique_ptr<sql::Transaction>> glance(sql::Limits limits) override {
    ++glances;
    auto begun = ForwardingDatabase::glance(std::move(limits));
    if (!begun || !lost) return begun;
    return std::unique_ptr<sql::Transaction>(std::make_unique<LostTransaction>(std::move(begun).value()));
  }

  int reads = 0, glances = 0;
  bool lost = false;

 private:
  class LostTransaction final : public sql::ForwardingTransaction {
   public:
    using ForwardingTransaction::ForwardingTransaction;
    Result<std::unique_ptr<sql::Rows>> query(const sql::Statement&, std::span<const sql::Param>) override {
      return Error(Errc::unavailable, "the connection is lost");
    }
  };
};

TEST_F(SqlLedgerTest, EveryStatementFitsTheSchema) {
  const auto all = statements(db().dialect());
  must(sql::prepare_all(db(), all));
  EXPECT_GT(all.size(), 50u);
}

TEST_F(SqlLedgerTest, AnExecutionsIdNamesItsSlotAndStillSorts) {
  UuidSource source;
  const Uuid first = execution_id(source, t0, 4711);
  const Uuid second = execution_id(source, t0, 12);
  EXPECT_EQ(slot_of(first), 4711);
  EXPECT_EQ(slot_of(second), 12);
  EXPECT_LT(first, second);
  EXPECT_EQ(slot_of(execution_id(source, t0, (std::int64_t{1} << 48) - 1)),
            (std::int64_t{1} << 48) - 1);
}

TEST_F(SqlLedgerTest, ASettlementWithNothingToDoWritesNothing) {
  worker().job("pay");
  worker().enters("pay", t0);
  worker().claims();
  const auto other = must(sql::open(url()));
  must(other->await_news({}, {}));
  auto a = worker().act();
  a.room = 10;
  a.look_for_lost = true;
  worker().settled(a);
  EXPECT_FALSE(must(other->await_news({}, {})));
}

TEST_F(SqlLedgerTest, WhetherThereIsAnythingToClaimIsToldByOneGlance) {
  LookedAtDatabase looked_at(db());
  Worker idle(looked_at, "node-b");
  idle.job("pay");
  EXPECT_TRUE(idle.claims().claims.empty());
  EXPECT_EQ(looked_at.glances, 1);
  idle.enters("pay", t0);
  EXPECT_EQ(idle.claims().claims.size(), 1u);
  EXPECT_EQ(looked_at.glances, 2);
  EXPECT_EQ(looked_at.reads, 0);
}

TEST_F(SqlLedgerTest, AGlanceWhoseConnectionIsLostHidesNothing) {
  LookedAtDatabase looked_at(db());
  Worker other(looked_at, "node-b");
  other.job("pay");
  other.enters("pay", t0);
  looked_at.lost = true;
  EXPECT_EQ(other.claims().claims.size(), 1u);
  EXPECT_EQ(looked_at.reads, 1);
}

TEST_F(SqlLedgerTest, AStrangersSlotsAloneAreNotWorthAWrite) {
  worker().job("pay");
  Worker stranger(db(), "node-b");
  worker().enters("pay", t0);
  stranger.claims(5);
  const auto other = must(sql::open(url()));
  must(other->await_news({}, {}));
  EXPECT_TRUE(stranger.claims(5).claims.empty());
  EXPECT_FALSE(must(other->await_news({}, {})));
}

TEST_F(SqlLedgerTest, TheDatabaseItselfRefusesASecondExclusiveExecution) {
  worker().job("pay");
  worker().enters("pay", t0);
  worker().claims();
  static constexpr sql::Statement second{
      "test.second",
      "INSERT INTO leases (slot_id, job_id, lane, fence, attempt, execution_id, node_id, "
      "lease_until,"
      " started_at, available_at, vanished, cursor_at, progress_done)"
      " SELECT 99, job_id, lane, 1, 1, 'x', node_id, lease_until, started_at, available_at, 0, '', "
      "0"
      " FROM leases"};
  auto transaction = must(db().write());
  const auto refused = transaction->exec(second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::unique);
}

TEST_F(SqlLedgerTest, ASlotThatWaitsForNobodyIsCalledAfterAll) {
  worker().job("pay").overlap = Overlap::wait;
  worker().enters("pay", t0);
  {
    auto transaction = must(db().write());
    static constexpr sql::Statement astray{
        "test.astray", "UPDATE queue SET phase = 'waiting', line = (SELECT id FROM jobs)"};
    must(transaction->exec(astray));
    must(transaction->commit());
  }
  EXPECT_TRUE(worker().claims().claims.empty());
  auto a = worker().act();
  a.look_for_lost = true;
  a.room = 1;
  EXPECT_EQ(worker().settled(a).claims.size(), 1u);
}

TEST_F(SqlLedgerTest, WhatALiveNodeOnThisMachineHoldsIsLeftAlone) {
  worker().job("pay");
  worker().enters("pay", t0);
  worker().claims();
  Worker other(db(), "node-b");
  other.job("pay");
  auto a = other.act(t0 + 1s);
  a.look_for_lost = true;
  EXPECT_TRUE(other.settled(a).taken.empty());
}

TEST_F(SqlLedgerTest, ALeaseWhoseChunkIsCommittingIsLeftForTheNextLook) {
  worker().job("pay");
  worker().enters("pay", t0);
  const auto claimed = worker().claims_one();
  Worker other(db(), "node-b", 5s);
  other.job("pay").retry.retries = 3;
  auto look = other.act(t0 + 1h);
  look.look_for_lost = true;
  look.room = 1;
  if (!db().dialect().locks_rows) return;  // there nobody writes beside a chunk
  auto chunk = must(db().write());
  static constexpr sql::Statement prove{"prove", "UPDATE leases SET cursor_at = '7' WHERE slot_id = $1"};
  must(chunk->exec(prove, {claimed.permit->slot_id}));
  EXPECT_TRUE(other.settled(look).claims.empty()) << "and nobody waited for it";
  must(chunk->commit());
  chunk.reset();
  const auto taken = other.settled(look);
  ASSERT_EQ(taken.claims.size(), 1U);
  EXPECT_EQ(taken.claims[0].cursor, "7") << "what it committed last is not repeated";
}

TEST_F(SqlLedgerTest, WhatANodeHeldThatSaidGoodbyeIsTakenAtOnce) {
  worker().job("pay").retry.retries = 1;
  worker().enters("pay", t0);
  worker().claims();
  must(retire_node(db(), worker().node().id, t0));
  Worker other(db(), "node-b");
  other.job("pay").retry.retries = 1;
  auto a = other.act(t0 + 1s);
  a.look_for_lost = true;
  const auto taken = other.settled(a).taken;
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].node, "node-a");
  EXPECT_EQ(taken[0].after, AfterLoss::again);
}

TEST_F(SqlLedgerTest, ACrowdOfRefusalsIsWorkedInPieces) {
  worker().job("pay").enabled = false;
  auto a = worker().act();
  for (int i = 0; i < 2500; ++i)
    a.entries.push_back({.slot = {"pay", t0 - i * 1s}, .available_at = t0});
  worker().settled(a);
  const auto first = worker().claims(1);
  EXPECT_EQ(first.refusals.size(), 2000u);
  EXPECT_EQ(first.next_available, t0);
  const auto rest = worker().claims(1);
  EXPECT_EQ(rest.refusals.size(), 500u);
  EXPECT_EQ(rest.next_available, std::nullopt);
  expect_sound();
}

TEST_F(SqlLedgerTest, AJobWhoseRuleChangedWhileItRanCanStillEnd) {
  worker().job("pay").overlap = Overlap::allow;
  worker().enters("pay", t0);
  const auto claimed = worker().claims_one();
  worker().job("pay").overlap = Overlap::refuse;
  EXPECT_TRUE(worker().completes(claimed).lost.empty());
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 0);
}

// ---------------------------------------------------------------- faults

TEST_F(SqliteLedgerTest, AFullDiskLeavesNothingHalfDone) {
  worker().job("pay").overlap = Overlap::allow;
  worker().enters("pay", t0);
  const auto claimed = worker().claims_one();
  must(db().script("PRAGMA max_page_count=1"));  // not one page more than there is
  auto a = worker().act();
  a.endings.push_back({.permit = claimed.permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Ends{End::completed},
                       .outcome = "completed",
                       .error = std::string(100'000, 'x')});
  for (int i = 1; i < 500; ++i)
    a.entries.push_back({.slot = {"pay", t0 + i * 1s}, .available_at = t0});
  const auto full = worker().tried(a);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code(), Errc::disk_full);
  EXPECT_EQ(number("SELECT count(*) FROM slots"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 1);
  expect_sound();
  must(db().script("PRAGMA max_page_count=1073741823"));
  EXPECT_TRUE(worker().settled(a).lost.empty());
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE ended = 'completed'"), 1);
  expect_sound();
}

TEST_F(SqlLedgerTest, ALockedDatabaseIsAnErrorAndNothingWasDone) {
  Worker hurried(db(), "node-b", 1s);
  hurried.job("pay");
  hurried.enters("pay", t0);
  const auto other = must(sql::open(url()));
  auto holder = must(other->write_alone());
  auto a = hurried.act();
  a.room = 1;
  const auto locked = hurried.tried(a);
  ASSERT_FALSE(locked);
  EXPECT_TRUE(locked.error().code() == Errc::busy || locked.error().code() == Errc::timeout)
      << locked.error().message();
  holder.reset();
  EXPECT_EQ(hurried.claims().claims.size(), 1u);
}

TEST_F(SqlLedgerTest, ClaimsWhoseCommitNobodyCanTellOfAreSeenByTheirLeases) {
  const auto policy = std::make_shared<Policy>();
  worker().job("pay");
  worker().enters("pay", t0);
  auto a = worker().act();
  a.room = 1;
  const auto settled_on = [&](bool commits) {
    sql::SilentDatabase silent(db(), commits);
    return SqlLedger(silent, worker().node(), 30s)
        .settle(a, [&](const std::string&) { return policy; });
  };
  const auto lost = settled_on(false);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::unknown);
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 0);
  const auto claimed = settled_on(true);
  ASSERT_TRUE(claimed) << claimed.error().message();
  EXPECT_EQ(claimed->claims.size(), 1u);
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 1);
}

TEST_F(SqlLedgerTest, AnActThatFailsHalfwayLeavesNothing) {
  worker().job("pay");
  worker().enters("pay", t0);
  const auto claimed = worker().claims_one();
  auto a = worker().act();
  a.endings.push_back({.permit = claimed.permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Ends{End::completed},
                       .outcome = "completed"});
  a.entries.push_back({.slot = {"never-enrolled", t0}, .available_at = t0});
  const auto failed = worker().tried(a);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::not_found);
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM history"), 0);
}

}  // namespace
}  // namespace hotclock::ledger
