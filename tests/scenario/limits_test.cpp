// Limits, stops and leases: work on worker threads that waits to be stopped, while the test turns the
// scheduler and moves time by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "scheduler/memory/memory_ledger.h"
#include "tests/scenario/scenario_support.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

// Works until it is asked to stop.
Outcome until_stopped(Execution& execution) {
  std::atomic<bool> asked = false;
  std::stop_callback on_stop(execution.stop(), [&] { asked = true, asked.notify_all(); });
  asked.wait(false);
  return Stopped{};
}

class WithWorkers : public ::testing::Test {
 protected:
  void workers(int n, int ahead = 0) {
    scheduler.emplace(clock, ledger, listener, SchedulerSettings{.workers = n, .ahead = ahead});
  }

  std::shared_ptr<TestJob> add(const std::string& name, const char* text, const Policy& policy,
                               std::function<Outcome(Execution&)> does = until_stopped) {
    if (!scheduler) workers(2);
    auto job = std::make_shared<TestJob>();
    job->does = std::move(does);
    EXPECT_TRUE(scheduler->add({{name, Schedule::parse(text).value(), job,
                                 std::make_shared<Policy>(policy)}}));
    scheduler->turn();
    return job;
  }

  void pass(Duration span) {
    clock.advance(span);
    scheduler->turn();
  }
  // Turns until `condition` holds; the workers need their time.
  void turn_until(const std::function<bool()>& condition) {
    await([&] { return scheduler->turn(), condition(); });
  }
  std::size_t running() const { return scheduler->running().size(); }
  std::vector<std::string> ends() const {
    std::vector<std::string> ends;
    for (const auto& row : ledger.slots())
      ends.emplace_back(row.end ? to_string(*row.end) : to_string(row.state));
    return ends;
  }
  using Ends = std::vector<std::string>;

  ManualClock clock{noon};
  MemoryLedger ledger;
  Listener listener;
  std::optional<Scheduler> scheduler;
};

TEST_F(WithWorkers, AtItsSoftLimitAnAttemptIsStoppedAndTheSlotTimesOut) {
  Policy policy;
  policy.soft_limit = 2min;
  const auto job = add("throne-expiry", "*/30 * * * *", policy);
  pass(30min);
  await([&] { return job->ran_for().size() == 1; });
  pass(2min - 1ms);
  EXPECT_EQ(ends(), Ends{"running"});
  pass(1ms);
  turn_until([&] { return running() == 0; });
  EXPECT_EQ(ends(), Ends{"timed_out"});
  EXPECT_EQ(ledger.slots().front().reason, "stopped at its limit of 2 min");
}

// The earlier implementation's time limit gave up waiting and left the work running.
TEST_F(WithWorkers, PastItsHardLimitTheWorkIsToldOfAndItsSlotStaysHeld) {
  Policy policy;
  policy.soft_limit = 2min;
  policy.hard_limit = 3min;
  std::atomic<bool> let_go = false;
  const auto deaf = [&](Execution&) -> Outcome {
    let_go.wait(false);
    return Stopped{};
  };
  const auto job = add("throne-expiry", "*/5 * * * *", policy, deaf);
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  pass(3min);
  EXPECT_EQ(listener.stuck, 1);
  EXPECT_EQ(ends(), Ends{"running"});
  pass(2min);  // the next slot finds it still held
  EXPECT_EQ(ends(), (Ends{"running", "refused"}));
  let_go = true;
  let_go.notify_all();
  turn_until([&] { return running() == 0; });
  EXPECT_EQ(ends(), (Ends{"timed_out", "refused"}));
}

// However long it takes: nobody may take its slot meanwhile.
TEST_F(WithWorkers, WhatRunsOfAJobThatIsTakenAwayKeepsItsLeaseToItsEnd) {
  Policy policy;
  policy.lease = 3min;
  policy.soft_limit = 1h;
  policy.hard_limit = 2h;
  std::atomic<bool> let_go = false;
  const auto job = add("throne-expiry", "5 * * * *", policy, [&](Execution&) -> Outcome {
    let_go.wait(false);
    return Done{};
  });
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  scheduler->put({}, {"throne-expiry", "nobody"});
  for (int i = 0; i < 10; ++i) pass(1min);
  EXPECT_EQ(ends(), Ends{"running"});
  EXPECT_EQ(listener.lost_leases, 0);
  let_go = true;
  let_go.notify_all();
  turn_until([&] { return running() == 0; });
  EXPECT_EQ(ends(), Ends{"completed"});
}

