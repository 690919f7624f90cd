#include "scheduler/core/maintenance.h"

#include <gtest/gtest.h>

#include <vector>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t sunday = 1, saturday = 1 << 6, every_day = 0x7f;

std::shared_ptr<const Zone> zone(std::string_view name) { return load_zone(name).value(); }

Maintenance weekly(std::uint8_t days, int from, int until, std::string_view in = "UTC") {
  return {"weekly", Maintenance::Weekly{days, from, until, zone(in)}};
}
Maintenance once(Instant from, Instant until) { return {"once", Maintenance::Once{from, until}}; }

Instant at(std::string_view text, std::string_view in = "UTC") {
  return zone(in)->from_civil(parse_civil(text).value()).first;
}
std::optional<Instant> end(const std::vector<Maintenance>& windows, Instant t) {
  const auto held = held_up(windows, t);
  return held ? std::optional(held->until) : std::nullopt;
}

TEST(Maintenance, HoldsUpFromItsFirstInstantToBeforeItsEnd) {
  const std::vector windows{weekly(sunday, 2 * 60, 4 * 60)};
  EXPECT_EQ(end(windows, at("2026-11-29T01:59:59")), std::nullopt);
  EXPECT_EQ(end(windows, at("2026-11-29T02:00")), at("2026-11-29T04:00"));
  EXPECT_EQ(end(windows, at("2026-11-29T03:59:59")), at("2026-11-29T04:00"));
  EXPECT_EQ(end(windows, at("2026-11-29T04:00")), std::nullopt);
  EXPECT_EQ(end(windows, at("2026-11-30T02:30")), std::nullopt);
}

TEST(Maintenance, GoesOnPastMidnight) {
  const std::vector windows{weekly(saturday, 22 * 60, 2 * 60)};
  EXPECT_EQ(end(windows, at("2026-11-28T23:00")), at("2026-11-29T02:00"));
  EXPECT_EQ(end(windows, at("2026-11-29T01:00")), at("2026-11-29T02:00"));
  EXPECT_EQ(end(windows, at("2026-11-28T01:00")), std::nullopt);
}

TEST(Maintenance, EndsAtMidnightWhereItSaysSo) {
  const std::vector windows{weekly(every_day, 23 * 60, 0)};
  EXPECT_EQ(end(windows, at("2026-11-28T23:30")), at("2026-11-29T00:00"));
}

TEST(Maintenance, GoesByTheWallClockOfItsZone) {
  const std::vector windows{weekly(sunday, 2 * 60, 4 * 60, "Asia/Kathmandu")};
  EXPECT_EQ(end(windows, at("2026-11-28T20:15")), at("2026-11-28T22:15"));
  EXPECT_EQ(end(windows, at("2026-11-29T02:30")), std::nullopt);
}

TEST(Maintenance, TakesInBothOfAnHourThatIsThereTwice) {
  const std::vector windows{weekly(sunday, 60, 2 * 60, "America/New_York")};
  const Instant first = at("2026-11-01T01:00", "America/New_York");
  EXPECT_EQ(end(windows, first), first + 2h);
  EXPECT_EQ(end(windows, first + 90min), first + 2h);
}

TEST(Maintenance, IsAsMuchShorterAsItsDay) {
  const std::vector windows{weekly(sunday, 60, 4 * 60, "America/New_York")};
  const Instant from = at("2026-03-08T01:00", "America/New_York");
  EXPECT_EQ(end(windows, from), from + 2h);
}

TEST(Maintenance, IsNotThereWhereItsHourIsSkipped) {
  const std::vector windows{weekly(sunday, 2 * 60, 3 * 60, "America/New_York")};
  const Instant gap_ends = at("2026-03-08T03:00", "America/New_York");
  EXPECT_EQ(end(windows, gap_ends - 1s), std::nullopt);
  EXPECT_EQ(end(windows, gap_ends), std::nullopt);
}

TEST(Maintenance, WindowsThatTouchOrOverlapAreOne) {
  const std::vector windows{weekly(sunday, 2 * 60, 4 * 60),
                            once(at("2026-11-29T03:00"), at("2026-11-29T05:00")),
                            weekly(sunday, 5 * 60, 5 * 60 + 10)};
  const auto held = held_up(windows, at("2026-11-29T02:30"));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->until, at("2026-11-29T05:10"));
  EXPECT_EQ(held->by, "weekly");
  EXPECT_EQ(end(windows, at("2026-11-29T05:10")), std::nullopt);
}

TEST(Maintenance, LeavesTimeBetweenOrNeverEnds) {
  EXPECT_FALSE(never_ends({}));
  EXPECT_FALSE(never_ends(std::vector{weekly(every_day, 0, 24 * 60 - 1)}));
  EXPECT_TRUE(
      never_ends(std::vector{weekly(every_day, 0, 12 * 60), weekly(every_day, 12 * 60, 0)}));
  EXPECT_TRUE(never_ends(std::vector{weekly(every_day, 60, 60)}));
  EXPECT_FALSE(never_ends(std::vector{once(at("2026-01-01"), at("2029-01-01"))}));
}

}  // namespace
}  // namespace hotclock
