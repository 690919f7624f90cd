// The scheduler on its ledger in memory, by hand: time moves when the test says so, and jobs run on
// the test's thread.
#include "scheduler/core/scheduler.h"

#include <gtest/gtest.h>

#include <functional>

#include "scheduler/core/jitter.h"
#include "scheduler/memory/memory_ledger.h"
#include "tests/scenario/scenario_support.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

// Forwards, and fails where told.
class FaultyLedger final : public Ledger {
 public:
  explicit FaultyLedger(Ledger& ledger) : ledger_(ledger) {}

  Result<std::vector<JobRow>> enrol(const std::vector<JobRow>& rows) override {
    if (down) return Error(Errc::unavailable, "the database is away");
    return ledger_.enrol(rows);
  }
  Result<Settled> settle(const Settlement& act, const PolicyOf& policy_of) override {
    if (down) return Error(Errc::unavailable, "the database is away");
    return ledger_.settle(act, policy_of);
  }

  bool down = false;

 private:
  Ledger& ledger_;
};

class OneScheduler : public ::testing::Test {
 protected:
  OneScheduler() { start(); }

  void start() {
    scheduler.emplace(clock, faulty, listener,
                      SchedulerSettings{.workers = 0, .ahead = ahead, .look_for_lost = 5s});
  }
  // As after kill -9: nothing of the scheduler is left but the ledger.
  void dies_and_starts_again() {
    scheduler.reset();
    start();
  }

  std::shared_ptr<TestJob> add(const std::string& name, const char* text, Policy policy = {}) {
    auto job = std::make_shared<TestJob>();
    add(name, text, policy, job);
    return job;
  }
  void add(const std::string& name, const char* text, Policy policy, std::shared_ptr<TestJob> job) {
    JobSpec spec{name, Schedule::parse(text).value(), std::move(job),
                 std::make_shared<Policy>(policy)};
    EXPECT_TRUE(scheduler->add({std::move(spec)}));
    runs_due();
  }

  // Turns until there is nothing left to do now; when the next turn is wanted.
  Instant runs_due() {
    Instant next = scheduler->turn();
    for (int i = 0; i < 10'000 && next <= clock.now(); ++i) next = scheduler->turn();
    if (next <= clock.now()) throw std::runtime_error("the scheduler never comes to rest");
    return next;
  }
  // Lets time pass as the scheduler would see it, nap by nap.
  void passes(Duration span) {
    const Instant end = clock.now() + span;
    for (Instant next = runs_due(); next <= end; next = runs_due())
      clock.advance(std::max(next - clock.now(), Duration{1}));
    if (clock.now() < end) clock.advance(end - clock.now());
    runs_due();
  }

  std::vector<std::string> ends() const {
    std::vector<std::string> ends;
    for (const auto& row : ledger.slots())
      ends.emplace_back(row.end ? to_string(*row.end) : to_string(row.state));
    return ends;
  }
  using Ends = std::vector<std::string>;

  int ahead = 0;
  ManualClock clock{noon};
  MemoryLedger ledger;
  FaultyLedger faulty{ledger};
  Listener listener;
  std::optional<Scheduler> scheduler;
};

TEST_F(OneScheduler, WorksEachSlotOnceAndRecordsItsEnd) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  passes(20min);
  EXPECT_EQ(job->ran_for(), (std::vector{noon + 5min, noon + 10min, noon + 15min, noon + 20min}));
  EXPECT_EQ(ends(), (Ends{"completed", "completed", "completed", "completed"}));
}

TEST_F(OneScheduler, NeverStartsEarly) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  passes(5min - 1ms);
  EXPECT_TRUE(job->ran_for().empty());
  passes(1ms);
  EXPECT_EQ(job->ran_for().size(), 1u);
}

TEST_F(OneScheduler, SleepsUntilTheNextSlot) {
  scheduler.emplace(clock, faulty, listener, SchedulerSettings{.workers = 0, .look_for_lost = 0s});
  add("festival-activation", "0 * * * *");
  EXPECT_EQ(runs_due(), noon + 1h);
}

// The earlier implementation never released its lock: a job that ran every five minutes under a
// ten-minute lock skipped every second run.
TEST_F(OneScheduler, AFinishedSlotFreesItsJobAtOnceHoweverLongTheLease) {
  Policy policy;
  policy.lease = 10min;
  const auto job = add("throne-expiry", "*/5 * * * *", policy);
  passes(30min);
  EXPECT_EQ(job->ran_for().size(), 6u);
}

