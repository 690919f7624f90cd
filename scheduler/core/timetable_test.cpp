#include "scheduler/core/timetable.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

Schedule schedule(const char* text) { return Schedule::parse(text).value(); }

CatchUpRule rule(CatchUp kind) { return {.kind = kind}; }

std::vector<DueSlot> due(const char* text, const CatchUpRule& rule, Instant entered_until, Instant now) {
  return due_slots(schedule(text), rule, entered_until, now, 100'000);
}

int missed(const std::vector<DueSlot>& slots) {
  int n = 0;
  for (const DueSlot& slot : slots) n += slot.missed;
  return n;
}

TEST(Timetable, NothingIsDueBeforeItsInstant) {
  EXPECT_TRUE(due("5 * * * *", rule(CatchUp::last), noon, noon + 5min - 1ms).empty());
  EXPECT_EQ(due("5 * * * *", rule(CatchUp::last), noon, noon + 5min).size(), 1u);
}

TEST(Timetable, ASlotThatIsALittleLateIsSimplyDue) {
  const auto slots = due("5 * * * *", rule(CatchUp::none), noon, noon + 6min);
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_FALSE(slots[0].missed);
  EXPECT_EQ(slots[0].trigger, Trigger::schedule);
  EXPECT_EQ(slots[0].scheduled_for, noon + 5min);
}

TEST(Timetable, CatchUpNoneMissesEveryLateSlotAndSaysSo) {
  const auto slots = due("*/5 * * * *", rule(CatchUp::none), noon, noon + 62min);
  EXPECT_EQ(slots.size(), 12u);
  EXPECT_EQ(missed(slots), 12);
  EXPECT_EQ(slots[0].reason, "no scheduler was there, and this job does not catch up");
}

TEST(Timetable, CatchUpLastWorksTheNewestAlone) {
  const auto slots = due("*/5 * * * *", rule(CatchUp::last), noon, noon + 62min);
  ASSERT_EQ(slots.size(), 12u);
  EXPECT_EQ(missed(slots), 11);
  EXPECT_FALSE(slots.back().missed);
  EXPECT_EQ(slots.back().trigger, Trigger::catch_up);
  EXPECT_EQ(slots.back().scheduled_for, noon + 60min);
}

TEST(Timetable, CatchUpLastNeedsNoLateSlotWhereOneIsOnTime) {
  const auto slots = due("*/5 * * * *", rule(CatchUp::last), noon, noon + 60min + 20s);
  ASSERT_EQ(slots.size(), 12u);
  EXPECT_EQ(missed(slots), 11);
  EXPECT_EQ(slots.back().trigger, Trigger::schedule);
}

TEST(Timetable, CatchUpAllWorksEverySlotOldestFirst) {
  const auto slots = due("5 0 * * *", rule(CatchUp::all), noon - 72h, noon);
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(missed(slots), 0);
  EXPECT_LT(slots[0].scheduled_for, slots[1].scheduled_for);
  EXPECT_EQ(slots[0].trigger, Trigger::catch_up);
}

TEST(Timetable, CatchUpAllIsBoundedByItsWindow) {
  CatchUpRule bounded = rule(CatchUp::all);
  bounded.window = 48h;
  const auto slots = due("5 0 * * *", bounded, noon - 10 * 24h, noon);
  ASSERT_EQ(slots.size(), 10u);
  EXPECT_EQ(missed(slots), 8);
  EXPECT_EQ(slots[0].reason, "no scheduler was there; older than the catch-up window of 2 d");
}

TEST(Timetable, CatchUpAllIsBoundedByItsCount) {
  CatchUpRule bounded = rule(CatchUp::all);
  bounded.max_slots = 3;
  const auto slots = due("5 * * * *", bounded, noon - 10h, noon);
  ASSERT_EQ(slots.size(), 10u);
  EXPECT_EQ(missed(slots), 7);
  EXPECT_FALSE(slots[7].missed);
  EXPECT_EQ(slots[0].reason, "no scheduler was there; catch-up works the newest 3 slots");
}

TEST(Timetable, CatchUpIsSpread) {
  CatchUpRule spread = rule(CatchUp::all);
  spread.spacing = 10s;
  const auto slots = due("5 0 * * *", spread, noon - 72h, noon);
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].available_at, noon);
  EXPECT_EQ(slots[2].available_at, noon + 20s);
}

