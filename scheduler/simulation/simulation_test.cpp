#include "scheduler/simulation/simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

// Five past midnight of 25 November 2026 in Sydney.
constexpr Instant five_past = from_millis(1'795'525'500'000);

SimulatedJob job(std::string name, const std::string& schedule, Duration lasts, Policy policy = {},
                 const std::string& zone = "UTC") {
  return {.name = std::move(name),
          .schedule = *Schedule::parse(schedule, {.zone = zone}),
          .policy = std::make_shared<Policy>(std::move(policy)),
          .durations = {lasts}};
}

Policy in_queue(std::string name, int priority = 0) {
  Policy policy;
  policy.queue = std::move(name);
  policy.priority = priority;
  return policy;
}

// Many may run at once, and no slot is refused for that.
Policy side_by_side(std::string queue = {}) {
  Policy policy = in_queue(std::move(queue));
  policy.overlap = Overlap::allow;
  policy.max_running = 1000;
  policy.soft_limit = 24h;
  return policy;
}

Plan five_jobs(Duration span) {
  Policy waits;
  waits.overlap = Overlap::wait;
  Policy money = waits;
  money.queue = "money";
  money.priority = 10;
  return {
      .jobs = {job("og-daily-bonus", "5 0 * * *", 40s, money, "Australia/Sydney"),
               job("throne-expiry", "*/5 * * * *", 2s, waits),
               job("festival-activation", "0 * * * *", 1s, waits),
               job("stream-ranking", "*/10 * * * *", 5s), job("trust-score", "*/30 * * * *", 90s)},
      .queues = {{.name = "money", .reserved = 1}},
      .from = five_past - 5min,
      .to = five_past - 5min + span};
}

Simulated simulated(const Plan& plan) {
  auto told = simulate(plan);
  EXPECT_TRUE(told) << (told ? "" : told.error().message());
  return told ? std::move(told).value() : Simulated{};
}

const SimulatedJobReport& of(const Simulated& told, std::string_view job) {
  return *std::ranges::find(told.jobs, job, &SimulatedJobReport::job);
}

// ---------------------------------------------------------------- the proof that nothing delays
// the bonus