TEST_F(OneScheduler, ANewJobIsNotDueInThePast) {
  const auto job = add("stream-ranking", "* * * * *");
  EXPECT_TRUE(job->ran_for().empty());
  EXPECT_TRUE(ledger.slots().empty());
}

TEST_F(OneScheduler, AFailedAttemptIsTriedAgainAndThenGivenUp) {
  Policy policy;
  policy.retry = {.retries = 2, .first_delay = 1min, .backoff = Backoff::fixed};
  const auto job = add("throne-expiry", "*/30 * * * *", policy);
  job->does = [](Execution&) { return Failed{Error(Errc::unavailable, "wallet is away"), false}; };
  passes(40min);
  EXPECT_EQ(job->ran_for(), (std::vector(3, noon + 30min)));
  EXPECT_EQ(listener.outcomes, (Ends{"failed", "failed", "failed"}));
  EXPECT_EQ(ends(), Ends{"failed"});
  EXPECT_EQ(ledger.slots().front().reason, "wallet is away");
}

TEST_F(OneScheduler, ARetryStartsWhenItsDelayIsOverAndNotLater) {
  Policy policy;
  policy.retry = {.retries = 1, .first_delay = 61s, .backoff = Backoff::fixed};
  const auto job = add("throne-expiry", "*/30 * * * *", policy);
  std::vector<Instant> starts;
  job->does = [&](Execution&) {
    starts.push_back(clock.now());
    return Failed{Error(Errc::unavailable, "wallet is away"), false};
  };
  passes(40min);
  EXPECT_EQ(starts, (std::vector{noon + 30min, noon + 30min + 61s}));
}

TEST_F(OneScheduler, ARetryThatSucceedsEndsTheSlotAsCompleted) {
  Policy policy;
  policy.retry.retries = 2;
  const auto job = add("throne-expiry", "*/30 * * * *", policy);
  job->does = [](Execution& execution) -> Outcome {
    if (execution.permit->attempt == 1) return Failed{Error(Errc::unavailable, "wallet is away")};
    return Done{};
  };
  passes(40min);
  EXPECT_EQ(ends(), Ends{"completed"});
  EXPECT_EQ(ledger.attempts().size(), 2u);
}

// Yesterday's bonus is as old when it is caught up as any retry would be: one lost connection must not be
// the end of it.
TEST_F(OneScheduler, ASlotThatIsCaughtUpIsTriedAgainHoweverOldItIs) {
  Policy policy;
  policy.catch_up.kind = CatchUp::all;
  policy.retry = {.retries = 2, .first_delay = 1min, .backoff = Backoff::fixed, .max_age = 1h};
  auto job = add("og-daily-bonus", "0 */6 * * *", policy);
  scheduler.reset();
  clock.advance(30h);  // nobody serves
  start();
  job->does = [](Execution& execution) -> Outcome {
    if (execution.permit->attempt == 1) return Failed{Error(Errc::unavailable, "the connection was lost")};
    return Done{};
  };
  add("og-daily-bonus", "0 */6 * * *", policy, job);
  passes(10min);
  EXPECT_EQ(ends(), (Ends{"completed", "completed", "completed", "completed", "completed"}));
}

TEST_F(OneScheduler, WhatCannotSucceedIsNotTriedAgain) {
  Policy policy;
  policy.retry.retries = 5;
  const auto job = add("throne-expiry", "*/30 * * * *", policy);
  job->does = [](Execution&) { return Failed{Error(Errc::invalid, "no such tier"), true}; };
  passes(40min);
  EXPECT_EQ(job->ran_for().size(), 1u);
}

// The earlier implementation caught the error, logged it and went on to record success.
TEST_F(OneScheduler, AThrownErrorIsAFailure) {
  const auto job = add("throne-expiry", "*/30 * * * *");
  job->does = [](Execution&) -> Outcome { throw std::runtime_error("null tier"); };
  passes(30min);
  EXPECT_EQ(ends(), Ends{"failed"});
  EXPECT_EQ(ledger.slots().front().reason, "the job threw: null tier");
}

TEST_F(OneScheduler, AJobThatStopsUnaskedHasNotSucceeded) {
  const auto job = add("throne-expiry", "*/30 * * * *");
  job->does = [](Execution&) { return Stopped{}; };
  passes(30min);
  EXPECT_EQ(ends(), Ends{"failed"});
}

TEST_F(OneScheduler, RecordsWithErrorsAreCompletedWithErrors) {
  const auto job = add("og-daily-bonus", "5 * * * *");
  job->does = [](Execution&) {
    return Partial{{{"users", 9}}, {{"user 4711", Error(Errc::check, "overflow")}}, 1};
  };
  passes(5min);
  EXPECT_EQ(ends(), Ends{"completed_with_errors"});
  EXPECT_EQ(ledger.attempts().front().set_aside_total, 1);
}

