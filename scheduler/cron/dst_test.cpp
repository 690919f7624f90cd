// Gaps and overlaps: what each rule does, by example, and for every change of every zone.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "scheduler/cron/naive_support.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

constexpr DstRule kRules[] = {DstRule::vixie, DstRule::ocps, DstRule::single_value};

std::int64_t second(std::string_view utc) { return wall_seconds(parse_civil(utc).value()); }

std::vector<std::string> clocks(const std::vector<std::int64_t>& seconds) {
  std::vector<std::string> out;
  for (std::int64_t s : seconds) out.push_back(to_string(from_millis(s * 1000)).substr(11, 5));
  return out;
}

using Clocks = std::vector<std::string>;

Clocks due_in(std::string_view expression, std::string_view zone, std::string_view from,
              std::string_view to, DstRule rule = DstRule::vixie) {
  const Schedule s = Schedule::parse(expression, {.zone = zone, .dst = rule}).value();
  return clocks(due(s, second(from), second(to)));
}

// The gap of New York in 2026, which ends at 07:00 UTC, and its overlap, 05:00 to 07:00 UTC.
Clocks in_gap(std::string_view expression, DstRule rule = DstRule::vixie) {
  return due_in(expression, "America/New_York", "2026-03-08T06:00", "2026-03-08T08:00", rule);
}
Clocks in_overlap(std::string_view expression, DstRule rule = DstRule::vixie) {
  return due_in(expression, "America/New_York", "2026-11-01T05:00", "2026-11-01T07:00", rule);
}

TEST(DstTest, VixieMakesUpForAFixedTimeAtTheEndOfTheGap) {
  EXPECT_EQ(in_gap("30 2 * * *"), Clocks({"07:00"}));
  EXPECT_EQ(in_gap("30 1-3 * * *"), Clocks({"06:30", "07:00", "07:30"}));
}

TEST(DstTest, SeveralFixedTimesInAGapRunOnceAtItsEnd) {
  EXPECT_EQ(in_gap("0,30 2 * * *"), Clocks({"07:00"}));
  EXPECT_EQ(in_gap("30 2,3 * * *"), Clocks({"07:00", "07:30"}));
  EXPECT_EQ(in_gap("0 2,3 * * *"), Clocks({"07:00"}));
}

TEST(DstTest, VixieLeavesOutAWildcardTimeInTheGap) {
  EXPECT_EQ(in_gap("*/15 2 * * *"), Clocks());
  EXPECT_EQ(in_gap("0 */2 * * *"), Clocks());
  EXPECT_EQ(in_gap("*/30 * * * *"), Clocks({"06:00", "06:30", "07:00", "07:30"}));
}

TEST(DstTest, VixieRunsAFixedTimeAtTheFirstOfTwo) {
  EXPECT_EQ(in_overlap("30 1 * * *"), Clocks({"05:30"}));
  EXPECT_EQ(in_overlap("30 1-3 * * *"), Clocks({"05:30"}));
}

TEST(DstTest, VixieRunsAWildcardTimeInBothPasses) {
  EXPECT_EQ(in_overlap("30 * * * *"), Clocks({"05:30", "06:30"}));
  EXPECT_EQ(in_overlap("*/30 1 * * *"), Clocks({"05:00", "05:30", "06:00", "06:30"}));
}

TEST(DstTest, OcpsLeavesOutGapsAndSecondPassesForAll) {
  EXPECT_EQ(in_gap("30 2 * * *", DstRule::ocps), Clocks());
  EXPECT_EQ(in_overlap("30 1 * * *", DstRule::ocps), Clocks({"05:30"}));
  EXPECT_EQ(in_overlap("*/30 * * * *", DstRule::ocps), Clocks({"05:00", "05:30"}));
}

TEST(DstTest, SingleValueTakesOneTimeADayAsFixedAndAListAsNot) {
  EXPECT_EQ(in_gap("30 2 * * *", DstRule::single_value), Clocks({"07:00"}));
  EXPECT_EQ(in_gap("0,30 2 * * *", DstRule::single_value), Clocks());
  EXPECT_EQ(in_overlap("30 1 * * *", DstRule::single_value), Clocks({"05:30"}));
  EXPECT_EQ(in_overlap("0,30 1 * * *", DstRule::single_value),
            Clocks({"05:00", "05:30", "06:00", "06:30"}));
}

