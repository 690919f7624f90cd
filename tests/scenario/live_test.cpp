// Live changes of a schedule on two nodes, of which one hears later than the other, and
// maintenance: schedulers on one ledger in memory, by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "scheduler/core/scheduler.h"
#include "scheduler/core/stored_schedule.h"
#include "scheduler/memory/memory_ledger.h"
#include "tests/scenario/scenario_support.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

class TwoNodes : public testing::Test {
 protected:
  // A node that goes by the schedule as it was when it heard last.
  struct Node {
    Node(Clock& clock, Ledger& ledger)
        : scheduler(clock, ledger, listener, {.workers = 0, .look_for_lost = Duration::zero()}) {}
    Listener listener;
    Scheduler scheduler;
  };

  TwoNodes() {
    for (Node* node : {&*a, &*b}) EXPECT_TRUE(node->scheduler.add({spec("*/5 * * * *", {})}));
    turns();
  }

  JobSpec spec(const char* schedule, Rescheduled rescheduled) {
    Policy policy;
    policy.catch_up.kind = CatchUp::all;
    return {"pay", Schedule::parse(schedule).value(), job, std::make_shared<Policy>(policy),
            rescheduled};
  }
  // Somebody changes it; nobody has heard.
  Rescheduled is_changed() { return {ledger.reschedule("pay"), clock.now()}; }
  void hears(Node& node, const char* schedule, Rescheduled change) {
    EXPECT_TRUE(node.scheduler.replace({spec(schedule, change)}));
  }
  void turns() {
    for (int round = 0; round < 3; ++round)
      for (Node* node : {&*a, &*b})
        if (alive(*node)) node->scheduler.turn();
  }
  bool alive(const Node& node) const { return &node != dead; }
  void passes(Duration span) {
    for (const Instant end = clock.now() + span; clock.now() < end;) {
      clock.advance(std::min<Duration>(30s, end - clock.now()));
      turns();
    }
  }
  std::vector<Instant> slots() const {
    std::vector<Instant> instants;
    for (const auto& row : ledger.slots()) instants.push_back(row.slot.scheduled_for);
    std::ranges::sort(instants);
    return instants;
  }
  using Instants = std::vector<Instant>;

  ManualClock clock{noon};
  MemoryLedger ledger;
  std::shared_ptr<TestJob> job = std::make_shared<TestJob>();
  std::optional<Node> a{std::in_place, clock, ledger}, b{std::in_place, clock, ledger};
  const Node* dead = nullptr;
};

TEST_F(TwoNodes, TheNodeThatHasNotHeardEntersNoSlotOfTheOldSchedule) {
  passes(6min);
  const auto change = is_changed();
  hears(*a, "2,32 * * * *", change);
  passes(10min);
  EXPECT_EQ(slots(), Instants{noon + 5min});
  hears(*b, "2,32 * * * *", change);
  passes(20min);
  EXPECT_EQ(slots(), (Instants{noon + 5min, noon + 32min}));
  EXPECT_EQ(job->ran_for().size(), 2u);
}

TEST_F(TwoNodes, WhatFollowsDoesNotDependOnWhoHearsWhen) {
  passes(6min);
  const auto change = is_changed();
  passes(10min);  // nobody has heard
  EXPECT_EQ(slots(), Instants{noon + 5min});
  hears(*b, "*/7 * * * *", change);
  passes(1min);
  hears(*a, "*/7 * * * *", change);
  passes(5min);
  // 12:07 and 12:14 lie behind the change; 12:10 and 12:15 do too, and are of the old schedule.
  EXPECT_EQ(slots(), (Instants{noon + 5min, noon + 7min, noon + 14min, noon + 21min}));
}

TEST_F(TwoNodes, TheOldScheduleCountsUntilTheChange) {
  clock.advance(11min);  // nobody was there
  const auto change = is_changed();
  clock.advance(9min);
  hears(*a, "*/7 * * * *", change);
  hears(*b, "*/7 * * * *", change);
  turns();
  EXPECT_EQ(slots(), (Instants{noon + 5min, noon + 10min, noon + 14min}));
}

TEST_F(TwoNodes, ANodeThatStartsWithWhatItReadBeforeTheChangeHoldsNothingUp) {
  passes(6min);
  const auto change = is_changed();
  hears(*a, "*/7 * * * *", change);
  turns();
  b.emplace(clock, ledger);
  EXPECT_TRUE(b->scheduler.add({spec("*/5 * * * *", {})}));
  passes(9min);
  EXPECT_EQ(slots(), (Instants{noon + 5min, noon + 7min, noon + 14min}));
  dead = &*a;
  hears(*b, "*/7 * * * *", change);
  passes(6min);
  EXPECT_EQ(slots().back(), noon + 21min);
}

