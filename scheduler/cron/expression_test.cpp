// What expressions mean, by example; the rules of OCPS 1.0 to 1.4 first, then the extensions.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scheduler/cron/naive_support.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

using Strings = std::vector<std::string>;

Instant utc(std::string_view text) {
  return from_millis(wall_seconds(parse_civil(text).value()) * 1000);
}

Schedule parsed(std::string_view text, Dialect dialect = Dialect::hotclock,
                std::string_view job = "job") {
  auto s = Schedule::parse(text, {.dialect = dialect, .hash_key = job});
  EXPECT_TRUE(s) << text << ": " << (s ? "" : s.error().message());
  return std::move(s).value();
}

// The first `n` times after 2026-01-01T00:00 exclusive, to the minute.
Strings first(std::size_t n, std::string_view text, Dialect dialect = Dialect::hotclock) {
  const Schedule s = parsed(text, dialect);
  Strings out;
  for (auto t = s.next(utc("2026-01-01") - Duration(1)); t && out.size() < n; t = s.next(*t))
    out.push_back(to_string(*t).substr(0, 16));
  return out;
}

// Whether two texts mean the same over some years.
void expect_same(std::string_view a, std::string_view b) {
  const auto from = to_millis(utc("2026-01-01")) / 1000, to = to_millis(utc("2026-02-20")) / 1000;
  EXPECT_EQ(due(parsed(a), from, to), due(parsed(b), from, to)) << a << " and " << b;
}

TEST(ExpressionTest, BlanksSeparateAndSurround) { expect_same("5 0 * * *", "  5\t0  *\t \t* * "); }

TEST(ExpressionTest, NamesAreOfAnyCaseAndSundayIs0And7) {
  expect_same("0 0 * jan-Mar *", "0 0 * 1-3 *");
  expect_same("0 0 * * mOn-FrI", "0 0 * * 1-5");
  expect_same("0 0 * * 0", "0 0 * * 7");
  expect_same("0 0 * * 5-7", "0 0 * * 0,5,6");
  expect_same("0 0 * * FRI-SUN", "0 0 * * 5-7");
  expect_same("0 0 * * MON-SUN", "0 0 * * *");
}

TEST(ExpressionTest, AStepKeepsTheFirstAndEachNthAfter) {
  expect_same("*/20 * * * *", "0,20,40 * * * *");
  expect_same("5-30/10 * * * *", "5,15,25 * * * *");
  expect_same("1-6,10-30/10 * * * *", "1,2,3,4,5,6,10,20,30 * * * *");
  expect_same("0 0 */10 * *", "0 0 1,11,21,31 * *");
}

TEST(ExpressionTest, TwoDayFieldsAreEitherUnlessOneIsAStar) {
  EXPECT_EQ(first(3, "0 0 1,15 * WED"),
            Strings({"2026-01-01T00:00", "2026-01-07T00:00", "2026-01-14T00:00"}));
  EXPECT_EQ(first(2, "0 0 * * WED"), Strings({"2026-01-07T00:00", "2026-01-14T00:00"}));
  // Any text but a plain star restricts, even where it names every day.
  expect_same("0 0 1-31 * MON", "0 0 * * *");
  expect_same("0 0 */2 * 0-6", "0 0 * * *");
}

TEST(ExpressionTest, APlusWantsBothDayFields) {
  EXPECT_EQ(first(2, "0 0 1-7 * +MON"), Strings({"2026-01-05T00:00", "2026-02-02T00:00"}));
  EXPECT_EQ(first(3, "0 0 29 2 +MON"),
            Strings({"2044-02-29T00:00", "2072-02-29T00:00", "2112-02-29T00:00"}));
}

TEST(ExpressionTest, QuestionMarksAreStarsInDayFields) {
  expect_same("0 0 ? * MON", "0 0 * * MON");
  expect_same("0 0 5 * ?", "0 0 5 * *");
  expect_same("0 0 ? * ?", "0 0 * * *");
}

TEST(ExpressionTest, NicknamesStandForFields) {
  expect_same("@hourly", "0 * * * *");
  expect_same("@daily", "0 0 * * *");
  expect_same("@midnight", "0 0 * * *");
  expect_same("@weekly", "0 0 * * 0");
  expect_same("@monthly", "0 0 1 * *");
  EXPECT_EQ(first(2, "@yearly"), Strings({"2026-01-01T00:00", "2027-01-01T00:00"}));
  EXPECT_EQ(first(2, "@annually"), first(2, "@yearly"));
}