TEST_F(OneScheduler, APausedJobsSlotIsRefusedAndSaysByWhom) {
  const auto job = add("og-daily-bonus", "5 * * * *");
  ledger.pause("og-daily-bonus", {"asha", "wallet migration", {}});
  passes(5min);
  EXPECT_TRUE(job->ran_for().empty());
  EXPECT_EQ(ends(), Ends{"refused"});
  EXPECT_EQ(listener.refusals, Ends{"paused by asha: wallet migration"});
  ledger.resume("og-daily-bonus");
  passes(1h);
  EXPECT_EQ(ends(), (Ends{"refused", "completed"}));
}

TEST_F(OneScheduler, RepeatedFailuresOpenTheCircuitAndATrialClosesIt) {
  Policy policy;
  policy.circuit = {.failures = 2, .pause = 10min};
  const auto job = add("throne-expiry", "*/5 * * * *", policy);
  job->does = [](Execution&) { return Failed{Error(Errc::unavailable, "wallet is away")}; };
  passes(15min);
  EXPECT_EQ(ends(), (Ends{"failed", "failed", "refused"}));
  job->does = nullptr;
  passes(10min);
  EXPECT_EQ(ends(), (Ends{"failed", "failed", "refused", "completed", "completed"}));
}

TEST_F(OneScheduler, AnOutageIsCaughtUpByRuleAndWhatIsLeftOutIsRecorded) {
  Policy last, all;
  last.catch_up.kind = CatchUp::last;
  all.catch_up.kind = CatchUp::all;
  const auto thrones = add("throne-expiry", "*/5 * * * *", last);
  const auto bonus = add("og-daily-bonus", "5 * * * *", all);
  scheduler.reset();
  clock.advance(3h + 2min);
  start();
  add("throne-expiry", "*/5 * * * *", last, thrones);
  add("og-daily-bonus", "5 * * * *", all, bonus);
  EXPECT_EQ(thrones->ran_for(), std::vector{noon + 3h});
  EXPECT_EQ(bonus->ran_for(), (std::vector{noon + 5min, noon + 65min, noon + 125min}));
  EXPECT_EQ(listener.missed_slots, 35);
  int missed = 0;
  for (const auto& end : ends()) missed += end == "missed";
  EXPECT_EQ(missed, 35);
}

TEST_F(OneScheduler, AChangedScheduleIsNeverDueInThePast) {
  const auto job = add("og-daily-bonus", "5 * * * *");
  scheduler.reset();
  clock.advance(30min);
  start();
  Policy all;
  all.catch_up.kind = CatchUp::all;
  add("og-daily-bonus", "*/10 * * * *", all, job);
  // The old schedule counted until now: 12:05 is caught up, 12:10 to 12:30 never were.
  EXPECT_EQ(job->ran_for(), std::vector{noon + 5min});
  passes(10min);
  EXPECT_EQ(job->ran_for(), (std::vector{noon + 5min, noon + 40min}));
}

TEST_F(OneScheduler, AWallClockThatGoesBackRunsNothingTwice) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  passes(10min);
  clock.set_wall(noon);
  passes(10min);
  EXPECT_EQ(job->ran_for().size(), 2u);
  EXPECT_EQ(listener.steps, std::vector<Duration>{-10min});
  passes(5min);
  EXPECT_EQ(job->ran_for().back(), noon + 15min);
}

TEST_F(OneScheduler, WhatAJumpForwardSkippedIsCaughtUpByRule) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  clock.set_wall(noon + 2h + 3min);
  runs_due();
  EXPECT_EQ(job->ran_for(), std::vector{noon + 2h});
  EXPECT_EQ(listener.missed_slots, 23);
  EXPECT_EQ(listener.steps.size(), 1u);
}

TEST_F(OneScheduler, AJobIsWokenBeforeItsNextSlotWhenItAsks) {
  auto job = std::make_shared<TestJob>();
  job->wakes = true;
  job->wake_at = noon + 2min + 250ms;
  job->does = [&](Execution&) { return job->wake_at.reset(), Done{}; };
  add("throne-expiry", "*/5 * * * *", {}, job);
  passes(5min);
  EXPECT_EQ(job->ran_for(), (std::vector{noon + 2min + 250ms, noon + 5min}));
  EXPECT_EQ(ledger.slots().front().slot.trigger, Trigger::early);
}