TEST_F(WithWorkers, JobsComeAndGoInOneStep) {
  const auto old = add("throne-expiry", "*/5 * * * *", {}, [](Execution&) { return Done{}; });
  add("trust-score", "*/5 * * * *", {}, [](Execution&) { return Done{}; });
  const auto spec = [](const std::string& name, const std::shared_ptr<TestJob>& job) {
    return JobSpec{name, Schedule::parse("*/10 * * * *").value(), job, std::make_shared<Policy>()};
  };
  const auto replaced = std::make_shared<TestJob>(), added = std::make_shared<TestJob>();
  scheduler->put({spec("throne-expiry", replaced), spec("stream-ranking", added)}, {"trust-score"});
  scheduler->turn();
  pass(10min);
  turn_until([&] { return replaced->ran_for().size() == 1 && added->ran_for().size() == 1; });
  EXPECT_TRUE(old->ran_for().empty());
  EXPECT_FALSE(scheduler->remove("trust-score"));
}

TEST_F(WithWorkers, ACancelledExecutionStopsAndSaysSo) {
  Policy policy;
  policy.lease = 3min;
  const auto job = add("og-daily-bonus", "5 * * * *", policy);
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  EXPECT_TRUE(ledger.request_cancel(ledger.slots().front().id, "asha", clock.now()));
  pass(1min);  // it is heard of with the next renewal
  turn_until([&] { return running() == 0; });
  EXPECT_EQ(ends(), Ends{"cancelled"});
}

// A large slot in eight partitions, and a small one that is due while they run.
TEST_F(WithWorkers, ADividedSlotLeavesAWorkerToWhatIsSmall) {
  workers(3);
  std::atomic<bool> let_go = false;
  std::atomic<int> at_once = 0, most = 0;
  const auto large = [&](Execution& execution) -> Outcome {
    if (!execution.permit->partition_of) return Divided{{"1", "2", "3", "4", "5", "6", "7", "8"}};
    most = std::max<int>(most, ++at_once);
    let_go.wait(false);
    --at_once;
    return Done{{{"users", std::stoll(execution.cursor)}}};
  };
  add("og-daily-bonus", "5 * * * *", {}, large);
  const auto small = add("throne-expiry", "6 * * * *", {}, [](Execution&) { return Done{}; });
  pass(5min);
  turn_until([&] { return at_once == 2; });
  pass(1min);
  turn_until([&] { return small->ran_for().size() == 1 && running() == 2; });
  let_go = true;
  let_go.notify_all();
  turn_until([&] { return running() == 0 && listener.gathered.size() == 1; });
  EXPECT_EQ(most, 2);
  EXPECT_EQ(listener.gathered[0].ends.end, End::completed);
  EXPECT_EQ(listener.gathered[0].ends.tally, (Tally{{"users", 36}}));
  EXPECT_EQ(ends().front(), "completed");
}

TEST_F(WithWorkers, OneWorkerAloneWorksThePartitionsOneAfterTheOther) {
  workers(1);
  const auto large = [&](Execution& execution) -> Outcome {
    if (!execution.permit->partition_of) return Divided{{"1", "2", "3"}};
    return Done{};
  };
  add("og-daily-bonus", "5 * * * *", {}, large);
  pass(5min);
  turn_until([&] { return listener.gathered.size() == 1; });
  EXPECT_EQ(ends(), (Ends{"completed", "completed", "completed", "completed"}));
}

TEST_F(WithWorkers, APartitionThatDividesItselfFails) {
  add("og-daily-bonus", "5 * * * *", {}, [](Execution&) { return Divided{{"1"}}; });
  pass(5min);
  turn_until([&] { return listener.gathered.size() == 1; });
  EXPECT_EQ(ledger.slots().front().reason, "partition 1: the job divided a partition");
}

TEST_F(WithWorkers, ADrainSendsTheSlotBackAndTheAttemptDoesNotCount) {
  const auto job = add("og-daily-bonus", "5 * * * *", {});
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  EXPECT_TRUE(scheduler->stop(1min));
  EXPECT_EQ(ends(), Ends{"due"});
  EXPECT_EQ(ledger.slots().front().attempt, 0);
  EXPECT_EQ(listener.outcomes, Ends{"drained"});
}

