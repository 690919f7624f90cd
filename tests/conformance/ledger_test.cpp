// What every ledger must do, whatever keeps it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/conformance/ledger_verbs.h"

namespace hotclock::conformance {
namespace {

using namespace std::chrono_literals;

INSTANTIATE_TEST_SUITE_P(Engines, LedgerTest, testing::ValuesIn(engines()),
                         [](const auto& given) { return given.param; });

// ---------------------------------------------------------------- entering

TEST_P(LedgerTest, ASlotEnteredTwiceIsThereOnce) {
  job("pay");
  enter({due("pay", t0), due("pay", t0)});
  enter({due("pay", t0)});
  EXPECT_EQ(world().slots().size(), 1u);
  EXPECT_EQ(claim().claims.size(), 1u);
}

TEST_P(LedgerTest, OfManySlotsEnteredTogetherEachFindsItsPlace) {
  job("pay");
  job("rank");
  enter({due("pay", t0), due("rank", t0 + 1s)});
  auto missed = due("pay", t0 + 2s);
  missed.ended = End::missed;
  missed.reason = "nobody was there";
  auto caught_up = due("rank", t0);
  caught_up.reason = "caught up";
  // Some are there already, one twice, one missed, one for later.
  enter({due("rank", t0 + 1s), missed, due("pay", t0), due("pay", t0 + 1h), caught_up, caught_up});
  EXPECT_EQ(world().slots().size(), 5u);
  EXPECT_EQ(slot("pay", t0 + 2s).end, End::missed);
  EXPECT_EQ(slot("pay", t0 + 2s).reason, "nobody was there");
  EXPECT_EQ(slot("rank", t0).state, State::due);
  EXPECT_EQ(slot("rank", t0).reason, "caught up");
  at(t0 + 1s);
  const Settled claimed = claim();
  EXPECT_EQ(claimed.claims.size(), 2u) << "one of each job";
  EXPECT_EQ(claimed.next_available, t0 + 1h);
}

TEST_P(LedgerTest, EndsToldTogetherAreEachJudgedByTheirFence) {
  job("pay").overlap = Overlap::allow;
  policies_["pay"]->max_running = 10;
  enter({due("pay", t0), due("pay", t0 + 1ms), due("pay", t0 + 2ms)});
  at(t0 + 1s);
  const auto claimed = claim().claims;
  ASSERT_EQ(claimed.size(), 3u);
  completes(claimed[1]);
  auto a = act();
  for (const Claim& each : claimed)
    a.endings.push_back({.permit = each.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = Ends{End::completed},
                         .outcome = "completed"});
  a.endings[2].set_aside = {{"record 7", Error(Errc::invalid, "no such user")}};
  a.endings[2].set_aside_total = 1;
  const Settled answer = settle(std::move(a));
  ASSERT_EQ(answer.lost.size(), 1u);
  EXPECT_EQ(answer.lost[0], claimed[1].permit->execution);
  EXPECT_EQ(outcomes().size(), 3u);
}

TEST_P(LedgerTest, AnEndThatIsToldTwiceInOneActIsRecordedOnce) {
  job("pay").overlap = Overlap::wait;
  enter({due("pay", t0), due("pay", t0 + 1ms)});
  at(t0 + 1s);
  const Claim claimed = claim_one();
  auto a = act();
  for (const End end : {End::completed, End::failed})
    a.endings.push_back({.permit = claimed.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = Ends{end},
                         .outcome = std::string(to_string(end))});
  a.room = 1;
  const Settled answer = settle(std::move(a));
  ASSERT_EQ(answer.lost.size(), 1u);
  EXPECT_EQ(outcomes(), std::vector<std::string>{"completed"});
  EXPECT_EQ(answer.claims.size(), 1u) << "the next one was called";
}

TEST_P(LedgerTest, ACursorThatIsMovedTwiceInOneActStandsAtTheLaterPlace) {
  enrol("pay");
  enrol("rank");
  auto a = act();
  a.cursors = {{"pay", t0 + 2h}, {"rank", t0 + 1h}, {"pay", t0 + 1h}};
  settle(std::move(a));
  EXPECT_EQ(enrol("pay")[0].entered_until, t0 + 2h);
  EXPECT_EQ(enrol("rank")[0].entered_until, t0 + 1h);
}

TEST_P(LedgerTest, APersonsSlotAtTheSameInstantIsAnotherOne) {
  job("pay");
  enter({due("pay", t0)});
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0);
  EXPECT_EQ(world().slots().size(), 2u);
}

TEST_P(LedgerTest, AMissedSlotHasEndedFromTheBeginning) {
  job("pay");
  auto missed = due("pay", t0);
  missed.ended = End::missed;
  missed.reason = "nobody was there";
  enter({missed});
  EXPECT_EQ(slot("pay", t0).state, State::ended);
  EXPECT_EQ(slot("pay", t0).end, End::missed);
  EXPECT_EQ(slot("pay", t0).reason, "nobody was there");
  EXPECT_TRUE(claim().claims.empty());
}

TEST_P(LedgerTest, AJobEnrolledAgainGoesOnWhereItStood) {
  enrol("pay", "first", t0);
  auto a = act();
  a.cursors = {{"pay", t0 + 1h}};
  settle(std::move(a));
  const auto stood = enrol("pay", "second", t0 + 9h);
  EXPECT_EQ(stood[0].schedule, "first");
  EXPECT_EQ(stood[0].entered_until, t0 + 1h);
}

TEST_P(LedgerTest, ASchedulesTextIsReplacedWithTheCursorThatGoesByIt) {
  enrol("pay", "first", t0);
  EXPECT_EQ(enrol("pay", "second", t0)[0].schedule, "first");
  auto a = act();
  a.cursors = {{.job = "pay", .entered_until = t0 + 1h, .schedule = "second"}};
  settle(std::move(a));
  const auto stood = enrol("pay", "third", t0);
  EXPECT_EQ(stood[0].schedule, "second");
  EXPECT_EQ(stood[0].entered_until, t0 + 1h);
}

TEST_P(LedgerTest, ACursorNeverGoesBack) {
  enrol("pay", "s", t0 + 1h);
  auto a = act();
  a.cursors = {{"pay", t0}};
  settle(std::move(a));
  EXPECT_EQ(enrol("pay", "s", t0)[0].entered_until, t0 + 1h);
}

// ---------------------------------------------------------------- claiming

TEST_P(LedgerTest, ASlotIsClaimedByOneNodeAlone) {
  job("pay");
  enter({due("pay", t0)});
  EXPECT_EQ(claim(1, 0).claims.size(), 1u);
  EXPECT_TRUE(claim(1, 1).claims.empty());
}

TEST_P(LedgerTest, NoMoreIsClaimedThanThereIsRoomFor) {
  job("pay").overlap = Overlap::allow;
  policies_["pay"]->max_running = 10;
  enter({due("pay", t0 - 3s), due("pay", t0 - 2s), due("pay", t0 - 1s)});
  EXPECT_TRUE(claim(0).claims.empty());
  EXPECT_EQ(claim(2).claims.size(), 2u);
  EXPECT_EQ(claim(2).claims.size(), 1u);
}

TEST_P(LedgerTest, NothingIsClaimedBeforeItIsAvailable) {
  job("pay");
  auto later = due("pay", t0);
  later.available_at = t0 + 90s;
  EXPECT_EQ(enter({later}).next_available, t0 + 90s);
  at(t0 + 89s);
  auto early = claim();
  EXPECT_TRUE(early.claims.empty());
  EXPECT_EQ(early.next_available, t0 + 90s);
  at(t0 + 90s);
  auto on_time = claim();
  ASSERT_EQ(on_time.claims.size(), 1u);
  EXPECT_EQ(on_time.claims[0].available_at, t0 + 90s);
  EXPECT_EQ(on_time.next_available, std::nullopt);
}

TEST_P(LedgerTest, AHigherPriorityGoesFirstButALowOneThatWaitedLongerDoesNotStarve) {
  for (const char* name : {"low", "high", "old"}) job(name);
  at(t0 + 10min);
  enter({due("low", t0 + 9min), due("high", t0 + 9min, 2), due("old", t0 + 1min)});
  std::vector<std::string> order;
  for (const Claim& claimed : claim().claims) order.push_back(claimed.permit->slot.job);
  EXPECT_EQ(order, (std::vector<std::string>{"old", "high", "low"}));
}

TEST_P(LedgerTest, ACrowdOfUnknownJobsHidesNothing) {
  std::vector<Entry> entries;
  for (int i = 0; i < 12; ++i) {
    const std::string name = "unknown-" + std::to_string(i);
    enrol(name);
    for (int k = 0; k < 40; ++k) entries.push_back(due(name, t0 - 1h + k * 1s));
  }
  job("pay");
  entries.push_back(due("pay", t0));
  enter(entries);
  EXPECT_EQ(claim_one().permit->slot.job, "pay");
  EXPECT_TRUE(claim().claims.empty());
  job("unknown-3");
  EXPECT_EQ(claim_one().permit->slot.job, "unknown-3");
}

TEST_P(LedgerTest, OneSlotAloneIsClaimedWhereThatIsAsked) {
  job("pay");
  job("rank");
  enter({due("pay", t0 - 1s), due("rank", t0)});
  auto a = act();
  a.room = 5;
  a.only_slot = slot("rank", t0).id;
  const auto settled = settle(std::move(a));
  ASSERT_EQ(settled.claims.size(), 1u);
  EXPECT_EQ(settled.claims[0].permit->slot.job, "rank");
  EXPECT_EQ(slot("pay", t0 - 1s).state, State::due);
}

TEST_P(LedgerTest, AnExecutionsIdAndFenceAreItsOwn) {
  job("pay");
  job("rank");
  enter({due("pay", t0), due("rank", t0)});
  const auto claims = claim().claims;
  ASSERT_EQ(claims.size(), 2u);
  EXPECT_NE(claims[0].permit->execution, claims[1].permit->execution);
  ends(claims[0], GoesBack{}, "drained");
  const auto again = claim_one();
  EXPECT_GT(again.permit->fence, claims[0].permit->fence);
}

TEST_P(LedgerTest, NothingRunsTwiceBecauseTheClockWentBack) {
  job("pay");
  enter({due("pay", t0)});
  completes(claim_one());
  at(t0 - 1h);
  enter({due("pay", t0)});
  at(t0);
  EXPECT_TRUE(claim().claims.empty());
}

// ---------------------------------------------------------------- overlap

TEST_P(LedgerTest, ASecondSlotIsRefusedWhileTheFirstRuns) {
  job("pay").overlap = Overlap::refuse;
  enter({due("pay", t0)});
  const auto first = claim_one();
  at(t0 + 1min);
  enter({due("pay", t0 + 1min)});
  const auto settled = claim();
  ASSERT_EQ(settled.refusals.size(), 1u);
  EXPECT_EQ(std::get<Held>(settled.refusals[0].why).by, first.permit->execution.text());
  EXPECT_EQ(slot("pay", t0 + 1min).end, End::refused);
  EXPECT_NE(slot("pay", t0 + 1min).reason, "");
}

TEST_P(LedgerTest, AWaitingSlotRunsOnceTheFirstHasEnded) {
  job("pay").overlap = Overlap::wait;
  enter({due("pay", t0), due("pay", t0 + 1s)});
  at(t0 + 1s);
  const auto settled = claim();
  ASSERT_EQ(settled.claims.size(), 1u);
  EXPECT_EQ(slot("pay", t0 + 1s).state, State::waiting);
  completes(settled.claims[0]);
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0 + 1s);
}