TEST(ExpressionTest, SixFieldsBeginWithSecondsAndSevenEndWithTheYear) {
  const Schedule s = parsed("30 5 12 * * *");
  EXPECT_EQ(to_string(*s.next(utc("2026-01-01"))), "2026-01-01T12:05:30Z");
  EXPECT_EQ(first(3, "0 0 0 1 1 * 2026,2030"), Strings({"2026-01-01T00:00", "2030-01-01T00:00"}));
  EXPECT_EQ(first(2, "0 0 0 1 1 * */2"), Strings({"2026-01-01T00:00", "2028-01-01T00:00"}));
  EXPECT_EQ(first(1, "0 0 0 1 1 * 1970-2199/229"), Strings({"2199-01-01T00:00"}));
}

TEST(ExpressionTest, LIsTheLastDayOrTheLastWeekday) {
  EXPECT_EQ(first(2, "0 0 L * *"), Strings({"2026-01-31T00:00", "2026-02-28T00:00"}));
  EXPECT_EQ(first(2, "0 0 * * 5L"), Strings({"2026-01-30T00:00", "2026-02-27T00:00"}));
  for (std::string_view same : {"0 0 * * 5#L", "0 0 * * FRI#L", "0 0 * * FRIL"})
    expect_same(same, "0 0 * * 5L");
  expect_same("0 0 * * 7L", "0 0 * * SUN#L");
  EXPECT_EQ(first(2, "0 0 L-2 * *"), Strings({"2026-01-29T00:00", "2026-02-26T00:00"}));
  EXPECT_EQ(first(2, "0 0 L,15 * *"), Strings({"2026-01-15T00:00", "2026-01-31T00:00"}));
  EXPECT_EQ(first(2, "0 0 L-30 * *"), Strings({"2026-01-01T00:00", "2026-03-01T00:00"}));
}

TEST(ExpressionTest, WIsTheNearestWeekdayWithinTheMonth) {
  // 2026-02-15 is a Sunday, 2026-08-01 a Saturday, 2026-05-31 a Sunday.
  EXPECT_EQ(first(1, "0 0 15W 2 *"), Strings({"2026-02-16T00:00"}));
  EXPECT_EQ(first(1, "0 0 1W 8 *"), Strings({"2026-08-03T00:00"}));
  EXPECT_EQ(first(1, "0 0 31W 5 *"), Strings({"2026-05-29T00:00"}));
  EXPECT_EQ(first(1, "0 0 LW 5 *"), Strings({"2026-05-29T00:00"}));
  EXPECT_EQ(first(2, "0 0 1W,15W 8 *"), Strings({"2026-08-03T00:00", "2026-08-14T00:00"}));
}

TEST(ExpressionTest, WBeyondTheMonthDoesNotRunInIt) {
  EXPECT_EQ(first(2, "0 0 31W 4,5 *"), Strings({"2026-05-29T00:00", "2027-05-31T00:00"}));
  EXPECT_TRUE(parsed("0 0 31W 4 *").never());
}

TEST(ExpressionTest, ANumberSignIsAWeekOfTheMonth) {
  EXPECT_EQ(first(2, "0 0 * * MON#1"), Strings({"2026-01-05T00:00", "2026-02-02T00:00"}));
  EXPECT_EQ(first(2, "0 0 * * 5#5"), Strings({"2026-01-30T00:00", "2026-05-29T00:00"}));
  EXPECT_EQ(first(3, "0 0 * * 1#1,5#3"),
            Strings({"2026-01-05T00:00", "2026-01-16T00:00", "2026-02-02T00:00"}));
  expect_same("0 0 * * MON-WED#2", "0 0 * * MON#2,TUE#2,WED#2");
}

TEST(ExpressionTest, RangesWrap) {
  expect_same("0 22-2 * * *", "0 22,23,0,1,2 * * *");
  expect_same("50-10/5 * * * *", "50,55,0,5,10 * * * *");
  expect_same("0 0 * NOV-FEB *", "0 0 * 11,12,1,2 *");
  expect_same("0 0 * * FRI-MON", "0 0 * * 5,6,0,1");
  expect_same("0 0 * * 7-2", "0 0 * * 0-2");
  expect_same("0 0 28-3 * *", "0 0 28,29,30,31,1,2,3 * *");
}

