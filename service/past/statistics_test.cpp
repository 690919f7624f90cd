#include "service/past/statistics.h"

#include "service/ledger/retention.h"
#include "service/past/past_support.h"

namespace hotclock::past {
namespace {

using std::chrono::days;

const Instant monday = from_millis(1'790'553'600'000);  // 2026-09-28T00:00Z

class StatisticsTest : public PastFixture {
 protected:
  Statistics of(const std::string& job, Instant since, Instant until, Step step = Step::day) {
    return must(statistics(db(), job, since, until, step));
  }
};

TEST_F(StatisticsTest, TellHowSlotsEndedHowLongTheyTookAndHowLateTheyBegan) {
  for (int i = 1; i <= 100; ++i)
    ended(
        "pay", monday + i * 1min,
        {.end = i % 10 == 0 ? End::failed : End::completed, .late = Duration{i}, .took = i * 10ms});
  ended("rank", monday, {.took = 1h});
  const auto found = of("pay", monday, monday + days{1});
  EXPECT_EQ(found.all.slots(), 100);
  EXPECT_EQ(found.all.of(End::failed), 10);
  EXPECT_EQ(found.all.of(End::completed), 90);
  EXPECT_EQ(found.all.lateness.percentile(0.5), 50);
  EXPECT_EQ(found.all.lateness.percentile(0.99), 99);
  EXPECT_NEAR(static_cast<double>(found.all.durations.percentile(0.9)), 900, 9);
  EXPECT_FALSE(found.counted_from);
}

TEST_F(StatisticsTest, TellTrendsByDayAndByWeek) {
  for (int day = -1; day < 9; ++day)
    for (int i = 0; i <= day + 1; ++i) ended("pay", monday + days{day} + i * 1h);
  const auto daily = of("pay", monday, monday + days{9});
  ASSERT_EQ(daily.periods.size(), 9u);
  EXPECT_EQ(daily.periods[0].begins, monday);
  EXPECT_EQ(daily.periods[0].figures.slots(), 2);
  EXPECT_EQ(daily.periods[8].figures.slots(), 10);
  const auto weekly = of("pay", monday - days{7}, monday + days{9}, Step::week);
  ASSERT_EQ(weekly.periods.size(), 3u);
  EXPECT_EQ(weekly.periods[0].begins, monday - days{7});
  EXPECT_EQ(weekly.periods[0].figures.slots(), 1);
  EXPECT_EQ(weekly.periods[1].figures.slots(), 2 + 3 + 4 + 5 + 6 + 7 + 8);
}

TEST_F(StatisticsTest, WhatWasNotWorkedHasNoDuration) {
  worker().job("pay").enabled = false;
  worker().enters("pay", monday);
  worker().claims(1, monday);
  const auto found = of("pay", monday, monday + days{1});
  EXPECT_EQ(found.all.of(End::refused), 1);
  EXPECT_EQ(found.all.durations.count(), 0);
  EXPECT_EQ(found.all.lateness.count(), 0);
}

TEST_F(StatisticsTest, AreTheSameFromSlotsFromDaysAndFromDaysWhoseSlotsAreForgotten) {
  for (int i = 0; i < 60; ++i)
    ended(
        "pay", monday + i * 2h,
        {.end = i % 7 == 0 ? End::timed_out : End::completed, .late = i * 3ms, .took = i * 777ms});
  const Instant now = monday + days{6};
  const auto as_text = [&] {
    const auto found = of("pay", monday, now);
    std::string text = found.all.durations.text() + "|" + found.all.lateness.text();
    for (const Period& period : found.periods)
      text += "|" + to_string(period.begins) + " " + std::to_string(period.figures.slots()) + " " +
              std::to_string(period.figures.of(End::timed_out));
    return text;
  };
  const std::string from_slots = as_text();
  EXPECT_EQ(must(sum_up_days(db(), now)), 5);
  EXPECT_EQ(as_text(), from_slots);
  EXPECT_EQ(must(sum_up_days(db(), now)), 0);
  const Instant sealed = must(seal_days(db(), monday + days{3}, now));
  EXPECT_EQ(sealed, monday + days{3});
  EXPECT_EQ(must(ledger::trim_history(
                db(), {.ended_before = now, .keep_per_job = 1, .due_before = sealed})),
            36);
  EXPECT_EQ(as_text(), from_slots);
}

TEST_F(StatisticsTest, WhatCameLateCountsFromTheSealOn) {
  ended("pay", monday);
  ended("pay", monday + days{2});
  const Instant now = monday + days{5};
  must(sum_up_days(db(), now));
  ended("pay", monday + 1h);            // into a day that is summed up
  ended("pay", monday + days{1} + 1h);  // into one that had no slots
  must(seal_days(db(), monday + days{3}, now));
  const auto found = of("pay", monday, now);
  ASSERT_EQ(found.periods.size(), 3u);
  EXPECT_EQ(found.periods[0].figures.slots(), 2);
  EXPECT_EQ(found.periods[1].figures.slots(), 1);
  must(ledger::trim_history(
      db(), {.ended_before = now, .keep_per_job = 0, .due_before = monday + days{3}}));
  must(sum_up_days(db(), now));
  must(seal_days(db(), monday + days{3}, now));
  EXPECT_EQ(of("pay", monday, now).all.slots(), 4);
}

TEST_F(StatisticsTest, ADayIsSummedUpOnlyOnceItHasBeenOverForADay) {
  ended("pay", monday);
  EXPECT_EQ(must(sum_up_days(db(), monday + days{2} - 1s)), 0);
  EXPECT_EQ(must(seal_days(db(), monday + days{9}, monday + days{1} + 1h)), monday);
  EXPECT_EQ(must(sum_up_days(db(), monday + days{2})), 1);
}

TEST_F(StatisticsTest, DaysAreForgottenInTheirTurn) {
  ended("pay", monday);
  ended("pay", monday + days{1});
  must(sum_up_days(db(), monday + days{9}));
  EXPECT_EQ(must(forget_days(db(), monday + days{1})), 1);
  EXPECT_EQ(number("SELECT count(*) FROM job_days"), 1);
}

TEST_F(StatisticsTest, OfAJobThatNeverWasAreAnError) {
  EXPECT_EQ(statistics(db(), "nobody", monday, monday + days{1}, Step::day).error().code(),
            Errc::not_found);
}

}  // namespace
}  // namespace hotclock::past