TEST_F(WithWorkers, ADrainedSlotIsWorkedAfterTheRestart) {
  const auto first = add("og-daily-bonus", "5 * * * *", {});
  pass(5min);
  await([&] { return first->ran_for().size() == 1; });
  EXPECT_TRUE(scheduler->stop(1min));
  workers(1);
  const auto second = add("og-daily-bonus", "5 * * * *", {}, [](Execution&) { return Done{}; });
  turn_until([&] { return ends() == Ends{"completed"}; });
  EXPECT_EQ(second->ran_for(), std::vector{noon + 5min});
}

TEST_F(WithWorkers, WhatIsHeldEntersWhatIsDueAndStartsNothingUntilItIsReleased) {
  Policy policy;
  policy.overlap = Overlap::wait;
  const auto job = add("throne-expiry", "*/5 * * * *", policy, [](Execution&) { return Done{}; });
  scheduler->hold(true);
  pass(5min);
  pass(5min);
  EXPECT_EQ(ends(), (Ends{"due", "due"})) << "none is lost";
  EXPECT_TRUE(job->ran_for().empty());
  EXPECT_GT(scheduler->turn(), clock.now()) << "and it naps meanwhile";
  scheduler->hold(false);
  turn_until([&] { return ends() == Ends{"completed", "completed"}; });
  EXPECT_EQ(job->ran_for(), (std::vector{noon + 5min, noon + 10min}));
}

TEST_F(WithWorkers, WhatRunsAsTheSchedulerIsHeldGoesOnToItsEnd) {
  std::atomic<bool> may_end = false;
  const auto job = add("og-daily-bonus", "5 * * * *", {}, [&](Execution& execution) -> Outcome {
    await([&] { return may_end.load(); });
    return execution.permit->stop_reason() == StopReason::none ? Outcome(Done{})
                                                               : Outcome(Stopped{});
  });
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  scheduler->hold(true);
  scheduler->turn();
  may_end = true;
  turn_until([&] { return ends() == Ends{"completed"}; });
  EXPECT_EQ(listener.outcomes, Ends{"completed"});
}

TEST_F(WithWorkers, AnotherWorksAllThatIsDueWhileOneIsHeld) {
  const auto mine = add("throne-expiry", "*/5 * * * *", {}, [](Execution&) { return Done{}; });
  scheduler->hold(true);
  Listener heard;
  Scheduler other(clock, ledger, heard, {.workers = 1});
  const auto theirs = std::make_shared<TestJob>();
  ASSERT_TRUE(other.add({{"throne-expiry", *Schedule::parse("*/5 * * * *"), theirs}}));
  for (int i = 0; i < 3; ++i) {
    pass(5min);
    await([&] {
      other.turn();
      return theirs->ran_for().size() == static_cast<std::size_t>(i + 1);
    });
  }
  await([&] {
    other.turn();
    return ends() == Ends{"completed", "completed", "completed"};
  });
  EXPECT_TRUE(mine->ran_for().empty());
}

TEST_F(WithWorkers, AStoppedSchedulerStartsNothingMore) {
  const auto job = add("throne-expiry", "*/5 * * * *", {}, [](Execution&) { return Done{}; });
  EXPECT_TRUE(scheduler->stop(0s));
  EXPECT_TRUE(scheduler->stop(0s));  // twice is once
  pass(10min);
  EXPECT_TRUE(job->ran_for().empty());
}

TEST_F(WithWorkers, TheNewSlotReplacesTheRunningExecution) {
  Policy policy;
  policy.overlap = Overlap::replace;
  policy.soft_limit = policy.hard_limit = policy.lease = 1h;
  const auto job = add("stream-ranking", "*/10 * * * *", policy);
  pass(10min);
  await([&] { return job->ran_for().size() == 1; });
  pass(10min);
  turn_until([&] { return job->ran_for().size() == 2; });
  EXPECT_EQ(ends(), (Ends{"cancelled", "running"}));
}

TEST_F(WithWorkers, AWaitingSlotRunsWhenTheRunningOneEnds) {
  Policy policy;
  policy.overlap = Overlap::wait;
  policy.soft_limit = policy.hard_limit = 15min;
  policy.lease = 1h;
  const auto job = add("og-daily-bonus", "*/10 * * * *", policy);
  pass(10min);
  await([&] { return job->ran_for().size() == 1; });
  pass(10min);
  EXPECT_EQ(ends(), (Ends{"running", "waiting"}));
  pass(5min);  // the first one's limit
  turn_until([&] { return job->ran_for().size() == 2; });
  EXPECT_EQ(ends(), (Ends{"timed_out", "running"}));
}

