#include "service/jobs/og_daily_bonus/bonus.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "scheduler/zone/civil.h"

namespace hotclock::og_daily_bonus {
namespace {

constexpr config::Decimal six_tenths{6, 1};

Instant at(const char* zone, const char* wall) {
  return load_zone(zone).value()->from_civil(parse_civil(wall).value()).first;
}

TEST(DailyBonus, PaysTheFiveRealTiersWhatTheyPromise) {
  EXPECT_EQ(daily_bonus(5000, 15, six_tenths), 200);
  EXPECT_EQ(daily_bonus(7000, 25, six_tenths), 168);
  EXPECT_EQ(daily_bonus(9000, 30, six_tenths), 180);
  EXPECT_EQ(daily_bonus(15000, 60, six_tenths), 150);
  EXPECT_EQ(daily_bonus(45000, 180, six_tenths), 150);
}

TEST(DailyBonus, IsExactWhereADoubleLosesACoin) {
  // 0.6 * 35 is 20.999999999999996 to a double.
  EXPECT_EQ(daily_bonus(35, 1, six_tenths), 21);
  EXPECT_EQ(daily_bonus(9'007'199'254'740'995, 1, six_tenths), 5'404'319'552'844'597);
}

TEST(DailyBonus, RoundsDownAndMayComeToNothing) {
  EXPECT_EQ(daily_bonus(4, 3, six_tenths), 0);
  EXPECT_EQ(daily_bonus(5, 3, six_tenths), 1);
  EXPECT_EQ(daily_bonus(0, 1, six_tenths), 0);
}

TEST(DailyBonus, BearsTheLargestPriceAndTheFinestShare) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(daily_bonus(most, 1, {1, 0}), most);
  EXPECT_EQ(daily_bonus(most, most, {1, 0}), 1);
  EXPECT_EQ(daily_bonus(most, 1, {999'999'999'999'999'999, 18}), 9'223'372'036'854'775'797);
}

RC_GTEST_PROP(DailyBonus, IsTheFloorOfTheExactFraction, ()) {
  const auto price = *rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max());
  const auto days = *rc::gen::inRange<std::int64_t>(1, 100'000);
  const int places = *rc::gen::inRange(0, 19);
  config::Decimal share{0, places};
  share.units = *rc::gen::inRange<std::int64_t>(0, share.divisor() + 1);
  // The definition of a floor: bonus * below <= above < (bonus + 1) * below.
  __extension__ using Wide = __int128;
  const Wide above = Wide{price} * share.units;
  const Wide below = Wide{share.divisor()} * days;
  const Wide bonus = daily_bonus(price, days, share);
  RC_ASSERT(bonus * below <= above);
  RC_ASSERT(above - bonus * below < below);
  RC_ASSERT(bonus <= price);
}

TEST(BonusDate, IsTheCalendarDayOfTheScheduleNotOfTheServer) {
  // Five past midnight in Sydney: in UTC, and on a server in Kathmandu, it is still the day before.
  const auto sydney = load_zone("Australia/Sydney").value();
  const Instant slot = at("Australia/Sydney", "2026-11-23T00:05");
  EXPECT_EQ(to_string(slot), "2026-11-22T13:05:00Z");
  EXPECT_EQ(bonus_date(*sydney, slot), "2026-11-23");
  EXPECT_EQ(bonus_date(*load_zone("UTC").value(), slot), "2026-11-22");
}

TEST(BonusDate, HasOneDateForEachDayThatIs23Or25HoursLong) {
  const auto sydney = load_zone("Australia/Sydney").value();
  // Clocks go forward on 2026-10-04 and back on 2027-04-04.
  for (const char* day : {"2026-10-03", "2026-10-04", "2026-10-05", "2027-04-03", "2027-04-04",
                          "2027-04-05"}) {
    const Instant slot = at("Australia/Sydney", (std::string(day) + "T00:05").c_str());
    EXPECT_EQ(bonus_date(*sydney, slot), day);
  }
}

}  // namespace
}  // namespace hotclock::og_daily_bonus