TEST_P(LedgerTest, WaitingSlotsRunOneAfterTheOtherInTheirOrder) {
  job("pay").overlap = Overlap::wait;
  at(t0 + 5s);
  enter({due("pay", t0 + 3s), due("pay", t0), due("pay", t0 + 1s), due("pay", t0 + 2s)});
  for (int i = 0; i < 4; ++i) {
    const auto settled = claim();
    ASSERT_EQ(settled.claims.size(), 1u);
    EXPECT_EQ(settled.claims[0].permit->slot.scheduled_for, t0 + i * 1s);
    completes(settled.claims[0]);
  }
}

TEST_P(LedgerTest, AReplacedExecutionIsAskedToStopAndThenTheNextOneRuns) {
  job("pay").overlap = Overlap::replace;
  enter({due("pay", t0)});
  const auto first = claim_one();
  at(t0 + 1s);
  enter({due("pay", t0 + 1s)});
  EXPECT_EQ(claim().cancelled, std::vector<Uuid>{first.permit->execution});
  ends(first, Ends{End::cancelled}, "cancelled");
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0 + 1s);
}

TEST_P(LedgerTest, AsManyRunSideBySideAsAllowed) {
  job("pay").overlap = Overlap::allow;
  policies_["pay"]->max_running = 2;
  at(t0 + 5s);
  enter({due("pay", t0), due("pay", t0 + 1s), due("pay", t0 + 2s)});
  const auto settled = claim();
  ASSERT_EQ(settled.claims.size(), 2u);
  EXPECT_EQ(slot("pay", t0 + 2s).state, State::waiting);
  completes(settled.claims[1]);
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0 + 2s);
}