// A hundred thousand slots that each take half a minute are asked for a second before the bonus is
// due.
Plan flooded(Policy bonus, std::vector<QueueRule> queues) {
  return {.jobs = {job("og-daily-bonus", "5 0 * * *", 40s, std::move(bonus), "Australia/Sydney"),
                   job("mail", "0 0 1 1 *", 30s, side_by_side())},
          .crowds = {{.job = "mail", .at = five_past - 1s, .count = 100'000}},
          .queues = std::move(queues),
          .from = five_past - 1min,
          .to = five_past + 10min};
}

TEST(Simulation, WithAWorkerKeptForItAFloodDelaysTheBonusByNothing) {
  const auto told = simulated(flooded(in_queue("money"), {{.name = "money", .reserved = 1}}));
  EXPECT_EQ(of(told, "og-daily-bonus").completed, 1);
  EXPECT_LT(of(told, "og-daily-bonus").lateness.worst, 1s);
  EXPECT_GT(of(told, "mail").completed, 50);  // and the flood goes on beside it
}

TEST(Simulation, WithoutOneTheBonusWaitsForAnExecutionOfTheFlood) {
  const auto told = simulated(flooded(in_queue("money"), {{.name = "money"}}));
  EXPECT_GE(of(told, "og-daily-bonus").lateness.worst, 25s);
  EXPECT_LE(of(told, "og-daily-bonus").lateness.worst, 30s);
}

TEST(Simulation, InTheSameQueueAndWithoutPriorityTheBonusWaitsForTheWholeFlood) {
  const auto told = simulated(flooded({}, {}));
  EXPECT_EQ(of(told, "og-daily-bonus").waiting, 1);
  EXPECT_EQ(of(told, "og-daily-bonus").attempts, 0);
}

TEST(Simulation, OnEveryNodeOfAClusterAWorkerIsKept) {
  Plan plan = flooded(in_queue("money"), {{.name = "money", .reserved = 1}});
  plan.nodes = 3;
  const auto told = simulated(plan);
  EXPECT_LT(of(told, "og-daily-bonus").lateness.worst, 1s);
  EXPECT_EQ(told.most_running, 3 * 3 + 1);
}

// ---------------------------------------------------------------- bounds on starvation

// Two floods that never end; the small one has a tenth of the weights.
TEST(Simulation, AQueueOfSmallWeightHasItsShareOfTheClaims) {
  const Plan plan{.jobs = {job("large", "0 0 1 1 *", 1s, side_by_side("large")),
                           job("small", "0 0 1 1 *", 1s, side_by_side("small"))},
                  .crowds = {{.job = "large", .at = five_past, .count = 20'000},
                             {.job = "small", .at = five_past, .count = 20'000}},
                  .queues = {{.name = "large", .weight = 9}, {.name = "small", .weight = 1}},
                  .from = five_past,
                  .to = five_past + 10min};
  const auto told = simulated(plan);
  const double claims =
      static_cast<double>(of(told, "large").attempts + of(told, "small").attempts);
  EXPECT_GE(static_cast<double>(of(told, "small").attempts), (claims - 1) / 10 - 1);
  EXPECT_GE(static_cast<double>(of(told, "large").attempts), (claims - 1) * 9 / 10 - 1);
}

// High slots come for ever, faster than they are worked; a low one is preceded by those alone that
// came within (10 - 0) minutes after it.
TEST(Simulation, ALowSlotIsPrecededOnlyByWhatCameBeforeItsAgeOutweighsTheirPriority) {
  Policy high = side_by_side();
  high.priority = 10;
  Plan plan{
      .jobs = {job("high", "* * * * * *", 2s, high), job("low", "0 0 1 1 *", 2s, side_by_side())},
      .crowds = {{.job = "low", .at = five_past, .count = 1}},
      .workers = 1,
      .from = five_past,
      .to = five_past + 30min};
  const auto told = simulated(plan);
  ASSERT_EQ(of(told, "low").attempts, 1);
  // 600 high slots of ten minutes at two seconds each, and one that had begun.
  EXPECT_LE(of(told, "low").lateness.worst, 600 * 2s + 2s);
  EXPECT_GE(of(told, "low").lateness.worst, 600 * 2s - 2s);
}

// ---------------------------------------------------------------- what is told

TEST(Simulation, ADayOfTheFiveJobsCountsEachOfTheirSlots) {
  const auto told = simulated(five_jobs(24h));
  EXPECT_EQ(of(told, "og-daily-bonus").due, 1);
  EXPECT_EQ(of(told, "throne-expiry").due, 288);
  EXPECT_EQ(of(told, "festival-activation").due, 24);
  EXPECT_EQ(of(told, "stream-ranking").due, 144);
  EXPECT_EQ(of(told, "trust-score").due, 48);
  for (const SimulatedJobReport& one : told.jobs) {
    EXPECT_EQ(one.completed + one.running, one.due) << one.job;
    EXPECT_EQ(one.waiting, 0) << one.job;
  }
  EXPECT_EQ(told.load.size(), 24u * 60);
  EXPECT_EQ(of(told, "trust-score").beside.at("throne-expiry"), 48);
  EXPECT_EQ(of(told, "trust-score").beside.count("trust-score"), 0u);
}

TEST(Simulation, TheSamePlanGivesTheSameAnswer) {
  Plan plan = five_jobs(24h);
  for (SimulatedJob& one : plan.jobs) {
    one.durations = {1s, 20s, 9min};
    one.failure_rate = 0.2;
  }
  const auto once = simulated(plan), again = simulated(plan);
  for (std::size_t i = 0; i < once.jobs.size(); ++i) {
    EXPECT_EQ(once.jobs[i].attempts, again.jobs[i].attempts);
    EXPECT_EQ(once.jobs[i].lateness.worst, again.jobs[i].lateness.worst);
  }
  EXPECT_EQ(once.mean_running, again.mean_running);
  plan.seed = 2;
  EXPECT_NE(simulated(plan).mean_running, once.mean_running);
}

TEST(Simulation, AJobThatOutlastsItsIntervalIsRefusedByItsOverlapRule) {
  const Plan plan{.jobs = {job("rank", "*/10 * * * *", 12min,
                               [] {
                                 Policy policy;
                                 policy.soft_limit = 1h;
                                 return policy;
                               }())},
                  .from = five_past,
                  .to = five_past + 1h};
  const auto& rank = of(simulated(plan), "rank");
  EXPECT_EQ(rank.due, 6);
  EXPECT_EQ(rank.refused.at("held"), 3);
}

TEST(Simulation, ReplacedExecutionsAreCutShort) {
  Policy policy;
  policy.overlap = Overlap::replace;
  policy.soft_limit = 1h;
  const Plan plan{.jobs = {job("rank", "*/10 * * * *", 12min, policy)},
                  .nodes = 2,
                  .from = five_past,
                  .to = five_past + 1h};
  const auto told = simulated(plan);
  EXPECT_EQ(of(told, "rank").cancelled, 5);
  EXPECT_EQ(told.most_running, 1);
}

TEST(Simulation, WhatFailsIsTriedAgainByItsRule) {
  Policy policy;
  policy.retry = {.retries = 2, .first_delay = 1min, .backoff = Backoff::fixed};
  Plan plan{.jobs = {job("rank", "0 * * * *", 10s, policy)},
            .from = five_past - 5min,
            .to = five_past + 50min};
  plan.jobs[0].failure_rate = 1;
  const auto& rank = of(simulated(plan), "rank");
  EXPECT_EQ(rank.attempts, 3);
  EXPECT_EQ(rank.failed, 1);
}

TEST(Simulation, WhatLastsTooLongIsStoppedAtItsLimit) {
  Policy policy;
  policy.soft_limit = 1min;
  const auto& rank = of(simulated({.jobs = {job("rank", "0 * * * *", 10min, policy)},
                                   .from = five_past - 5min,
                                   .to = five_past + 50min}),
                        "rank");
  EXPECT_EQ(rank.timed_out, 1);
}

TEST(Simulation, TellsHowOftenALimitWasMet) {
  Plan plan{.jobs = {job("mail", "0 * * * *", 10s, side_by_side("mail"))},
            .crowds = {{.job = "mail", .at = five_past, .count = 6}},
            .queues = {{.name = "mail", .limit = 2}},
            .from = five_past - 1min,
            .to = five_past + 5min};
  const auto told = simulated(plan);
  const auto& mail = told.queues.at(1);
  EXPECT_EQ(mail.rule.name, "mail");
  EXPECT_EQ(mail.most_running, 2);
  EXPECT_EQ(mail.limit_met, 3);
  EXPECT_EQ(told.held_up, 4);
  EXPECT_EQ(of(told, "mail").lateness.worst, 20s);
}

TEST(Simulation, TellsTheLoadOfEachMinute) {
  const auto told = simulated(
      {.jobs = {job("rank", "5 * * * *", 90s)}, .from = five_past - 1min, .to = five_past + 2min});
  ASSERT_EQ(told.load.size(), 3u);
  EXPECT_EQ(told.load[0].most, 0);
  EXPECT_EQ(told.load[1].most, 1);
  EXPECT_DOUBLE_EQ(told.load[1].mean, 1);
  EXPECT_DOUBLE_EQ(told.load[2].mean, 0.5);
  EXPECT_DOUBLE_EQ(told.mean_running, 0.5);
}

TEST(Simulation, RefusesAPlanThatCannotBe) {
  Plan plan = five_jobs(0h);
  EXPECT_NE(simulate(plan).error().message().find("the time to simulate is empty"),
            std::string::npos);
  plan = five_jobs(1h);
  plan.crowds = {{.job = "nobody", .at = five_past}};
  EXPECT_NE(simulate(plan).error().message().find("no job named nobody"), std::string::npos);
  plan = five_jobs(1h);
  plan.queues[0].reserved = 4;
  EXPECT_NE(simulate(plan).error().message().find("of 4 workers 4"), std::string::npos);
}

}  // namespace
}  // namespace hotclock
