#include "service/app/scheduler_metrics.h"

#include <gtest/gtest.h>

namespace hotclock::app {
namespace {

using namespace std::chrono_literals;

const Instant due = from_millis(1'795'565'100'000);
const Uuid execution = *Uuid::parse("0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a");

struct SchedulerMetricsTest : testing::Test {
  metrics::Metrics numbers;
  SchedulerMetrics counted{numbers, settings()};

  static config::Config settings() {
    config::Config out;
    Policy money;
    money.queue = "money";
    out.queues.push_back({.name = "money"});
    out.jobs.push_back({.name = "og-daily-bonus",
                        .schedule = Schedule::parse("5 0 * * *").value(),
                        .policy = std::make_shared<Policy>(money),
                        .settings = config::Section::parse("")});
    return out;
  }
  static std::shared_ptr<Permit> permit(const std::string& job = "og-daily-bonus") {
    return std::make_shared<Permit>(Slot{job, due}, 1, execution, 7, 2, Steady{});
  }
  static Ending ending(Follow follow, std::string outcome) {
    Ending out;
    out.permit = permit();
    out.started_at = due;
    out.ended_at = due + 4200ms;
    out.follow = std::move(follow);
    out.outcome = std::move(outcome);
    return out;
  }
  // The number behind this name and these labels, "-" where there is none.
  std::string number(const std::string& series) const {
    const std::string text = '\n' + numbers.text();
    const auto at = text.find('\n' + series + ' ');
    if (at == text.npos) return "-";
    const auto from = at + series.size() + 2;
    return text.substr(from, text.find('\n', from) - from);
  }
};

TEST_F(SchedulerMetricsTest, EachJobIsThereAtZeroBeforeAnythingHappened) {
  EXPECT_EQ(number("hotclock_slots_ended_total{end=\"failed\",job=\"og-daily-bonus\"}"), "0");
  EXPECT_EQ(
      number("hotclock_executions_started_total{job=\"history-retention\",trigger=\"manual\"}"),
      "0");
  EXPECT_EQ(number("hotclock_execution_duration_seconds_count{job=\"og-daily-bonus\"}"), "0");
  EXPECT_EQ(number("hotclock_slot_start_delay_seconds_count{queue=\"money\"}"), "0");
  EXPECT_EQ(number("hotclock_executions_running{queue=\"default\"}"), "0");
}

TEST_F(SchedulerMetricsTest, AnExecutionRunsUntilItIsRecorded) {
  counted.on(Started{permit(), 30ms});
  EXPECT_EQ(number("hotclock_executions_running{queue=\"money\"}"), "1");
  EXPECT_EQ(number("hotclock_slot_start_delay_seconds_bucket{queue=\"money\",le=\"0.025\"}"), "0");
  EXPECT_EQ(number("hotclock_slot_start_delay_seconds_bucket{queue=\"money\",le=\"0.05\"}"), "1");
  Ending partial = ending(Ends{End::completed_with_errors}, "completed_with_errors");
  partial.set_aside_total = 3;
  partial.peak_memory = 1 << 20;
  counted.on(Recorded{partial});
  EXPECT_EQ(number("hotclock_executions_running{queue=\"money\"}"), "0");
  EXPECT_EQ(number("hotclock_executions_ended_total{job=\"og-daily-bonus\",outcome=\"completed_"
                   "with_errors\"}"),
            "1");
  EXPECT_EQ(
      number("hotclock_slots_ended_total{end=\"completed_with_errors\",job=\"og-daily-bonus\"}"),
      "1");
  EXPECT_EQ(number("hotclock_records_set_aside_total{job=\"og-daily-bonus\"}"), "3");
  EXPECT_EQ(number("hotclock_execution_peak_memory_bytes{job=\"og-daily-bonus\"}"), "1048576");
  EXPECT_EQ(number("hotclock_execution_duration_seconds_sum{job=\"og-daily-bonus\"}"), "4.2");
}

TEST_F(SchedulerMetricsTest, AnAttemptThatIsTriedAgainEndsNoSlot) {
  counted.on(Recorded{ending(TriesAgain{due + 5min}, "failed")});
  EXPECT_EQ(number("hotclock_execution_retries_total{job=\"og-daily-bonus\"}"), "1");
  EXPECT_EQ(number("hotclock_executions_ended_total{job=\"og-daily-bonus\",outcome=\"failed\"}"),
            "1");
  EXPECT_EQ(number("hotclock_slots_ended_total{end=\"failed\",job=\"og-daily-bonus\"}"), "0");
}

TEST_F(SchedulerMetricsTest, SlotsThatNobodyWorkedEndToo) {
  counted.on(RefusedSlot{Refused{{"og-daily-bonus", due}, Paused{}}});
  counted.on(MissedSlots{"og-daily-bonus", due, due + 24h, 2, "nobody was there"});
  EXPECT_EQ(number("hotclock_slots_refused_total{job=\"og-daily-bonus\",reason=\"paused\"}"), "1");
  EXPECT_EQ(number("hotclock_slots_ended_total{end=\"refused\",job=\"og-daily-bonus\"}"), "1");
  EXPECT_EQ(number("hotclock_slots_ended_total{end=\"missed\",job=\"og-daily-bonus\"}"), "2");
}

TEST_F(SchedulerMetricsTest, ALostLeaseIsToldApartFromAnOldFence) {
  counted.on(LostLease{permit()});
  EXPECT_EQ(number("hotclock_leases_lost_total{job=\"og-daily-bonus\"}"), "1");
  EXPECT_EQ(number("hotclock_fences_rejected_total{job=\"og-daily-bonus\"}"), "0");
  counted.on(LostLease{permit(), true});
  EXPECT_EQ(number("hotclock_leases_lost_total{job=\"og-daily-bonus\"}"), "2");
  EXPECT_EQ(number("hotclock_fences_rejected_total{job=\"og-daily-bonus\"}"), "1");
}

TEST_F(SchedulerMetricsTest, ChunksCountRowsOnlyWhereTheyStand) {
  const auto held = permit();
  counted.on(work::ChunkEnd{.permit = *held, .done = 500});
  const Error old(Errc::lease_lost, "gone");
  counted.on(work::ChunkEnd{.permit = *held, .done = 500, .why = &old});
  EXPECT_EQ(number("hotclock_rows_touched_total{job=\"og-daily-bonus\"}"), "500");
  EXPECT_EQ(number("hotclock_chunks_total{job=\"og-daily-bonus\",outcome=\"committed\"}"), "1");
  EXPECT_EQ(number("hotclock_chunks_total{job=\"og-daily-bonus\",outcome=\"fenced_off\"}"), "1");
  EXPECT_EQ(number("hotclock_fences_rejected_total{job=\"og-daily-bonus\"}"), "1");
}

TEST_F(SchedulerMetricsTest, TheLedgerIsUpUntilItFails) {
  EXPECT_EQ(number("hotclock_ledger_up"), "1");
  const Error away(Errc::unavailable, "away");
  counted.on(LedgerFailed{away});
  EXPECT_EQ(number("hotclock_ledger_up"), "0");
  counted.on(LedgerBack{3s});
  EXPECT_EQ(number("hotclock_ledger_up"), "1");
  EXPECT_EQ(number("hotclock_ledger_failures_total"), "1");
}

TEST_F(SchedulerMetricsTest, AFloodOfJobsIsNoFloodOfSeries) {
  for (std::size_t i = 0; i < 2 * most_jobs_told_apart; ++i)
    counted.on(MissedSlots{"job-" + std::to_string(i), due, due, 1, ""});
  std::size_t told = 0;
  const std::string text = numbers.text();
  for (auto at = text.find("end=\"missed\""); at != text.npos;
       at = text.find("end=\"missed\"", at + 1))
    ++told;
  EXPECT_EQ(told, most_jobs_told_apart + 1);
  EXPECT_EQ(number("hotclock_slots_ended_total{end=\"missed\",job=\"_other\"}"),
            std::to_string(most_jobs_told_apart + 2));
}

}  // namespace
}  // namespace hotclock::app