TEST_P(LedgerTest, ASlotWaitingBehindOneThatIsRefusedIsNotForgotten) {
  job("pay").overlap = Overlap::wait;
  enter({due("pay", t0 - 2s), due("pay", t0 - 1s), due("pay", t0)});
  const auto first = claim_one();
  EXPECT_TRUE(claim().claims.empty());
  world().pause("pay", {"asha", "migration", t0 + 1h}, t0);
  completes(first);
  EXPECT_EQ(claim().refusals.size(), 1u);
  EXPECT_EQ(claim().refusals.size(), 1u);
  EXPECT_EQ(slot("pay", t0).end, End::refused);
}

TEST_P(LedgerTest, ASlotWaitingBehindOneThatIsCancelledIsNotForgotten) {
  job("pay").overlap = Overlap::wait;
  enter({due("pay", t0 - 2s), due("pay", t0 - 1s), due("pay", t0)});
  const auto first = claim_one();
  EXPECT_TRUE(claim().claims.empty());
  completes(first);
  ASSERT_TRUE(world().cancel(slot("pay", t0 - 1s).id, "asha", t0));
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0);
}

// ---------------------------------------------------------------- refusals

TEST_P(LedgerTest, APausedJobsSlotIsRefusedWithWhoAndWhy) {
  job("pay");
  enter({due("pay", t0)});
  world().pause("pay", {"asha", "migration", {}}, t0);
  const auto settled = claim();
  ASSERT_EQ(settled.refusals.size(), 1u);
  EXPECT_EQ(slot("pay", t0).reason, "paused by asha: migration");
  world().resume("pay", t0);
  enter({due("pay", t0 + 1s)});
  at(t0 + 1s);
  EXPECT_EQ(claim().claims.size(), 1u);
}

TEST_P(LedgerTest, APauseEndsByItself) {
  job("pay");
  world().pause("pay", {"asha", "migration", t0 + 1min}, t0);
  at(t0 + 1min);
  enter({due("pay", t0 + 1min)});
  EXPECT_EQ(claim().claims.size(), 1u);
}

TEST_P(LedgerTest, WhatAPersonAsksForRunsWhileTheJobIsPaused) {
  job("pay");
  world().pause("pay", {"asha", "migration", {}}, t0);
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0);
  EXPECT_EQ(claim().claims.size(), 1u);
}

TEST_P(LedgerTest, WhatWasAskedForWithATokenThatStandsRuns) {
  job("pay");
  const auto asha = world().make_token("asha", t0), ben = world().make_token("ben", t0);
  world().revoke_token(ben, t0);
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0, asha);
  EXPECT_EQ(claim().claims.size(), 1u);
}

TEST_P(LedgerTest, ARightThatWasTakenAwayBeforeTheClaimRefusesTheSlot) {
  job("pay");
  const auto token = world().make_token("asha", t0);
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0, token);
  enter({due("pay", t0 + 1ms)});
  world().revoke_token(token, t0);
  at(t0 + 1s);
  const auto settled = claim();
  ASSERT_EQ(settled.refusals.size(), 1u);
  EXPECT_EQ(kind_of(settled.refusals[0].why), "not_allowed");
  EXPECT_EQ(std::get<NotAllowed>(settled.refusals[0].why).who, "asha");
  const auto seen = slot("pay", t0, "asha-1");
  EXPECT_EQ(seen.end, End::refused);
  EXPECT_EQ(seen.reason, "asha may not have it done any more: the token was revoked");
  EXPECT_TRUE(world().attempts().empty() || world().attempts()[0].slot_id != seen.id)
      << "nothing of it was worked";
  ASSERT_EQ(settled.claims.size(), 1u) << "the schedule's own slot is nobody's right";
  EXPECT_EQ(settled.claims[0].permit->slot.key, "");
}

