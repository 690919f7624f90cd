#include "scheduler/zone/zone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scheduler/zone/tzif_support.h"

namespace hotclock {
namespace {

std::shared_ptr<const Zone> zone(std::string_view name) { return load_zone(name).value(); }
Civil civil(std::string_view text) { return parse_civil(text).value(); }

std::string error_of(std::string_view name) {
  auto loaded = load_zone(name);
  return loaded ? "" : loaded.error().message();
}

TEST(ZoneTest, AnUnknownNameIsAnsweredWithTheNearestOne) {
  EXPECT_EQ(load_zone("Australia/Sydny").error().code(), Errc::invalid);
  EXPECT_EQ(error_of("Australia/Sydny"),
            "unknown time zone \"Australia/Sydny\"; did you mean \"Australia/Sydney\"?");
  EXPECT_EQ(error_of("europe/berlin"),
            "unknown time zone \"europe/berlin\"; did you mean \"Europe/Berlin\"?");
  EXPECT_EQ(error_of("Middle-earth/Hobbiton"), "unknown time zone \"Middle-earth/Hobbiton\"");
}

TEST(ZoneTest, PathsAndOffsetsAreNoZones) {
  for (std::string_view name :
       {"", "0", "/etc/localtime", "Europe/../Europe/Berlin", "file:UTC", "Fixed/UTC+01:00:00",
        "posix/UTC", "right/UTC", "Europe", "zone.tab"})
    EXPECT_FALSE(load_zone(name)) << name;
}

TEST(ZoneTest, OneZoneIsReadOnce) {
  EXPECT_EQ(zone("Europe/Berlin"), zone("Europe/Berlin"));
  EXPECT_EQ(zone("UTC")->segments().size(), 1u);
}

TEST(ZoneTest, NamesAreSortedAndAllCanBeLoaded) {
  const auto& names = zone_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_GT(names.size(), 400u);
  for (const std::string& name : names) EXPECT_TRUE(load_zone(name)) << name;
}

TEST(ZoneTest, ARepeatedHourHasTwoInstants) {
  const Local local = zone("America/New_York")->from_civil(civil("2026-11-01T01:30"));
  EXPECT_EQ(local.kind, Local::Kind::repeated);
  EXPECT_EQ(to_string(local.first), "2026-11-01T05:30:00Z");
  EXPECT_EQ(to_string(local.last), "2026-11-01T06:30:00Z");
}

TEST(ZoneTest, ASkippedHourLeadsToTheEndOfItsGap) {
  for (std::string_view time : {"2026-03-08T02:00", "2026-03-08T02:59:59"}) {
    const Local local = zone("America/New_York")->from_civil(civil(time));
    EXPECT_EQ(local.kind, Local::Kind::skipped);
    EXPECT_EQ(to_string(local.first), "2026-03-08T07:00:00Z");
    EXPECT_EQ(local.last, local.first);
  }
}

TEST(ZoneTest, TheHoursAroundAChangeAreUnique) {
  const auto ny = zone("America/New_York");
  for (std::string_view time : {"2026-03-08T01:59:59", "2026-03-08T03:00", "2026-11-01T00:59:59",
                                "2026-11-01T02:00", "2026-07-01"}) {
    const Local local = ny->from_civil(civil(time));
    EXPECT_EQ(local.kind, Local::Kind::unique) << time;
    EXPECT_EQ(ny->to_civil(local.first), civil(time));
  }
}

TEST(ZoneTest, ADayThatASamoanNeverSawIsSkipped) {
  const Local local = zone("Pacific/Apia")->from_civil(civil("2011-12-30T12:00"));
  EXPECT_EQ(local.kind, Local::Kind::skipped);
  EXPECT_EQ(to_string(local.first), "2011-12-30T10:00:00Z");
}

TEST(ZoneTest, TransitionsOfAYearAreListed) {
  const auto found = zone("Australia/Lord_Howe")
                         ->transitions(zone("UTC")->from_civil(civil("2026-01-01")).first,
                                       zone("UTC")->from_civil(civil("2027-01-01")).first);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(to_string(found[0].at), "2026-04-04T15:00:00Z");
  EXPECT_EQ(found[0].before - found[0].after, std::chrono::minutes(30));
  EXPECT_EQ(found[1].after - found[1].before, std::chrono::minutes(30));
}

TEST(ZoneTest, OffsetsHoldBeyondTheYearsKnown) {
  const auto ny = zone("America/New_York");
  EXPECT_EQ(ny->offset_at(Instant::max()), std::chrono::hours(-5));
  EXPECT_EQ(ny->offset_at(from_millis(-1'000'000'000'000)), std::chrono::hours(-5));
  EXPECT_EQ(ny->offset_at(from_millis(-1)), std::chrono::hours(-5));
}

TEST(ZoneTest, TheSystemTellsTheReleaseOfItsData) {
  const std::string version = zone_data_version();
  ASSERT_GE(version.size(), 5u) << version;
  EXPECT_TRUE(version.starts_with("20")) << version;
}

// All zones, all changes from 1970 to 2199, against the second reader; and no stretch is so short
// that a wall clock could pass through one time in three of them.
TEST(ZoneTest, EveryZoneEqualsASecondReadersTo2199) {
  constexpr std::int64_t kEnd = 7'258'118'400;
  std::size_t compared = 0;
  for (const std::string& name : zone_names()) {
    const auto second = TzifZone::read(name);
    ASSERT_TRUE(second) << name;
    const auto ours = zone(name);
    std::vector<std::int64_t> begins;
    for (const Segment& s : ours->segments().subspan(1))
      if (s.begin >= 0 && s.begin < kEnd) begins.push_back(s.begin);
    ASSERT_EQ(begins, second->changes(0, kEnd)) << name;
    for (const Segment& s : ours->segments()) {
      ASSERT_EQ(s.offset, second->offset_at(s.begin)) << name << " at " << s.begin;
      ++compared;
    }
    for (std::size_t i = 1; i + 1 < ours->segments().size(); ++i)
      ASSERT_GE(ours->end_of(i) - ours->segments()[i].begin, 2 * 86400) << name;
  }
  EXPECT_GT(compared, 50'000u);
}

TEST(ZoneTest, TheGuideLeadsToTheSegmentOfAnySecond) {
  for (std::string_view name : {"Africa/Casablanca", "America/New_York", "UTC", "Asia/Tehran"}) {
    const auto z = zone(name);
    for (std::int64_t t = -300'000; t < 7'259'000'000; t += 604'801) {
      const std::size_t i = z->segment_at(t);
      ASSERT_TRUE(i == 0 || z->segments()[i].begin <= t);
      ASSERT_LT(t, z->end_of(i));
    }
    for (std::size_t i = 1; i < z->segments().size(); ++i) {
      ASSERT_EQ(z->segment_at(z->segments()[i].begin), i);
      ASSERT_EQ(z->segment_at(z->segments()[i].begin - 1), i - 1);
    }
  }
}

TEST(CivilTest, DatesAndTimesAreReadInThreeForms) {
  EXPECT_EQ(to_string(civil("2026-11-23")), "2026-11-23T00:00:00");
  EXPECT_EQ(to_string(civil("2026-11-23T00:05")), "2026-11-23T00:05:00");
  EXPECT_EQ(to_string(civil("2026-11-23 23:59:07")), "2026-11-23T23:59:07");
}

TEST(CivilTest, WhatNoCalendarHasIsRefused) {
  for (std::string_view text : {"", "2026", "2026-13-01", "2026-00-01", "2026-02-29", "2026-04-31",
                                "2026-11-23T", "2026-11-23T24:00", "2026-11-23T00:60",
                                "2026-11-23T00:05:60", "2026-11-23T00:05Z", "26-11-23", "2026-1-2"})
    EXPECT_FALSE(parse_civil(text)) << text;
  EXPECT_TRUE(parse_civil("2028-02-29"));
}

TEST(CivilTest, EveryDayOf400YearsComesBack) {
  for (std::int64_t day = days_of(1900, 1, 1); day < days_of(2300, 1, 1); ++day) {
    const Civil c = civil_of(day * 86400 + 86399);
    ASSERT_EQ(days_of(c.year, c.month, c.day), day);
    ASSERT_EQ(wall_seconds(c), day * 86400 + 86399);
    ASSERT_LE(c.day, month_length(c.year, c.month));
  }
  EXPECT_EQ(weekday_of(days_of(2026, 11, 23)), 1);
  EXPECT_EQ(weekday_of(days_of(1969, 12, 31)), 3);
}

}  // namespace
}  // namespace hotclock