TEST(ExpressionTest, HashesAreTheSameForeverAndWithinTheirRange) {
  // These must hold in every release: a job would move otherwise.
  EXPECT_EQ(parsed("H H * * *", Dialect::hotclock, "og-daily-bonus").describe(),
            "at 02:46 every day");
  for (int i = 0; i < 200; ++i) {
    const std::string job = "job-" + std::to_string(i);
    const Civil c =
        parsed("H(10-19) H(2-4) H * *", Dialect::hotclock, job)
            .zone()
            .to_civil(
                *parsed("H(10-19) H(2-4) H * *", Dialect::hotclock, job).next(utc("2026-01-31")));
    EXPECT_TRUE(c.minute >= 10 && c.minute <= 19 && c.hour >= 2 && c.hour <= 4 && c.day <= 28);
  }
}

TEST(ExpressionTest, HashesSpreadJobsEvenly) {
  std::array<int, 60> jobs{};
  for (int i = 0; i < 6000; ++i) {
    const Schedule s = parsed("H 0 * * *", Dialect::hotclock, "job-" + std::to_string(i));
    ++jobs[static_cast<std::size_t>(s.zone().to_civil(*s.next(utc("2026-01-01"))).minute)];
  }
  for (int n : jobs) EXPECT_TRUE(n > 50 && n < 160) << n;
}

TEST(ExpressionTest, AHashedStepStartsAnywhereInItsFirstStep) {
  const Schedule s = parsed("H/15 * * * *");
  const auto a = *s.next(utc("2026-01-01") - Duration(1));
  EXPECT_LT(a - utc("2026-01-01"), std::chrono::minutes(15));
  EXPECT_EQ(*s.next(a) - a, std::chrono::minutes(15));
}

TEST(ExpressionTest, EveryCountsFrom1970SoThatAllNodesAgree) {
  EXPECT_EQ(first(3, "@every 6h"),
            Strings({"2026-01-01T00:00", "2026-01-01T06:00", "2026-01-01T12:00"}));
  EXPECT_EQ(first(2, "@every 1h30m"), Strings({"2026-01-01T00:00", "2026-01-01T01:30"}));
  const Schedule s = parsed("@every 7s");
  const Instant t = *s.next(utc("2026-01-01"));
  EXPECT_EQ(to_millis(t) % 7000, 0);
  EXPECT_EQ(*s.previous(t), t - std::chrono::seconds(7));
  EXPECT_TRUE(s.matches(t));
  EXPECT_FALSE(s.matches(t + std::chrono::seconds(1)));
}

TEST(ExpressionTest, AZoneInFrontGoesBeforeTheOneBeside) {
  const auto s =
      Schedule::parse("CRON_TZ=Australia/Sydney 5 0 * * *", {.zone = "America/New_York"}).value();
  EXPECT_EQ(s.zone().name(), "Australia/Sydney");
  EXPECT_EQ(to_string(*s.next(utc("2026-11-23"))), "2026-11-23T13:05:00Z");
  EXPECT_EQ(parsed("TZ=Asia/Tokyo @daily").zone().name(), "Asia/Tokyo");
}

TEST(ExpressionTest, RebootParsesAndKnowsNoInstant) {
  const Schedule s = parsed("@reboot");
  EXPECT_TRUE(s.is_reboot());
  EXPECT_FALSE(s.never());
  EXPECT_EQ(s.next(utc("2026-01-01")), std::nullopt);
  EXPECT_EQ(s.previous(utc("2026-01-01")), std::nullopt);
}

TEST(ExpressionTest, QuartzCountsFromSunday) {
  const auto quartz = [](std::string_view text) { return first(2, text, Dialect::quartz); };
  EXPECT_EQ(quartz("0 0 12 ? * 1"), Strings({"2026-01-04T12:00", "2026-01-11T12:00"}));
  EXPECT_EQ(quartz("0 0 12 ? * SUN"), quartz("0 0 12 ? * 1"));
  EXPECT_EQ(quartz("0 0 12 ? * 6L"), Strings({"2026-01-30T12:00", "2026-02-27T12:00"}));
  EXPECT_EQ(quartz("0 0 12 ? * 2#1"), Strings({"2026-01-05T12:00", "2026-02-02T12:00"}));
  EXPECT_EQ(quartz("0 0 12 ? * L"), Strings({"2026-01-03T12:00", "2026-01-10T12:00"}));
  EXPECT_EQ(quartz("0 0 12 lw * ?"), Strings({"2026-01-30T12:00", "2026-02-27T12:00"}));
  EXPECT_EQ(quartz("0 5/25 12 1 * ?"), Strings({"2026-01-01T12:05", "2026-01-01T12:30"}));
  EXPECT_EQ(quartz("0 /30 12 1 * ?"), Strings({"2026-01-01T12:00", "2026-01-01T12:30"}));
  EXPECT_EQ(quartz("0 0 12 ? * FRI-MON"), Strings({"2026-01-02T12:00", "2026-01-03T12:00"}));
  EXPECT_EQ(quartz("0 0 12 1 1 ? 2027"), Strings({"2027-01-01T12:00"}));
}