TEST_F(OneScheduler, NewsMakesItAskForWakesAnew) {
  auto job = std::make_shared<TestJob>();
  job->wakes = true;
  add("throne-expiry", "*/5 * * * *", {}, job);
  job->does = [&](Execution&) { return job->wake_at.reset(), Done{}; };
  job->wake_at = noon - 1min;  // a throne that should have fallen already
  scheduler->wake();
  passes(10ms);
  EXPECT_EQ(job->ran_for(), std::vector{noon + 1ms});
}

TEST_F(OneScheduler, WhatSomebodyAskedForBeginsBeforeAJobIsAskedWhenToWakeIt) {
  const auto festivals = std::make_shared<TestJob>();
  const auto bonus = add("og-daily-bonus", "0 0 1 1 *");
  festivals->wakes = true;
  add("festival-activation", "0 0 1 1 *", {}, festivals);
  std::vector<std::size_t> begun_when_asked;
  festivals->asked = [&] { begun_when_asked.push_back(bonus->ran_for().size()); };
  ledger.enter({{"og-daily-bonus", noon, Trigger::manual, "run:1"}, noon}, noon);
  scheduler->wake();
  scheduler->turn();
  EXPECT_EQ(begun_when_asked, std::vector{std::size_t{1}});
}

TEST_F(OneScheduler, AWakeThatIsAlwaysOverdueDoesNotSpin) {
  auto job = std::make_shared<TestJob>();
  job->wakes = true;
  job->wake_at = noon - 1min;
  add("throne-expiry", "0 0 1 1 *", {}, job);
  passes(10s);
  EXPECT_LE(job->ran_for().size(), 11u);
  EXPECT_GE(job->ran_for().size(), 9u);
}

TEST_F(OneScheduler, ALedgerThatIsAwayLosesNothing) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  faulty.down = true;
  passes(12min);
  EXPECT_TRUE(job->ran_for().empty());
  EXPECT_EQ(listener.ledger_failures, 1);
  faulty.down = false;
  passes(20s);
  EXPECT_EQ(listener.ledger_returns, 1);
  EXPECT_EQ(ledger.slots().size(), 2u);
}

TEST_F(OneScheduler, AnEndingThatCouldNotBeRecordedIsRecordedLater) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  job->does = [this](Execution&) { return faulty.down = true, Done{}; };
  passes(5min);
  EXPECT_EQ(ends(), Ends{"running"});
  faulty.down = false;
  passes(20s);
  EXPECT_EQ(ends(), Ends{"completed"});
  EXPECT_EQ(job->ran_for().size(), 1u);
}

TEST_F(OneScheduler, ARemovedJobIsNoLongerDue) {
  const auto job = add("throne-expiry", "*/5 * * * *");
  EXPECT_TRUE(scheduler->remove("throne-expiry"));
  passes(10min);
  EXPECT_TRUE(job->ran_for().empty());
  EXPECT_FALSE(scheduler->remove("throne-expiry"));
}

TEST(WatchedScheduler, TurnsAtLeastAsOftenAsItsWatchdogWants) {
  ManualClock clock(noon);
  MemoryLedger ledger;
  Listener listener;
  std::atomic<int> turns = 0;
  Scheduler scheduler(clock, ledger, listener,
                      {.workers = 1, .look_for_lost = Duration::zero(), .turned = [&] { ++turns; }, .longest_nap = 10s});
  scheduler.start();
  await([&] { return turns >= 1 && clock.next_deadline() <= noon + 10s; });
  const int before = turns;
  clock.advance(10s);
  await([&] { return turns > before; });
}

TEST_F(OneScheduler, SlotsOfABlackoutAreRefusedAndSayWhy) {
  Policy policy;
  policy.blackouts = {{noon + 10min, noon + 20min, "2026-11-25T12:10/2026-11-25T12:20"}};
  const auto job = add("throne-expiry", "*/5 * * * *", policy);
  passes(21min);
  EXPECT_EQ(job->ran_for(), (std::vector<Instant>{noon + 5min, noon + 20min}));
  EXPECT_EQ(listener.refusals,
            (std::vector<std::string>(2, "blackout 2026-11-25T12:10/2026-11-25T12:20")));
}

TEST_F(OneScheduler, JitterPutsTheStartOffAndNotTheSlot) {
  Policy policy;
  policy.jitter = 60s;
  const auto job = add("throne-expiry", "*/5 * * * *", policy);
  std::vector<Instant> begun;
  job->does = [&](Execution&) { return begun.push_back(clock.now()), Done{}; };
  passes(21min);
  EXPECT_EQ(job->ran_for(),
            (std::vector<Instant>{noon + 5min, noon + 10min, noon + 15min, noon + 20min}));
  ASSERT_EQ(begun.size(), 4u);
  for (std::size_t i = 0; i < begun.size(); ++i)
    EXPECT_EQ(begun[i], job->ran_for()[i] + jitter_of("throne-expiry", job->ran_for()[i], 60s));
}