TEST_P(LedgerTest, ARightThatWasTakenAwayWhileASlotWaitedForItsTurnRefusesIt) {
  job("pay").overlap = Overlap::wait;
  enter({due("pay", t0)});
  const auto running = claim_one();
  const auto token = world().make_token("asha", t0);
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0, token);
  EXPECT_TRUE(claim().claims.empty());
  world().revoke_token(token, t0);
  completes(running);
  EXPECT_EQ(claim().refusals.size(), 1u);
}

TEST_P(LedgerTest, ADisabledJobsSlotIsRefused) {
  job("pay").enabled = false;
  policies_["pay"]->disabled_by = "jobs.d/pay.toml";
  enter({due("pay", t0)});
  EXPECT_EQ(claim().refusals.size(), 1u);
  EXPECT_EQ(slot("pay", t0).reason, "disabled by jobs.d/pay.toml");
}

TEST_P(LedgerTest, TheCircuitOpensAfterFailuresInARowAndLetsATrialThrough) {
  job("pay").circuit = {.failures = 2, .pause = 10min};
  const auto next = [&] {
    now_ += 1min;
    enter({due("pay", now_)});
    return claim();
  };
  fails(next().claims.at(0));
  fails(next().claims.at(0));
  const auto refused = next();
  ASSERT_EQ(refused.refusals.size(), 1u);
  EXPECT_EQ(std::get<CircuitOpen>(refused.refusals[0].why).failures, 2);
  now_ += 10min;
  completes(next().claims.at(0));
  fails(next().claims.at(0));
  EXPECT_EQ(next().claims.size(), 1u);  // one failure since the success
}

TEST_P(LedgerTest, ACancelledEndNeitherBreaksNorAddsToARowOfFailures) {
  job("pay").circuit = {.failures = 2, .pause = 10min};
  enter({due("pay", t0)});
  fails(claim_one());
  enter({due("pay", t0 - 1s)});
  ends(claim_one(), Ends{End::cancelled}, "cancelled");
  enter({due("pay", t0 - 2s)});
  fails(claim_one());
  enter({due("pay", t0 - 3s)});
  EXPECT_EQ(claim().refusals.size(), 1u);
}

// ---------------------------------------------------------------- ends

TEST_P(LedgerTest, AnEndIsRecordedWithAllThatIsKnownOfIt) {
  job("pay");
  enter({due("pay", t0)});
  const auto claimed = claim_one();
  auto a = act();
  a.endings.push_back({.permit = claimed.permit,
                       .started_at = t0,
                       .ended_at = t0 + 1s,
                       .follow = Ends{End::completed_with_errors},
                       .outcome = "completed_with_errors",
                       .tally = {{"users", 41}, {"coins", -7}},
                       .set_aside = {{"user 4711", Error(Errc::check, "overflow")}},
                       .set_aside_total = 1});
  settle(std::move(a));
  const auto attempts = world().attempts();
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].execution, claimed.permit->execution.text());
  EXPECT_EQ(attempts[0].tally, (Tally{{"users", 41}, {"coins", -7}}));
  EXPECT_EQ(attempts[0].set_aside_total, 1);
  EXPECT_EQ(slot("pay", t0).end, End::completed_with_errors);
}

// The earlier implementation's history was empty.
TEST_P(LedgerTest, EverySlotThatEndedCanBeLookedUp) {
  job("pay");
  for (int i = 0; i < 5; ++i) {
    at(t0 + i * 1min);
    enter({due("pay", now_)});
    completes(claim_one());
  }
  EXPECT_EQ(world().attempts().size(), 5u);
  for (const auto& seen : world().slots()) EXPECT_EQ(seen.end, End::completed);
}

// The earlier implementation recorded errors as success.
TEST_P(LedgerTest, AFailureIsRecordedAsAFailure) {
  job("pay");
  enter({due("pay", t0)});
  fails(claim_one());
  EXPECT_EQ(slot("pay", t0).end, End::failed);
  EXPECT_EQ(slot("pay", t0).reason, "broken");
  EXPECT_EQ(outcomes(), std::vector<std::string>{"failed"});
}

// The earlier implementation never released its lock: a job of every five minutes under a lock of
// ten skipped each second run.
TEST_P(LedgerTest, AFinishedExecutionFreesItsJobAtOnce) {
  job("throne-expiry").lease = 10min;
  for (int i = 0; i < 12; ++i) {
    at(t0 + i * 5min);
    enter({due("throne-expiry", now_)});
    auto settled = claim();
    ASSERT_EQ(settled.claims.size(), 1u) << "run " << i;
    EXPECT_TRUE(settled.refusals.empty());
    now_ += 2s;
    completes(settled.claims[0]);
  }
}

TEST_P(LedgerTest, AnEndUnderAnOldFenceIsLostAndChangesNothing) {
  job("pay").lease = 1min;
  policies_["pay"]->retry.retries = 3;
  enter({due("pay", t0)});
  const auto first = claim_one(0);
  at(t0 + 1min);
  looks_for_lost(1);
  const auto second = claim_one(1);
  EXPECT_EQ(completes(first).lost, std::vector<Uuid>{first.permit->execution});
  EXPECT_EQ(slot("pay", t0).state, State::running);
  EXPECT_TRUE(completes(second).lost.empty());
  EXPECT_EQ(outcomes(), (std::vector<std::string>{"lost", "completed"}));
}