TEST(DstTest, AGivenStarInSecondsIsAWildcardToo) {
  EXPECT_EQ(in_gap("*/30 30 2 * * *").size(), 0u);
  EXPECT_EQ(in_gap("15 30 2 * * *").size(), 1u);
}

TEST(DstTest, HalfAnHourAndTwoHoursAreShiftsLikeAnyOther) {
  EXPECT_EQ(due_in("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T15:00", "2026-10-03T17:00"),
            Clocks({"15:30"}));
  EXPECT_EQ(due_in("*/15 * * * *", "Australia/Lord_Howe", "2026-10-03T15:15", "2026-10-03T16:00"),
            Clocks({"15:15", "15:30", "15:45"}));
  EXPECT_EQ(due_in("30 2 * * *", "Antarctica/Troll", "2026-03-29T00:00", "2026-03-29T03:00"),
            Clocks({"01:00"}));
}

TEST(DstTest, AMidnightGapLosesNoDay) {
  EXPECT_EQ(due_in("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00", "2026-04-24T12:00"),
            Clocks({"22:00"}));
  EXPECT_EQ(due_in("0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00", "2018-11-04T12:00"),
            Clocks({"03:00"}));
}

TEST(DstTest, ADayThatNeverWasIsACorrectionToVixieAndAGapToSingleValue) {
  EXPECT_EQ(due_in("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00", "2011-12-31T00:00"),
            Clocks({"22:00"}));
  EXPECT_EQ(due_in("0 12 * * *", "Pacific/Apia", "2011-12-29T23:00", "2011-12-31T00:00",
                   DstRule::single_value),
            Clocks({"10:00", "22:00"}));
}

TEST(DstTest, AStartInsideTheSecondPassSeesNothingOfTheFirst) {
  const Schedule fixed = Schedule::parse("30 1 * * *", {.zone = "America/New_York"}).value();
  const Instant inside = from_millis(second("2026-11-01T06:10") * 1000);
  EXPECT_EQ(to_string(*fixed.next(inside)), "2026-11-02T06:30:00Z");
  EXPECT_EQ(to_string(*fixed.previous(inside)), "2026-11-01T05:30:00Z");
  const Schedule hourly = Schedule::parse("30 * * * *", {.zone = "America/New_York"}).value();
  EXPECT_EQ(to_string(*hourly.next(inside)), "2026-11-01T06:30:00Z");
  EXPECT_EQ(to_string(*hourly.previous(inside)), "2026-11-01T05:30:00Z");
}

TEST(DstTest, NotesTellHowARunCameAbout) {
  const auto note = [](std::string_view expression, std::string_view utc) {
    const Schedule s = Schedule::parse(expression, {.zone = "America/New_York"}).value();
    const Instant t = from_millis(second(utc) * 1000);
    EXPECT_TRUE(s.matches(t)) << utc;
    return s.note(t);
  };
  const FireNote made_up = note("30 2 * * *", "2026-03-08T07:00");
  EXPECT_EQ(made_up.kind, FireNote::Kind::made_up);
  EXPECT_EQ(to_string(made_up.due), "2026-03-08T02:30:00");
  EXPECT_EQ(to_string(made_up.wall), "2026-03-08T03:00:00");
  EXPECT_EQ(made_up.text(), "02:30 does not exist on 2026-03-08: it runs at the end of the gap");
  EXPECT_EQ(note("30 * * * *", "2026-11-01T05:30").kind, FireNote::Kind::first_pass);
  EXPECT_EQ(note("30 * * * *", "2026-11-01T06:30").text(),
            "01:30 comes twice on 2026-11-01: this is the second");
  EXPECT_EQ(note("30 * * * *", "2026-11-01T07:30").kind, FireNote::Kind::plain);
  EXPECT_EQ(note("30 * * * *", "2026-11-01T07:30").text(), "");
}