TEST_F(OneScheduler, AReplacedJobIsDueByItsNewScheduleFromThenOn) {
  const auto old = add("throne-expiry", "*/5 * * * *");
  passes(5min);
  EXPECT_EQ(old->ran_for().size(), 1u);
  const auto job = std::make_shared<TestJob>();
  passes(1min);
  ASSERT_TRUE(
      scheduler->replace({{"throne-expiry", Schedule::parse("*/2 * * * *").value(), job}}));
  passes(5min);
  EXPECT_EQ(old->ran_for().size(), 1u);
  // Not for 12:06 and what lies before: the change is never retroactive.
  EXPECT_EQ(job->ran_for(), (std::vector<Instant>{noon + 8min, noon + 10min}));
}

TEST_F(OneScheduler, WhatRunsOfAReplacedJobEndsAsItBegan) {
  const auto old = add("throne-expiry", "*/5 * * * *");
  const auto job = std::make_shared<TestJob>();
  old->does = [&](Execution&) {
    EXPECT_TRUE(
        scheduler->replace({{"throne-expiry", Schedule::parse("*/5 * * * *").value(), job}}));
    return Done{};
  };
  passes(11min);
  EXPECT_EQ(old->ran_for(), (std::vector<Instant>{noon + 5min}));
  EXPECT_EQ(job->ran_for(), (std::vector<Instant>{noon + 10min}));
  EXPECT_EQ(ends(), (Ends{"completed", "completed"}));
}

TEST_F(OneScheduler, NoneOfSeveralIsReplacedWhereOneIsNotThere) {
  const auto old = add("throne-expiry", "*/5 * * * *");
  const auto job = std::make_shared<TestJob>();
  const auto every_minute = Schedule::parse("* * * * *").value();
  const auto replaced =
      scheduler->replace({{"throne-expiry", every_minute, job}, {"og-bonus", every_minute, job}});
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code(), Errc::not_found);
  passes(5min);
  EXPECT_EQ(old->ran_for().size(), 1u);
  EXPECT_TRUE(job->ran_for().empty());
}

TEST_F(OneScheduler, TwoJobsCannotHaveOneName) {
  add("throne-expiry", "*/5 * * * *");
  const auto again = scheduler->add(
      {{"throne-expiry", Schedule::parse("* * * * *").value(), std::make_shared<TestJob>()}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::conflict);
}

TEST_F(OneScheduler, PriorityGoesFirstAndAgeingKeepsTheOthersFromStarving) {
  EXPECT_LT(claim_rank(noon, 5), claim_rank(noon, 0));
  EXPECT_GT(claim_rank(noon + 6min, 5), claim_rank(noon, 0));
  Policy money, other;
  money.priority = 10;
  std::vector<std::string> order;
  for (const auto& [name, policy] : {std::pair("a-ranking", other), std::pair("z-bonus", money)}) {
    const auto job = add(name, "*/5 * * * *", policy);
    job->does = [&order, name = name](Execution&) { return order.push_back(name), Done{}; };
  }
  passes(5min);
  EXPECT_EQ(order, (Ends{"z-bonus", "a-ranking"}));
}

TEST_F(OneScheduler, ADeadSchedulersSlotIsTakenOverWhenItsLeaseEnds) {
  Policy policy;
  policy.lease = 10min;
  policy.retry.retries = 3;
  const auto job = add("og-daily-bonus", "5 * * * *", policy);
  // Claimed by somebody who then dies: nothing will ever be recorded under this permit.
  ledger.enter({{"og-daily-bonus", noon + 5min, Trigger::schedule, {}}, noon}, noon);
  auto dead = ledger.settle({.now = noon, .asked = clock.steady(), .room = 1},
                            [&](const std::string&) { return std::make_shared<Policy>(policy); });
  ASSERT_EQ(dead.value().claims.size(), 1u);
  passes(9min);
  EXPECT_TRUE(job->ran_for().empty());
  passes(2min);
  EXPECT_EQ(job->ran_for(), std::vector{noon + 5min});
  EXPECT_EQ(listener.take_overs, 1);
  EXPECT_EQ(ends(), Ends{"completed"});
  // The dead one comes back and cannot write: its fence is old.
  EXPECT_EQ(ledger.move_cursor(*dead.value().claims[0].permit, "x").error().code(), Errc::lease_lost);
}

}  // namespace
}  // namespace hotclock