TEST_P(LedgerTest, AnEndToldTwiceIsRecordedOnce) {
  job("pay");
  enter({due("pay", t0)});
  const auto claimed = claim_one();
  completes(claimed);
  EXPECT_EQ(fails(claimed).lost.size(), 1u);
  EXPECT_EQ(slot("pay", t0).end, End::completed);
  EXPECT_EQ(world().attempts().size(), 1u);
}

// The earlier implementation retried without a count.
TEST_P(LedgerTest, EachTryIsCountedAndNoneStartsBeforeItsTime) {
  job("pay");
  enter({due("pay", t0)});
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto claimed = claim_one();
    EXPECT_EQ(claimed.permit->attempt, attempt);
    EXPECT_EQ(ends(claimed, TriesAgain{now_ + 5min}, "failed", "broken").next_available,
              now_ + 5min);
    now_ += 5min - 1ms;
    EXPECT_TRUE(claim().claims.empty());
    now_ += 1ms;
  }
  EXPECT_EQ(slot("pay", t0).attempt, 3);
  EXPECT_EQ(world().attempts().size(), 3u);
}

TEST_P(LedgerTest, ADrainedAttemptDoesNotCount) {
  job("pay");
  enter({due("pay", t0)});
  ends(claim_one(), GoesBack{}, "drained");
  const auto again = claim_one();
  EXPECT_EQ(again.permit->attempt, 1);
  EXPECT_FALSE(again.taken_over);
  EXPECT_EQ(outcomes(), std::vector<std::string>{"drained"});
}

TEST_P(LedgerTest, WhatNobodyCanTellWaitsForAPerson) {
  job("pay");
  enter({due("pay", t0)});
  ends(claim_one(), Waits{}, "unknown", "no answer from the bank");
  EXPECT_EQ(slot("pay", t0).state, State::unknown);
  EXPECT_EQ(slot("pay", t0).reason, "no answer from the bank");
  at(t0 + 24h);
  EXPECT_TRUE(claim().claims.empty());
}

TEST_P(LedgerTest, TheNextAttemptResumesAtTheLastChunk) {
  job("pay");
  enter({due("pay", t0)});
  const auto first = claim_one();
  EXPECT_EQ(first.cursor, "");
  ASSERT_TRUE(world().move_cursor(first.permit, "user 500"));
  ends(first, TriesAgain{t0}, "failed", "broken");
  const auto second = claim_one();
  EXPECT_EQ(second.cursor, "user 500");
  const auto stale = world().move_cursor(first.permit, "user 900");
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code(), Errc::lease_lost);
  EXPECT_EQ(slot("pay", t0).cursor, "user 500");
}

TEST_P(LedgerTest, WhatAnAttemptSaidIsKeptWithIt) {
  job("pay").retry.retries = 1;
  at(t0 + 1s);
  enter({due("pay", t0), due("pay", t0 + 1s)});
  const auto says = [&](Follow follow, std::string text) {
    const auto claimed = claim_one();
    auto a = act();
    a.endings.push_back({.permit = claimed.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = std::move(follow),
                         .outcome = "failed",
                         .log = {std::move(text), 0}});
    settle(std::move(a));
  };
  says(TriesAgain{t0}, "first");
  says(Ends{End::failed}, "second");
  says(Ends{End::failed}, "");
  std::vector<std::string> said;
  for (const auto& attempt : world().attempts()) said.push_back(attempt.log);
  std::ranges::sort(said);
  EXPECT_EQ(said, (std::vector<std::string>{"", "first", "second"}));
}

// ---------------------------------------------------------------- partitions

// A slot of `pay` that its first execution has divided in three.
class DividedTest : public LedgerTest {
 protected:
  DividedTest() {
    job("pay").retry.retries = 1;
    policies_["pay"]->lease = 1min;
    enter({due("pay", t0)});
    whole_ = claim_one();
    auto a = act();
    a.endings.push_back({.permit = whole_.permit,
                         .started_at = t0,
                         .ended_at = t0,
                         .follow = Divides{{"0-10", "10-20", "20-30"}, 30},
                         .outcome = "divided"});
    settle(std::move(a));
  }
  Settled ends_with(const Claim& claim, End end, const std::string& error, Tally tally,
                    std::int64_t set_aside = 0) {
    auto a = act();
    a.endings.push_back({.permit = claim.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = Ends{end},
                         .outcome = std::string(to_string(end)),
                         .error = error,
                         .tally = std::move(tally),
                         .set_aside_total = set_aside});
    return settle(std::move(a));
  }
  std::vector<Claim> partitions() { return claim().claims; }
  State standing() { return slot("pay", t0).state; }

  Claim whole_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DividedTest, testing::ValuesIn(engines()),
                         [](const auto& given) { return given.param; });

TEST_P(DividedTest, ItsPartitionsAreClaimedByAnyNodeEachWithItsCursorAndFence) {
  const auto first = claim(2, 0).claims;
  const auto second = claim(2, 1).claims;
  ASSERT_EQ(first.size(), 2u);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(first[0].cursor, "0-10");
  EXPECT_EQ(first[1].cursor, "10-20");
  EXPECT_EQ(second[0].cursor, "20-30");
  EXPECT_EQ(second[0].permit->slot, (Slot{"pay", t0, Trigger::schedule, "#3"}));
  EXPECT_EQ(second[0].permit->partition_of, whole_.permit->slot_id);
  EXPECT_EQ(second[0].permit->attempt, 1);
  EXPECT_EQ(standing(), State::running);
  EXPECT_FALSE(whole_.permit->partition_of);
}

