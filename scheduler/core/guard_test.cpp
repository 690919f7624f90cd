#include "scheduler/core/guard.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant now = from_millis(1'795'611'900'000);

SlotFacts slot(Trigger trigger = Trigger::schedule) {
  return {{"og-daily-bonus", now, trigger, {}}, now, 0};
}
JobFacts running(int n) { return {.running = n, .running_execution = "0193"}; }
Policy overlapping(Overlap overlap, int max_running = 1) {
  Policy policy;
  policy.overlap = overlap;
  policy.max_running = max_running;
  return policy;
}

bool admitted(const Verdict& v) { return std::holds_alternative<Admit>(v); }
bool waits(const Verdict& v) { return std::holds_alternative<Wait>(v); }
std::string refusal(const Verdict& v) {
  const auto* why = std::get_if<Refusal>(&v);
  return why ? to_words(*why) : "";
}

TEST(Guard, LetsAnIdleJobRun) {
  for (const Overlap overlap : {Overlap::refuse, Overlap::wait, Overlap::replace, Overlap::allow})
    EXPECT_TRUE(admitted(judge(overlapping(overlap), {}, slot(), now)));
}

TEST(Guard, RefusesBesideARunningExecutionAndSaysWhich) {
  const Verdict verdict = judge(overlapping(Overlap::refuse), running(1), slot(), now);
  EXPECT_EQ(refusal(verdict), "execution 0193 is still running");
}

TEST(Guard, LetsCaughtUpSlotsWaitForEachOther) {
  EXPECT_TRUE(waits(judge(overlapping(Overlap::refuse), running(1), slot(Trigger::catch_up), now)));
  EXPECT_TRUE(waits(judge(overlapping(Overlap::refuse), running(1), slot(Trigger::backfill), now)));
}

TEST(Guard, MakesASlotWaitWhereTheRuleSaysSo) {
  EXPECT_TRUE(waits(judge(overlapping(Overlap::wait), running(1), slot(), now)));
}

TEST(Guard, ReplacesTheRunningExecution) {
  const Verdict verdict = judge(overlapping(Overlap::replace), running(1), slot(), now);
  ASSERT_TRUE(waits(verdict));
  EXPECT_TRUE(std::get<Wait>(verdict).cancel_running);
}

TEST(Guard, AllowsSoManySideBySide) {
  EXPECT_TRUE(admitted(judge(overlapping(Overlap::allow, 3), running(2), slot(), now)));
  EXPECT_TRUE(waits(judge(overlapping(Overlap::allow, 3), running(3), slot(), now)));
}

TEST(Guard, RefusesWhatAPersonMayNotHaveDoneAnyMore) {
  SlotFacts asked = slot(Trigger::manual);
  EXPECT_TRUE(admitted(judge({}, {}, asked, now)));
  asked.not_allowed = NotAllowed{"asha", "the token was revoked"};
  const Verdict verdict = judge({}, running(1), asked, now);
  EXPECT_EQ(refusal(verdict), "asha may not have it done any more: the token was revoked");
  EXPECT_EQ(kind_of(std::get<Refusal>(verdict)), "not_allowed");
}

TEST(Guard, RefusesWhatIsDisabledWhoeverAsks) {
  Policy policy;
  policy.enabled = false;
  policy.disabled_by = "HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED";
  EXPECT_EQ(refusal(judge(policy, {}, slot(), now)),
            "disabled by HOTCLOCK_JOBS__OG_DAILY_BONUS__ENABLED");
  EXPECT_NE(refusal(judge(policy, {}, slot(Trigger::manual), now)), "");
}

TEST(Guard, RefusesThePausedJobUntilThePauseEnds) {
  const JobFacts job{.pause = Pause{"asha", "wallet migration", now + 1h}};
  EXPECT_EQ(refusal(judge({}, job, slot(), now)),
            "paused by asha: wallet migration (until 2026-11-25T14:05:00Z)");
  EXPECT_TRUE(admitted(judge({}, job, slot(), now + 1h)));
}

TEST(Guard, LetsAPersonRunAPausedJob) {
  const JobFacts job{.pause = Pause{"asha", "wallet migration", {}}};
  EXPECT_TRUE(admitted(judge({}, job, slot(Trigger::manual), now)));
  EXPECT_FALSE(admitted(judge({}, job, slot(Trigger::schedule), now)));
}

TEST(Guard, RefusesWhatIsSwitchedOffWhoeverAsks) {
  JobFacts job{.off = SwitchedOff{"asha", "wallet migration", false}};
  EXPECT_EQ(refusal(judge({}, job, slot(), now)), "switched off by asha: wallet migration");
  EXPECT_FALSE(admitted(judge({}, job, slot(Trigger::manual), now)));
  EXPECT_EQ(kind_of(Refusal(*job.off)), "disabled");
  job.off->everything = true;
  EXPECT_EQ(refusal(judge({}, job, slot(), now)), "kill switch by asha: wallet migration");
  EXPECT_EQ(kind_of(Refusal(*job.off)), "kill_switch");
}

TEST(Guard, PutsASlotOffUntilTheEndOfMaintenance) {
  Policy policy;
  policy.maintenance.push_back({"tonight", Maintenance::Once{now - 1h, now + 1h}});
  const Verdict verdict = judge(policy, {}, slot(), now);
  ASSERT_TRUE(std::holds_alternative<Postpone>(verdict));
  EXPECT_EQ(std::get<Postpone>(verdict).until, now + 1h);
  EXPECT_EQ(std::get<Postpone>(verdict).why, "waits for the end of maintenance tonight");
  EXPECT_TRUE(admitted(judge(policy, {}, slot(Trigger::manual), now)));
  EXPECT_TRUE(admitted(judge(policy, {}, slot(), now + 1h)));
}

TEST(Guard, LetsSlotsThatWaitedForTheEndOfMaintenanceWaitForEachOther) {
  Policy policy;
  policy.maintenance.push_back({"tonight", Maintenance::Once{now - 1h, now + 1h}});
  EXPECT_TRUE(waits(judge(policy, running(1), slot(), now + 1h)));
}

TEST(Guard, OpensTheCircuitAfterFailuresInARowAndThenTriesOne) {
  Policy policy;
  policy.circuit = {.failures = 3, .pause = 10min};
  JobFacts job{.failures_in_a_row = 3, .last_failure = now};
  EXPECT_EQ(refusal(judge(policy, job, slot(), now + 9min)),
            "circuit open until 2026-11-25T13:15:00Z after 3 failures in a row");
  EXPECT_TRUE(admitted(judge(policy, job, slot(), now + 10min)));
  job.failures_in_a_row = 2;
  EXPECT_TRUE(admitted(judge(policy, job, slot(), now + 9min)));
}

TEST(Guard, TriesALostSlotAgainButNotForEver) {
  Policy policy;
  policy.retry.retries = 2;
  EXPECT_EQ(judge_loss(policy, 2), AfterLoss::again);
  EXPECT_EQ(judge_loss(policy, 3), AfterLoss::failed);
  policy.repeatable = false;
  EXPECT_EQ(judge_loss(policy, 1), AfterLoss::unknown);
}

}  // namespace
}  // namespace hotclock