// One has told the ledger that it is there, and not yet what follows: the other must not take its
// schedule for one that has counted all along.
TEST_F(TwoNodes, ANodeThatDiesWhileItPutsAChangeInForceMakesNothingDueInThePast) {
  passes(6min);
  const auto change = is_changed();
  passes(10min);
  EXPECT_TRUE(
      ledger.enrol({{"pay", stored_form(Schedule::parse("* * * * *").value()), clock.now()}}));
  dead = &*a;
  hears(*b, "* * * * *", change);
  passes(1min);
  ASSERT_GT(slots().size(), 1u);
  EXPECT_EQ(slots()[0], noon + 5min);
  EXPECT_EQ(slots()[1], noon + 7min);
}

class InMaintenance : public testing::Test {
 protected:
  InMaintenance() {
    policy.maintenance.push_back({"today", Maintenance::Once{noon + 8min, noon + 22min}});
  }
  void adds(std::shared_ptr<TestJob> job, const char* schedule = "*/5 * * * *") {
    EXPECT_TRUE(scheduler.add({{"pay", Schedule::parse(schedule).value(), std::move(job),
                                std::make_shared<Policy>(policy)}}));
    turn();
  }
  void turn() {
    while (scheduler.turn() <= clock.now()) {
    }
  }
  void passes(Duration span) {
    for (const Instant end = clock.now() + span; clock.now() < end;) {
      clock.advance(std::min<Duration>(10s, end - clock.now()));
      turn();
    }
  }

  ManualClock clock{noon};
  MemoryLedger ledger;
  Listener listener;
  Policy policy;
  Scheduler scheduler{clock, ledger, listener, {.workers = 0, .look_for_lost = Duration::zero()}};
};

TEST_F(InMaintenance, SlotsWaitForItsEndAndNoneIsLost) {
  const auto job = std::make_shared<TestJob>();
  std::vector<Instant> begun;
  job->does = [&](Execution&) { return begun.push_back(clock.now()), Done{}; };
  adds(job);
  passes(21min);
  EXPECT_EQ(job->ran_for(), std::vector{noon + 5min});
  EXPECT_EQ(ledger.slots().back().reason, "waits for the end of maintenance today");
  passes(5min);
  EXPECT_EQ(job->ran_for(),
            (std::vector{noon + 5min, noon + 10min, noon + 15min, noon + 20min, noon + 25min}));
  EXPECT_EQ(begun[1], noon + 22min);
  EXPECT_TRUE(listener.refusals.empty());
}

TEST_F(InMaintenance, ARetryWaitsToo) {
  policy.retry = {.retries = 3, .first_delay = 4min, .backoff = Backoff::fixed};
  const auto job = std::make_shared<TestJob>();
  std::vector<Instant> begun;
  job->does = [&](Execution&) -> Outcome {
    begun.push_back(clock.now());
    if (begun.size() == 1) return Failed{Error(Errc::unavailable, "the wallet is away")};
    return Done{};
  };
  adds(job, "5 12 * * *");
  passes(30min);
  EXPECT_EQ(begun, (std::vector{noon + 5min, noon + 22min}));
}

TEST_F(InMaintenance, WhatAPersonAsksForRuns) {
  const auto job = std::make_shared<TestJob>();
  adds(job, "0 0 1 1 *");
  passes(10min);
  ledger.enter({{"pay", noon, Trigger::manual, "asha-1"}, clock.now()}, clock.now());
  scheduler.wake();
  turn();
  EXPECT_EQ(job->ran_for().size(), 1u);
}

TEST_F(InMaintenance, AJobThatWantsToBeWokenIsWokenOnceAtTheEnd) {
  const auto job = std::make_shared<TestJob>();
  job->wakes = true;
  job->wake_at = noon + 9min;
  job->does = [&](Execution&) { return job->wake_at.reset(), Done{}; };
  adds(job, "0 0 1 1 *");
  for (int minute = 0; minute < 25; ++minute) {
    passes(1min);
    scheduler.wake();
  }
  EXPECT_EQ(ledger.slots().size(), 1u);
  EXPECT_GE(job->ran_for().at(0), noon + 22min);
}

}  // namespace
}  // namespace hotclock