TEST_P(DividedTest, EndsWithItsLastPartitionAndIsTheSumOfThem) {
  const auto parts = partitions();
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_TRUE(ends_with(parts[2], End::completed, "", {{"users", 5}, {"coins", 50}}).gathered.empty());
  EXPECT_TRUE(ends_with(parts[0], End::completed, "", {{"users", 7}, {"coins", 70}}).gathered.empty());
  EXPECT_EQ(standing(), State::running);
  at(t0 + 9s);
  const auto last = ends_with(parts[1], End::completed_with_errors, "", {{"users", 1}}, 4);
  ASSERT_EQ(last.gathered.size(), 1u);
  EXPECT_EQ(last.gathered[0].slot, (Slot{"pay", t0}));
  EXPECT_EQ(last.gathered[0].execution, whole_.permit->execution.text());
  EXPECT_EQ(last.gathered[0].ended_at - last.gathered[0].started_at, 9s);
  EXPECT_EQ(slot("pay", t0).end, End::completed_with_errors);
  const auto attempts = world().attempts();
  const auto of_whole = std::ranges::find(attempts, whole_.permit->execution.text(), &SeenAttempt::execution);
  ASSERT_NE(of_whole, attempts.end());
  EXPECT_EQ(of_whole->outcome, "completed_with_errors");
  EXPECT_EQ(of_whole->tally, (Tally{{"users", 13}, {"coins", 120}}));
  EXPECT_EQ(of_whole->set_aside_total, 4);
}

TEST_P(DividedTest, HoldsItsJobUntilTheLastPartitionHasEnded) {
  policies_["pay"]->overlap = Overlap::wait;
  const auto parts = partitions();
  at(t0 + 1s);
  enter({due("pay", t0 + 1s)});
  EXPECT_TRUE(claim().claims.empty());
  completes(parts[0]);
  completes(parts[1]);
  EXPECT_TRUE(claim().claims.empty());
  EXPECT_EQ(slot("pay", t0 + 1s).state, State::waiting);
  completes(parts[2]);
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0 + 1s);
}

TEST_P(DividedTest, RefusesTheNextSlotByTheExecutionThatDividedIt) {
  policies_["pay"]->overlap = Overlap::refuse;
  partitions();
  at(t0 + 1s);
  enter({due("pay", t0 + 1s)});
  const auto refused = claim().refusals;
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(std::get<Held>(refused[0].why).by, whole_.permit->execution.text());
}

TEST_P(DividedTest, LeavesRoomToWhatIsSmall) {
  job("small");
  enter({due("small", t0 + 0s)});
  auto a = act();
  a.room = 3;
  a.room_for_partitions = 1;
  std::vector<std::string> keys;
  for (const Claim& one : settle(std::move(a)).claims)
    keys.push_back(one.permit->slot.job + one.permit->slot.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"pay#1", "small"}));
  a = act();
  a.room = 3;
  a.room_for_partitions = 0;
  EXPECT_TRUE(settle(std::move(a)).claims.empty());
  EXPECT_EQ(partitions().size(), 2u);
}

TEST_P(DividedTest, IsClaimedWithItsPartitionsWhereItAloneIsAsked) {
  job("other");
  enter({due("other", t0 - 1s)});
  auto a = act();
  a.room = 9;
  a.only_slot = whole_.permit->slot_id;
  EXPECT_EQ(settle(std::move(a)).claims.size(), 3u);
}

TEST_P(DividedTest, RunsThroughAPauseLikeAnythingThatHasBegun) {
  world().pause("pay", {"asha", "migration", {}}, t0);
  EXPECT_EQ(partitions().size(), 3u);
}

TEST_P(DividedTest, IsNotTakenOverItselfHoweverLongItsPartitionsRun) {
  const auto parts = partitions();
  at(t0 + 1h);
  auto a = act();
  a.renewals = {whole_.permit};
  EXPECT_EQ(settle(std::move(a)).lost.size(), 1u);  // nobody holds it any more
  for (const Taken& taken : looks_for_lost(1).taken) EXPECT_NE(taken.slot.key, "");
  EXPECT_EQ(standing(), State::running);
}

TEST_P(DividedTest, LosesAPartitionToAnotherNodeWhichResumesIt) {
  const auto parts = partitions();
  ASSERT_TRUE(world().move_cursor(parts[1].permit, "14-20"));
  at(t0 + 50s);
  auto a = act();
  a.renewals = {parts[0].permit, parts[2].permit};
  settle(std::move(a));
  at(t0 + 1min);
  ASSERT_EQ(looks_for_lost(1).taken.size(), 1u);
  const auto again = claim_one(1);
  EXPECT_EQ(again.cursor, "14-20");
  EXPECT_TRUE(again.taken_over);
  EXPECT_EQ(completes(parts[1]).lost.size(), 1u);
  completes(parts[0]);
  completes(parts[2]);
  EXPECT_EQ(standing(), State::running);
  completes(again);
  EXPECT_EQ(slot("pay", t0).end, End::completed);
}

TEST_P(DividedTest, HasFailedOnceAPartitionHasAndTheOthersGoOn) {
  policies_["pay"]->circuit = {.failures = 1, .pause = 10min};
  const auto parts = partitions();
  ends_with(parts[1], End::failed, "broken", {});
  EXPECT_EQ(standing(), State::running);
  completes(parts[0]);
  completes(parts[2]);
  EXPECT_EQ(slot("pay", t0).end, End::failed);
  EXPECT_EQ(slot("pay", t0).reason, "partition 2: broken");
  at(t0 + 1s);
  enter({due("pay", t0 + 1s)});
  const auto refused = claim().refusals;
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(std::get<CircuitOpen>(refused[0].why).failures, 1);  // once for the slot
}