TEST(Timetable, AVeryLongAbsenceIsSummedUpAndNothingIsForgotten) {
  Instant entered_until = noon - 365 * 24h;
  const auto slots =
      due_slots(schedule("* * * * *"), rule(CatchUp::last), entered_until, noon + 90s, 100'000);
  ASSERT_EQ(slots.size(), static_cast<std::size_t>(most_missed) + 2);
  EXPECT_EQ(slots[0].scheduled_for, noon - 365 * 24h + 1min);
  const int further = 365 * 24 * 60 + 1 - most_missed - 2;
  EXPECT_NE(slots[0].reason.find("stands for " + std::to_string(further) + " further slots"),
            std::string::npos)
      << slots[0].reason;
  EXPECT_EQ(entered_until, noon + 1min);
}

TEST(Timetable, GivesAnAbsenceOutInSlicesWithoutLoss) {
  Instant entered_until = noon;
  const Schedule every_five = schedule("*/5 * * * *");
  std::vector<DueSlot> all;
  for (;;) {
    auto slice = due_slots(every_five, rule(CatchUp::last), entered_until, noon + 62min, 5);
    if (slice.empty()) break;
    EXPECT_LE(slice.size(), 5u);
    all.insert(all.end(), slice.begin(), slice.end());
  }
  EXPECT_EQ(all.size(), 12u);
  EXPECT_EQ(missed(all), 11);
}

class TimetableOfMany : public ::testing::Test {
 protected:
  void add(Timetable::Row row, const char* text) { table.add(row, schedule(text), last, noon); }

  const CatchUpRule last = rule(CatchUp::last);
  Timetable table;
};

TEST_F(TimetableOfMany, TheEarliestComesFirst) {
  add(0, "30 * * * *");
  add(1, "10 * * * *");
  EXPECT_EQ(table.next(), noon + 10min);
  const auto due = table.due(noon + 30min, 100);
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].row, 1u);
  EXPECT_EQ(due[1].row, 0u);
  EXPECT_EQ(table.next(), noon + 70min);
}

TEST_F(TimetableOfMany, WhatIsGivenOutIsNotGivenOutAgainEvenWhenTheClockGoesBack) {
  add(0, "*/10 * * * *");
  EXPECT_EQ(table.due(noon + 10min, 100).size(), 1u);
  EXPECT_TRUE(table.due(noon + 10min, 100).empty());
  EXPECT_TRUE(table.due(noon - 1h, 100).empty());
  EXPECT_EQ(table.due(noon + 20min, 100).size(), 1u);
}

TEST_F(TimetableOfMany, ARemovedScheduleIsNeverDue) {
  add(0, "10 * * * *");
  add(1, "20 * * * *");
  table.remove(0);
  EXPECT_EQ(table.next(), noon + 20min);
  EXPECT_EQ(table.due(noon + 2h, 100).front().row, 1u);
}

TEST_F(TimetableOfMany, AReplacedScheduleIsDueByItsNewTextOnly) {
  add(0, "10 * * * *");
  add(0, "45 * * * *");
  EXPECT_EQ(table.next(), noon + 45min);
  EXPECT_EQ(table.due(noon + 45min, 100).size(), 1u);
}

TEST_F(TimetableOfMany, AScheduleReplacedByItsLikeIsDueOnce) {
  add(0, "10 * * * *");
  add(0, "10 * * * *");
  table.remove(0);
  add(0, "10 * * * *");
  EXPECT_EQ(table.due(noon + 10min, 100).size(), 1u);
  EXPECT_EQ(table.due(noon + 70min, 100).size(), 1u);
}

TEST_F(TimetableOfMany, AScheduleThatIsNeverDueCostsNothing) {
  add(0, "0 0 30 2 *");
  EXPECT_EQ(table.next(), std::nullopt);
}

TEST_F(TimetableOfMany, ManyDueAtOnceComeInSlices) {
  for (Timetable::Row row = 0; row < 50; ++row) add(row, "10 * * * *");
  std::size_t total = 0;
  for (auto slice = table.due(noon + 10min, 20); !slice.empty(); slice = table.due(noon + 10min, 20)) {
    EXPECT_LE(slice.size(), 20u);
    total += slice.size();
  }
  EXPECT_EQ(total, 50u);
}

}  // namespace
}  // namespace hotclock