TEST(ExpressionTest, StrictTakesAllOfOcps) {
  for (std::string_view text :
       {"*/15 0-4,8-12 * JAN-MAR,DEC MON-FRI", "@daily", "@reboot", "0 0 L * *", "0 0 L,15 * *",
        "0 0 15W * *", "0 0 * * 5L", "0 0 * * FRI#L", "0 0 * * MON#1,FRI#3", "0 0 1 * +MON",
        "0 0 ? * MON", "0 0 0 1 1 * 2030", "0 0 * * FRI-SUN", "30 0 0 * * *"})
    EXPECT_TRUE(Schedule::parse(text, {.dialect = Dialect::strict})) << text;
}

TEST(ExpressionTest, ImpossibleDatesAreKnownWhenParsed) {
  for (std::string_view text : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 0 29 2 * 2100",
                                "0 0 0 29 2 +MON 2020-2040", "0 0 30W 2 *", "0 0 L-30 2 *"}) {
    const Schedule s = parsed(text);
    EXPECT_TRUE(s.never()) << text;
    EXPECT_EQ(s.next(utc("1970-01-01")), std::nullopt) << text;
  }
  EXPECT_FALSE(parsed("0 0 * 2 MON#5").never());
  EXPECT_FALSE(parsed("0 0 30 2 MON").never());
}

TEST(ExpressionTest, WhatGapsAlwaysSwallowIsKnownToo) {
  const auto never = [](std::string_view text, DstRule rule) {
    return Schedule::parse(text, {.zone = "America/New_York", .dst = rule}).value().never();
  };
  EXPECT_TRUE(never("0 30 2 8 3 * 2026", DstRule::ocps));
  EXPECT_FALSE(never("0 30 2 8 3 * 2026", DstRule::vixie));
  EXPECT_FALSE(never("0 30 2 9 3 * 2026", DstRule::ocps));
  EXPECT_TRUE(never("0 30 2 8-14 3 +SUN 2008-2199", DstRule::ocps));
  EXPECT_FALSE(never("30 2 8-14 3 +SUN", DstRule::ocps));
}

TEST(ExpressionTest, YearsEndOnTheWallClockOfTheZone) {
  const auto s = Schedule::parse("59 59 23 31 12 * *", {.zone = "America/New_York"}).value();
  EXPECT_EQ(to_string(*s.previous(Instant::max())), "2200-01-01T04:59:59Z");
  EXPECT_EQ(s.next(*s.previous(Instant::max())), std::nullopt);
  const auto tokyo = Schedule::parse("0 0 1 1 *", {.zone = "Asia/Tokyo"}).value();
  EXPECT_EQ(to_string(*tokyo.next(Instant::min())), "1969-12-31T15:00:00Z");
  EXPECT_EQ(tokyo.previous(*tokyo.next(Instant::min())), std::nullopt);
}

TEST(ExpressionTest, NextIsStrictlyAfterAndPreviousStrictlyBefore) {
  const Schedule s = parsed("5 0 * * *");
  const Instant t = utc("2026-01-01T00:05");
  EXPECT_EQ(*s.next(t - Duration(1)), t);
  EXPECT_EQ(*s.next(t), t + std::chrono::days(1));
  EXPECT_EQ(*s.previous(t + Duration(1)), t);
  EXPECT_EQ(*s.previous(t), t - std::chrono::days(1));
  EXPECT_TRUE(s.matches(t));
  EXPECT_FALSE(s.matches(t + Duration(1)));
}

TEST(ExpressionTest, TheLeapDayAfter2096IsIn2104) {
  EXPECT_EQ(to_string(*parsed("0 0 29 2 *").next(utc("2096-03-01"))), "2104-02-29T00:00:00Z");
}