TEST_P(DividedTest, FailsWhereAPartitionsWorkersKeepVanishing) {
  partitions();
  at(t0 + 1min);
  EXPECT_EQ(looks_for_lost(1).taken.size(), 3u);
  partitions();
  at(t0 + 2min);
  const auto settled = looks_for_lost(1);
  EXPECT_EQ(settled.taken.size(), 3u);
  EXPECT_EQ(settled.gathered.size(), 1u);
  EXPECT_EQ(slot("pay", t0).end, End::failed);
}

TEST_P(DividedTest, TriesAPartitionAgainByItself) {
  const auto parts = partitions();
  ends(parts[0], TriesAgain{t0 + 5min}, "failed", "broken");
  completes(parts[1]);
  completes(parts[2]);
  at(t0 + 5min);
  const auto again = claim_one();
  EXPECT_EQ(again.permit->attempt, 2);
  completes(again);
  EXPECT_EQ(slot("pay", t0).end, End::completed);
}

TEST_P(DividedTest, IsCancelledWithAllItsPartitions) {
  const auto running = claim_one();
  ASSERT_TRUE(world().cancel(whole_.permit->slot_id, "asha", t0));
  EXPECT_TRUE(partitions().empty());
  EXPECT_EQ(standing(), State::running);
  auto a = act();
  a.renewals = {running.permit};
  EXPECT_EQ(settle(std::move(a)).cancelled, std::vector<Uuid>{running.permit->execution});
  ends_with(running, End::cancelled, "cancelled on request", {});
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
}

TEST_P(DividedTest, IsCancelledAtOnceWhereNothingOfItRuns) {
  ASSERT_TRUE(world().cancel(whole_.permit->slot_id, "asha", t0));
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
  EXPECT_EQ(slot("pay", t0).reason, "partition 1: cancelled by asha");
}

TEST_P(DividedTest, StaysCancelledThoughAPartitionWasDrainedMeanwhile) {
  const auto running = claim_one();
  ASSERT_TRUE(world().cancel(whole_.permit->slot_id, "asha", t0));
  ends(running, GoesBack{}, "drained");
  EXPECT_EQ(claim().gathered.size(), 1u);
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
}

TEST_P(DividedTest, WaitsForAPersonWhereNobodyCanTellOfAPartition) {
  const auto parts = partitions();
  completes(parts[0]);
  completes(parts[1]);
  ends(parts[2], Waits{}, "unknown", "no answer");
  at(t0 + 24h);
  EXPECT_TRUE(claim().claims.empty());
  EXPECT_EQ(standing(), State::running);
  ASSERT_TRUE(world().cancel(parts[2].permit->slot_id, "asha", now_));
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
}

TEST_P(DividedTest, IsReplacedWithAllItsPartitions) {
  policies_["pay"]->overlap = Overlap::replace;
  const auto running = partitions();
  at(t0 + 1s);
  enter({due("pay", t0 + 1s)});
  EXPECT_EQ(claim().cancelled.size(), 3u);
  for (const Claim& one : running) ends_with(one, End::cancelled, "replaced", {});
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
  EXPECT_EQ(claim_one().permit->slot.scheduled_for, t0 + 1s);
}

TEST_P(DividedTest, IsDividedOnceHoweverOftenItIsTold) {
  auto a = act();
  a.endings.push_back({.permit = whole_.permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Divides{{"0-10"}, 10},
                       .outcome = "divided"});
  EXPECT_EQ(settle(std::move(a)).lost.size(), 1u);
  EXPECT_EQ(completes(whole_).lost.size(), 1u);
  EXPECT_EQ(partitions().size(), 3u);
}

// ---------------------------------------------------------------- leases

TEST_P(LedgerTest, ARenewedLeaseHoldsAndIsTrustedForLonger) {
  job("pay").lease = 1min;
  enter({due("pay", t0)});
  const auto claimed = claim_one(0);
  EXPECT_LT(claimed.permit->trusted_until(), Steady{} + 1min);
  at(t0 + 50s);
  auto a = act();
  a.renewals = {claimed.permit};
  EXPECT_TRUE(settle(std::move(a)).lost.empty());
  EXPECT_GT(claimed.permit->trusted_until(), Steady{} + 100s);
  EXPECT_LT(claimed.permit->trusted_until(), Steady{} + 110s);
  at(t0 + 109s);
  EXPECT_TRUE(looks_for_lost(1).taken.empty());
  at(t0 + 110s);
  EXPECT_EQ(looks_for_lost(1).taken.size(), 1u);
}

TEST_P(LedgerTest, ALeaseThatWasTakenCannotBeRenewed) {
  job("pay").lease = 1min;
  enter({due("pay", t0)});
  const auto claimed = claim_one(0);
  at(t0 + 1min);
  looks_for_lost(1);
  auto a = act();
  a.renewals = {claimed.permit};
  EXPECT_EQ(settle(std::move(a)).lost, std::vector<Uuid>{claimed.permit->execution});
  EXPECT_LT(claimed.permit->trusted_until(), Steady{} + 1min);
}