TEST_F(WithWorkers, SoManyOfAJobRunSideBySideAndNoMore) {
  workers(8);
  Policy policy;
  policy.overlap = Overlap::allow;
  policy.max_running = 3;
  policy.soft_limit = policy.hard_limit = policy.lease = 24h;
  const auto job = add("import", "* * * * *", policy);
  for (int minute = 0; minute < 5; ++minute) pass(1min);
  await([&] { return job->ran_for().size() == 3; });
  scheduler->turn();
  EXPECT_EQ(running(), 3u);
  EXPECT_EQ(ends(), (Ends{"running", "running", "running", "waiting", "waiting"}));
}

TEST_F(WithWorkers, SoManyRunInAllAsThereAreWorkers) {
  workers(2);
  Policy policy;
  policy.soft_limit = policy.hard_limit = policy.lease = 24h;
  for (const char* name : {"a", "b", "c", "d"}) add(name, "*/10 * * * *", policy);
  pass(10min);
  EXPECT_EQ(running(), 2u);
  EXPECT_EQ(ends(), (Ends{"running", "running", "due", "due"}));
}

TEST_F(WithWorkers, ALiveExecutionKeepsItsLeaseHoweverLongItTakes) {
  Policy policy;
  policy.lease = 10min;
  policy.soft_limit = policy.hard_limit = 24h;
  const auto job = add("og-daily-bonus", "5 0 * * *", policy);
  pass(12h + 5min);
  await([&] { return job->ran_for().size() == 1; });
  for (int i = 0; i < 20; ++i) pass(3min);
  EXPECT_EQ(listener.take_overs, 0);
  EXPECT_EQ(ends(), Ends{"running"});
}

TEST_F(WithWorkers, WorkWhoseLeaseWasTakenIsStoppedAndSaysNothing) {
  Policy policy;
  policy.lease = 10min;
  policy.retry.retries = 3;
  policy.soft_limit = policy.hard_limit = 24h;
  const auto job = add("og-daily-bonus", "5 * * * *", policy);
  pass(5min);
  await([&] { return job->ran_for().size() == 1; });
  // This scheduler is frozen for longer than its lease, and another one takes the slot.
  clock.advance(11min);
  auto other = ledger.settle({.now = clock.now(), .asked = clock.steady(), .room = 1,
                              .look_for_lost = true},
                             [&](const std::string&) { return std::make_shared<Policy>(policy); });
  ASSERT_EQ(other.value().claims.size(), 1u);
  turn_until([&] { return running() == 0; });
  EXPECT_EQ(listener.lost_leases, 1);
  EXPECT_TRUE(listener.outcomes.empty());
  EXPECT_EQ(ends(), Ends{"running"});  // the other one's
}

TEST_F(WithWorkers, OnItsOwnThreadItWakesBySelf) {
  const auto job = add("throne-expiry", "*/5 * * * *", {}, [](Execution&) { return Done{}; });
  scheduler->start();
  scheduler->start();  // twice is once
  await([&] { return clock.next_deadline() != Instant::max(); });
  for (int slot = 1; slot <= 3; ++slot) {
    clock.advance(5min);
    await([&] { return ends() == Ends(static_cast<std::size_t>(slot), "completed"); });
  }
  EXPECT_TRUE(scheduler->stop(0s));
  EXPECT_EQ(job->ran_for().size(), 3u);
}

TEST_F(WithWorkers, AnEndingWaitsForOthersMillisecondsAtMostHoweverLongTheNextOneRuns) {
  workers(1, 10);
  std::atomic<bool> go_on = false;
  Policy policy;
  policy.overlap = Overlap::allow;
  policy.max_running = 10;
  policy.catch_up.kind = CatchUp::all;
  policy.catch_up.spacing = 0ms;
  std::atomic<int> begun = 0;
  add("trust-score", "* * * * *", policy, [&](Execution&) -> Outcome {
    if (++begun > 1) await([&] { return go_on.load(); });
    return Done{};
  });
  clock.advance(6min);
  scheduler->start();
  await([&] { return begun == 2; });  // the first has ended, four more wait
  await([&] {
    clock.advance(1ms);
    return std::ranges::count(ends(), "completed") == 1;
  });
  EXPECT_EQ(std::ranges::count(ends(), "running"), 5);
  go_on = true;
  await([&] {
    clock.advance(1ms);
    return ends() == Ends(6, "completed");
  });
}

}  // namespace
}  // namespace hotclock
