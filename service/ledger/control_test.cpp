#include "service/ledger/control.h"

#include "service/ledger/history.h"
#include "service/ledger/ledger_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

const Person asha{"asha", "migration of the wallet"};

class ControlTest : public LedgerFixture {
 protected:
  ControlTest() { worker().job("og-daily-bonus"); }

  SlotView slot(const std::string& id) { return must(show_execution(db(), id)).slot; }
  std::int64_t audited(const std::string& what) {
    return number("SELECT count(*) FROM audit WHERE what = '" + what + "' AND who = 'asha'");
  }
};

TEST_F(ControlTest, APauseStandsWithItsReasonUntilItIsResumed) {
  must(pause(db(), "og-daily-bonus", asha, t0 + 1h, t0));
  const auto paused = must(list_jobs(db())).at(0).pause;
  ASSERT_TRUE(paused);
  EXPECT_EQ(paused->by, "asha");
  EXPECT_EQ(paused->reason, "migration of the wallet");
  EXPECT_EQ(paused->until, t0 + 1h);
  must(resume(db(), "og-daily-bonus", asha, t0));
  EXPECT_FALSE(must(list_jobs(db())).at(0).pause);
  EXPECT_EQ(audited("pause"), 1);
  EXPECT_EQ(audited("resume"), 1);
}

TEST_F(ControlTest, AnUnknownJobIsAnsweredWithTheNearestOne) {
  const auto refused = pause(db(), "og-daily-bonsu", asha, {}, t0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::not_found);
  EXPECT_NE(refused.error().message().find("did you mean og-daily-bonus?"), std::string::npos);
}

TEST_F(ControlTest, APauseNeedsAReasonAndAResumeAPause) {
  EXPECT_EQ(pause(db(), "og-daily-bonus", {"asha", ""}, {}, t0).error().code(), Errc::invalid);
  EXPECT_EQ(resume(db(), "og-daily-bonus", asha, t0).error().code(), Errc::conflict);
  EXPECT_EQ(number("SELECT count(*) FROM audit"), 0);
}

TEST_F(ControlTest, ACancelOfARunningExecutionReachesItsNodeAtItsNextLook) {
  worker().enters("og-daily-bonus", t0);
  const auto claimed = worker().claims_one();
  const std::string id = claimed.permit->execution.text();
  EXPECT_EQ(must(request_cancel(db(), id, asha, t0)), Cancelled::requested);
  EXPECT_EQ(slot(id).cancel_requested_by, "asha");
  EXPECT_EQ(worker().settled(worker().act()).cancelled,
            std::vector<Uuid>{claimed.permit->execution});
  EXPECT_EQ(audited("cancel"), 1);
}

TEST_F(ControlTest, ACancelOfADueSlotEndsItWithItsReason) {
  worker().enters("og-daily-bonus", t0);
  EXPECT_EQ(must(request_cancel(db(), "1", asha, t0)), Cancelled::ended);
  EXPECT_EQ(slot("1").ended, End::cancelled);
  EXPECT_EQ(slot("1").reason, "cancelled by asha: migration of the wallet");
  expect_sound();
}

TEST_F(ControlTest, ACancelOfWhatEndedSaysHowItEnded) {
  worker().enters("og-daily-bonus", t0);
  worker().completes(worker().claims_one());
  const auto refused = request_cancel(db(), "1", asha, t0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  EXPECT_NE(refused.error().message().find("ended as completed"), std::string::npos);
}

TEST_F(ControlTest, WhatIsNoIdIsToldApartFromWhatIsNotThere) {
  EXPECT_EQ(request_cancel(db(), "yesterday's", asha, t0).error().code(), Errc::invalid);
  EXPECT_EQ(request_cancel(db(), "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a", asha, t0).error().code(),
            Errc::not_found);
  EXPECT_EQ(request_cancel(db(), "99", asha, t0).error().code(), Errc::not_found);
}

TEST_F(ControlTest, APersonsSlotIsEnteredOnceUnderItsKey) {
  const auto id = must(enter_manual(db(), {"og-daily-bonus", t0, "asha-1", 5}, asha, t0));
  EXPECT_EQ(slot(std::to_string(id)).requested_by, "asha");
  EXPECT_EQ(slot(std::to_string(id)).slot.trigger, Trigger::manual);
  EXPECT_EQ(slot(std::to_string(id)).priority, 5);
  const auto twice = enter_manual(db(), {"og-daily-bonus", t0, "asha-1"}, asha, t0);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code(), Errc::conflict);
  EXPECT_NE(twice.error().message().find("due"), std::string::npos);
  EXPECT_EQ(enter_manual(db(), {"og-daily-bonus", t0, ""}, asha, t0).error().code(), Errc::invalid);
  EXPECT_EQ(enter_manual(db(), {"rank", t0, "asha-1"}, asha, t0).error().code(), Errc::not_found);
  EXPECT_EQ(audited("run"), 1);
}

TEST_F(ControlTest, ABackfillEntersItsSlotsSpacedAndOnlyOnce) {
  const Backfill plan{"og-daily-bonus", {t0 - 72h, t0 - 48h, t0 - 24h}, "backfill-1", 10min, -5};
  EXPECT_EQ(must(enter_backfill(db(), plan, asha, t0)), 3);
  EXPECT_EQ(must(enter_backfill(db(), plan, asha, t0)), 0);
  std::vector<Instant> available;
  for (const auto& view : must(slots_between(db(), "og-daily-bonus", t0 - 100h, t0)))
    available.push_back(*view.available_at);
  EXPECT_EQ(available, (std::vector<Instant>{t0, t0 + 10min, t0 + 20min}));
}

class DecideTest : public ControlTest {
 protected:
  DecideTest() {
    worker().enters("og-daily-bonus", t0);
    worker().ends(worker().claims_one(), Waits{}, "unknown", "no answer");
  }
};

TEST_F(DecideTest, TryingAgainMakesItDue) {
  must(decide(db(), 1, Decision::try_again, asha, t0));
  EXPECT_EQ(worker().claims_one().permit->attempt, 2);
  EXPECT_EQ(audited("decide"), 1);
}

TEST_F(DecideTest, ACompletedOneHasEnded) {
  must(decide(db(), 1, Decision::completed, asha, t0));
  EXPECT_EQ(slot("1").ended, End::completed);
  expect_sound();
}

TEST_F(DecideTest, AFailedOneHasEndedAndIsNotDecidedTwice) {
  must(decide(db(), 1, Decision::failed, asha, t0));
  EXPECT_EQ(slot("1").ended, End::failed);
  EXPECT_EQ(decide(db(), 1, Decision::try_again, asha, t0).error().code(), Errc::conflict);
}

}  // namespace
}  // namespace hotclock::ledger