TEST(DstTest, WhatWasLostIsListed) {
  const auto lost = [](std::string_view expression, DstRule rule) {
    const Schedule s =
        Schedule::parse(expression, {.zone = "America/New_York", .dst = rule}).value();
    return s.lost(from_millis(second("2026-01-01") * 1000),
                  from_millis(second("2027-01-01") * 1000));
  };
  EXPECT_TRUE(lost("30 2 * * *", DstRule::vixie).empty());
  EXPECT_TRUE(lost("30 5 * * *", DstRule::ocps).empty());
  ASSERT_EQ(lost("30 2 * * *", DstRule::ocps).size(), 1u);
  EXPECT_EQ(lost("30 2 * * *", DstRule::ocps)[0].kind, LostFire::Kind::swallowed);
  const auto second_of_two = lost("30 1 * * *", DstRule::vixie);
  ASSERT_EQ(second_of_two.size(), 1u);
  EXPECT_EQ(second_of_two[0].kind, LostFire::Kind::dropped);
  EXPECT_EQ(to_string(second_of_two[0].at), "2026-11-01T06:30:00Z");
  const auto several = lost("0,15,30 2 * * *", DstRule::vixie);
  ASSERT_EQ(several.size(), 2u);
  EXPECT_EQ(to_string(several[0].wall), "2026-03-08T02:15:00");
}

// One run stands for two where the end of the gap is due by itself.
TEST(DstTest, ATimeMadeUpWhereAnotherIsDueCountsAsSwallowed) {
  const Schedule s = Schedule::parse("0 2,3 * * *", {.zone = "America/New_York"}).value();
  const auto lost =
      s.lost(from_millis(second("2026-01-01") * 1000), from_millis(second("2026-06-01") * 1000));
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(to_string(lost[0].wall), "2026-03-08T02:00:00");
  EXPECT_EQ(s.note(from_millis(second("2026-03-08T07:00") * 1000)).kind, FireNote::Kind::plain);
}

// Every change of every zone in 2024-2030 and 2038-2060, minute by minute against the daemon. Zones
// whose clocks change alike at the same reading of the wall clock are played once.
class EveryTransition : public testing::TestWithParam<std::string> {};

std::vector<std::pair<std::string, std::int64_t>> distinct_changes() {
  std::vector<std::pair<std::string, std::int64_t>> out;
  std::set<std::tuple<std::int64_t, std::int64_t>> seen;
  for (const std::string& name : zone_names()) {
    const auto zone = load_zone(name).value();
    for (auto [from, to] :
         {std::pair("2024-01-01", "2031-01-01"), std::pair("2038-01-01", "2061-01-01")})
      for (const Transition& t :
           zone->transitions(from_millis(second(from) * 1000), from_millis(second(to) * 1000)))
        if (seen.insert({to_millis(t.at + t.before), (t.after - t.before).count()}).second)
          out.push_back({name, to_millis(t.at) / 1000});
  }
  return out;
}

TEST_P(EveryTransition, EqualsADaemonMinuteByMinute) {
  static const auto changes = distinct_changes();
  ASSERT_GT(changes.size(), 500u);
  const Naive naive(GetParam());
  for (DstRule rule : kRules) {
    for (const auto& [name, at] : changes) {
      const Schedule s = Schedule::parse(GetParam(), {.zone = name, .dst = rule}).value();
      // The daemon must have worked off some hours before the change, which are the same to all.
      const std::int64_t begin = (at - 5 * 3600) / 60 * 60, end = begin + 10 * 3600;
      const auto expected = play_daemon(naive, s.zone(), rule, begin, end);
      ASSERT_EQ(due(s, begin, end), expected) << name << " " << at << " " << to_string(rule);
      ASSERT_EQ(due_backwards(s, begin, end), expected)
          << name << " " << at << " " << to_string(rule);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Expressions, EveryTransition,
                         testing::Values("*/15 * * * *", "30 2 * * *", "30 1 * * *", "0 0 * * *",
                                         "0,30 1-3 * * *", "*/20 2 * * *", "0 */2 * * *",
                                         "15 0-4 * * *", "45 23,0 * * SUN#L,SUN#2",
                                         "7 1,2 25-31 * +SUN", "10 * * * SUN",
                                         "0-59/5 0-22/2 * * *"));

}  // namespace
}  // namespace hotclock
