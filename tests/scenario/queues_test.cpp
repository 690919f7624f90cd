// Queues in a whole scheduler: workers that are kept, with slots claimed ahead and without.
#include <gtest/gtest.h>

#include <algorithm>

#include "scheduler/memory/memory_ledger.h"
#include "tests/scenario/scenario_support.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

class WithQueues : public ::testing::Test {
 protected:
  ~WithQueues() override { let_go(); }

  void workers(int n, int ahead, std::vector<QueueRule> queues) {
    SchedulerSettings settings{.workers = n, .ahead = ahead};
    settings.queues = std::move(queues);
    scheduler.emplace(clock, ledger, listener, settings);
  }
  // A job whose executions work until the test lets go of them.
  std::shared_ptr<TestJob> add(const std::string& name, const char* text,
                               const std::string& queue) {
    Policy policy;
    policy.queue = queue;
    policy.overlap = Overlap::allow;
    policy.max_running = 1000;
    auto job = std::make_shared<TestJob>();
    job->does = [this](Execution&) -> Outcome {
      held_.wait(true);
      return Done{};
    };
    EXPECT_TRUE(scheduler->add(
        {{name, Schedule::parse(text).value(), job, std::make_shared<Policy>(policy)}}));
    scheduler->turn();
    return job;
  }
  void let_go() {
    held_ = false;
    held_.notify_all();
  }
  void pass(Duration span) {
    clock.advance(span);
    scheduler->turn();
  }
  void turn_until(const std::function<bool()>& condition) {
    await([&] { return scheduler->turn(), condition(); });
  }
  // Slots of `job` that somebody asks for now.
  void flood(const std::string& job, int many) {
    for (int i = 0; i < many; ++i)
      ledger.enter({.slot = {job, clock.now(), Trigger::manual, std::to_string(i)},
                    .available_at = clock.now()},
                   clock.now());
    scheduler->wake();
    scheduler->turn();
  }

  std::atomic<bool> held_ = true;
  ManualClock clock{noon};
  MemoryLedger ledger;
  Listener listener;
  std::optional<Scheduler> scheduler;  // before the rest: it waits for what runs
};

TEST_F(WithQueues, AFloodLeavesAWorkerToTheBonus) {
  workers(3, 0, {{.name = "money", .reserved = 1}});
  const auto mail = add("mail", "0 0 1 1 *", "");
  const auto bonus = add("og-daily-bonus", "5 * * * *", "money");
  flood("mail", 50);
  await([&] { return mail->ran_for().size() == 2; });
  EXPECT_EQ(scheduler->running().size(), 2u);
  pass(5min);
  await([&] { return bonus->ran_for().size() == 1; });
  EXPECT_EQ(mail->ran_for().size(), 2u);
  let_go();
  turn_until([&] { return mail->ran_for().size() == 50; });
}

// What is claimed ahead waits for a worker in this process: there, too, one is kept.
TEST_F(WithQueues, SlotsClaimedAheadLeaveAWorkerToTheBonusToo) {
  workers(3, 20, {{.name = "money", .reserved = 1}});
  const auto mail = add("mail", "0 0 1 1 *", "");
  const auto bonus = add("og-daily-bonus", "5 * * * *", "money");
  flood("mail", 50);
  turn_until([&] { return scheduler->running().size() == 22; });
  await([&] { return mail->ran_for().size() == 2; });
  pass(5min);
  await([&] { return bonus->ran_for().size() == 1; });
  EXPECT_EQ(mail->ran_for().size(), 2u);
  let_go();
  turn_until([&] { return mail->ran_for().size() == 50; });
}

TEST_F(WithQueues, WithoutAReserveTheFloodTakesEveryWorker) {
  workers(3, 0, {{.name = "money"}});
  const auto mail = add("mail", "0 0 1 1 *", "");
  const auto bonus = add("og-daily-bonus", "5 * * * *", "money");
  flood("mail", 50);
  await([&] { return mail->ran_for().size() == 3; });
  pass(5min);
  EXPECT_EQ(scheduler->running().size(), 3u);
  EXPECT_TRUE(bonus->ran_for().empty());
  let_go();
  turn_until([&] { return bonus->ran_for().size() == 1; });
}

TEST_F(WithQueues, AFullQueueLetsTheSchedulerRestUntilOneOfItEnds) {
  workers(4, 0, {{.name = "mail", .limit = 1}});
  const auto mail = add("mail", "0 0 1 1 *", "mail");
  flood("mail", 3);
  await([&] { return mail->ran_for().size() == 1; });
  // The next turn is the look for the lost, and not at once.
  EXPECT_GT(scheduler->turn(), clock.now());
  EXPECT_EQ(scheduler->running().size(), 1u);
  let_go();
  turn_until([&] { return mail->ran_for().size() == 3; });
}

TEST_F(WithQueues, WithOneWorkerNothingIsKeptAndEverythingRuns) {
  workers(1, 0, {{.name = "money", .reserved = 1}});
  const auto mail = add("mail", "0 0 1 1 *", "");
  flood("mail", 2);
  await([&] { return mail->ran_for().size() == 1; });
  let_go();
  turn_until([&] { return mail->ran_for().size() == 2; });
}

}  // namespace
}  // namespace hotclock