TEST_P(LedgerTest, ALostSlotIsTriedAgainAsOftenAsItsRuleSays) {
  job("pay").lease = 1min;
  policies_["pay"]->retry.retries = 1;
  enter({due("pay", t0)});
  const auto first = claim_one(0);
  at(t0 + 1min);
  const auto taken = looks_for_lost(1).taken;
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].after, AfterLoss::again);
  EXPECT_EQ(taken[0].execution, first.permit->execution.text());
  const auto second = claim_one(1);
  EXPECT_TRUE(second.taken_over);
  EXPECT_EQ(second.permit->attempt, 2);
  at(t0 + 2min);
  EXPECT_EQ(looks_for_lost(0).taken.at(0).after, AfterLoss::failed);
  EXPECT_EQ(slot("pay", t0).end, End::failed);
  EXPECT_EQ(outcomes(), (std::vector<std::string>{"lost", "lost"}));
}

TEST_P(LedgerTest, ALostSlotThatMustNotBeRepeatedBecomesUnknown) {
  job("webhook").repeatable = false;
  policies_["webhook"]->lease = 1min;
  enter({due("webhook", t0)});
  claim_one(0);
  at(t0 + 1min);
  EXPECT_EQ(looks_for_lost(1).taken.at(0).after, AfterLoss::unknown);
  EXPECT_EQ(slot("webhook", t0).state, State::unknown);
  EXPECT_TRUE(claim().claims.empty());
}

TEST_P(LedgerTest, ALossForGoodCountsAsAFailureOfItsJob) {
  job("pay").lease = 1min;
  policies_["pay"]->circuit = {.failures = 1, .pause = 10min};
  enter({due("pay", t0)});
  claim_one(0);
  at(t0 + 1min);
  EXPECT_EQ(looks_for_lost(1).taken.at(0).after, AfterLoss::failed);
  enter({due("pay", now_)});
  EXPECT_EQ(claim().refusals.size(), 1u);
}

TEST_P(LedgerTest, ALostWorkersJobIsFreeForTheSlotThatWaits) {
  job("pay").overlap = Overlap::wait;
  policies_["pay"]->lease = 1min;
  enter({due("pay", t0 - 1s), due("pay", t0)});
  claim(5, 0);
  at(t0 + 1min);
  looks_for_lost(1);
  EXPECT_EQ(claim_one(1).permit->slot.scheduled_for, t0);
}

// ---------------------------------------------------------------- cancelling

TEST_P(LedgerTest, ADueSlotThatIsCancelledHasEnded) {
  job("pay");
  enter({due("pay", t0)});
  ASSERT_TRUE(world().cancel(slot("pay", t0).id, "asha", t0));
  EXPECT_EQ(slot("pay", t0).end, End::cancelled);
  EXPECT_TRUE(claim().claims.empty());
}

TEST_P(LedgerTest, ARunningExecutionHearsThatItIsCancelled) {
  job("pay");
  enter({due("pay", t0)});
  const auto claimed = claim_one();
  ASSERT_TRUE(world().cancel(slot("pay", t0).id, "asha", t0));
  EXPECT_EQ(slot("pay", t0).state, State::running);
  auto a = act();
  a.renewals = {claimed.permit};
  EXPECT_EQ(settle(std::move(a)).cancelled, std::vector<Uuid>{claimed.permit->execution});
}

TEST_P(LedgerTest, ACancelledAttemptThatGoesBackIsNotCancelledTheNextTime) {
  job("pay");
  enter({due("pay", t0)});
  const auto first = claim_one();
  ASSERT_TRUE(world().cancel(slot("pay", t0).id, "asha", t0));
  ends(first, GoesBack{}, "drained");
  const auto second = claim_one();
  auto a = act();
  a.renewals = {second.permit};
  EXPECT_TRUE(settle(std::move(a)).cancelled.empty());
}

TEST_P(LedgerTest, WhatHasEndedCannotBeCancelled) {
  job("pay");
  enter({due("pay", t0)});
  completes(claim_one());
  const auto refused = world().cancel(slot("pay", t0).id, "asha", t0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  EXPECT_EQ(world().cancel(99, "asha", t0).error().code(), Errc::not_found);
}

// ---------------------------------------------------------------- atomicity

// The earlier implementation asked in one call and acted in the next. Here nothing can come
// between.
TEST_P(LedgerTest, ManyNodesClaimingAtOnceShareTheSlotsAndClaimNoneTwice) {
  job("pay").overlap = Overlap::allow;
  policies_["pay"]->max_running = 1000;
  std::vector<Entry> entries;
  for (int i = 0; i < 200; ++i) entries.push_back(due("pay", t0 - i * 1s));
  enter(entries);
  std::set<Instant> claimed;
  for (std::size_t node = 0; claimed.size() < 200; node = (node + 1) % 3) {
    const auto settled = claim(7, node);
    ASSERT_FALSE(settled.claims.empty());
    for (const Claim& one : settled.claims)
      EXPECT_TRUE(claimed.insert(one.permit->slot.scheduled_for).second);
  }
}

TEST_P(LedgerTest, EndingAndClaimingInOneActGivesTheFreedJobToTheNextSlot) {
  job("pay");
  enter({due("pay", t0)});
  const auto first = claim_one();
  at(t0 + 1min);
  auto a = act();
  a.endings.push_back({.permit = first.permit,
                       .started_at = t0,
                       .ended_at = now_,
                       .follow = Ends{End::completed},
                       .outcome = "completed"});
  a.entries = {due("pay", now_)};
  a.room = 1;
  const auto settled = settle(std::move(a));
  ASSERT_EQ(settled.claims.size(), 1u);
  EXPECT_EQ(settled.claims[0].permit->slot.scheduled_for, now_);
}

}  // namespace
}  // namespace hotclock::conformance