TEST(ExpressionTest, RulesAndDialectsHaveNames) {
  for (DstRule rule : {DstRule::vixie, DstRule::ocps, DstRule::single_value})
    EXPECT_EQ(parse_dst_rule(to_string(rule)).value(), rule);
  for (Dialect d : {Dialect::hotclock, Dialect::strict, Dialect::quartz})
    EXPECT_EQ(parse_dialect(to_string(d)).value(), d);
  EXPECT_EQ(parse_dst_rule("cron").error().message(),
            "unknown rule for gaps and overlaps \"cron\" (vixie, ocps or single-value)");
  EXPECT_FALSE(parse_dialect("posix"));
}

TEST(ExpressionTest, DescriptionsTellTheTruth) {
  const auto words = [](std::string_view text) { return parsed(text).describe(); };
  EXPECT_EQ(words("*/45 * * * *"), "at minutes 0 and 45 of every hour");
  EXPECT_EQ(words("*/15 * * * *"), "every 15 minutes");
  EXPECT_EQ(words("* * * * *"), "every minute");
  EXPECT_EQ(words("5 0 L * *"), "at 00:05 on the last day of every month");
  EXPECT_EQ(words("5 0 * * *"), "at 00:05 every day");
  EXPECT_EQ(words("*/15 9-17 * * MON-FRI"),
            "every 15 minutes in hours 9 to 17 on Monday to Friday");
  EXPECT_EQ(words("0 0 1,15 * WED"),
            "at 00:00 on days 1 and 15 of every month and also on every Wednesday");
  EXPECT_EQ(words("0 0 29 2 +MON"), "at 00:00 on day 29 of February, if that is a Monday");
  EXPECT_EQ(words("0 0 30 2 *"),
            "never: no year has a time such as at 00:00 on day 30 of February");
  EXPECT_EQ(words("0 */2 * * *"), "at minute 0 of every 2nd hour from 0 to 22");
  EXPECT_EQ(words("*/10 * * * * *"), "every 10 seconds");
  EXPECT_EQ(words("30 5 12 * * * 2026-2030,2040"),
            "at 12:05:30 every day in 2026 to 2030 and 2040");
  EXPECT_EQ(words("0 0 * * MON#1,FRI#L"),
            "at 00:00 on the first Monday and the last Friday of every month");
  EXPECT_EQ(words("0 0 * JAN,JUL SUN"), "at 00:00 on Sunday in January and July");
  EXPECT_EQ(words("@every 90s"), "every 1 min 30 s, counted from 1970-01-01T00:00Z");
  EXPECT_EQ(words("@reboot"), "once, when the scheduler starts");
}

Strings warned(std::string_view text, std::string_view job = "job") {
  Strings out;
  const auto s = Schedule::parse(text, {.zone = "America/New_York", .hash_key = job}).value();
  for (const ScheduleWarning& w : s.warnings(utc("2026-01-01"))) out.push_back(w.kind);
  return out;
}

TEST(ExpressionTest, WarningsNameWhatAnAuthorMayNotMean) {
  EXPECT_EQ(warned("*/45 * * * *"), Strings({"uneven-step"}));
  EXPECT_EQ(warned("*/15 * * * *"), Strings());
  EXPECT_EQ(warned("0 12 */2 * *"), Strings({"uneven-step"}));
  EXPECT_EQ(warned("0 12 1-7 * MON"), Strings({"day-or"}));
  EXPECT_EQ(warned("0 12 1-7 * +MON"), Strings());
  EXPECT_EQ(warned("30 2 * * *"), Strings({"gap"}));
  EXPECT_EQ(warned("*/15 2 * * *"), Strings({"gap"}));
  EXPECT_EQ(warned("30 1 * * *"), Strings({"overlap"}));
  EXPECT_EQ(warned("*/30 1 * * *"), Strings({"overlap"}));
  EXPECT_EQ(warned("5 0 * * *"), Strings());
  EXPECT_EQ(warned("0 12 29 2 *"), Strings({"rare"}));
  EXPECT_EQ(warned("0 0 30 2 *"), Strings({"never"}));
  EXPECT_EQ(warned("0 0 12 1 1 * 2020"), Strings({"ended"}));
  EXPECT_EQ(warned("H 12 * * *"), Strings());
  EXPECT_EQ(warned("H 12 * * *", ""), Strings({"hash-without-name"}));
}

TEST(ExpressionTest, ARareDateIsToldWithItsFirst) {
  const auto s = parsed("0 0 29 2 +MON");
  EXPECT_EQ(s.warnings(utc("2026-01-01"))[0].text,
            "it runs rarely: first on 2044-02-29, then on 2072-02-29");
}

}  // namespace
}  // namespace hotclock
