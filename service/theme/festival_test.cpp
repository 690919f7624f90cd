#include "service/theme/festival.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace hotclock::theme {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

const Instant day0 = from_millis(1'790'000'000'000);

Festival festival(std::int64_t id, const char* country, std::int64_t priority, int from, int to) {
  return {.id = id,
          .name = "festival " + std::to_string(id),
          .country = country,
          .priority = priority,
          .starts_at = day0 + days{from},
          .ends_at = day0 + days{to},
          .theme = "{\"festival\":" + std::to_string(id) + "}"};
}

std::int64_t dresses(const std::vector<Festival>& festivals, const char* country, int day) {
  const Festival* f = dresses(festivals, country, day0 + days{day});
  return f == nullptr ? 0 : f->id;
}

TEST(Festival, RunsFromItsStartToItsEndBothIncluded) {
  const Festival f = festival(1, "NP", 0, 1, 3);
  EXPECT_FALSE(runs_at(f, f.starts_at - milliseconds{1}));
  EXPECT_TRUE(runs_at(f, f.starts_at));
  EXPECT_TRUE(runs_at(f, f.ends_at));
  EXPECT_FALSE(runs_at(f, f.ends_at + milliseconds{1}));
}

TEST(Theme, IsOfTheHighestPriorityHereOrEverywhere) {
  const std::vector<Festival> all = {festival(1, "NP", 5, 0, 9), festival(2, "GLOBAL", 7, 0, 9),
                                     festival(3, "AU", 9, 0, 9)};
  EXPECT_EQ(dresses(all, "NP", 1), 2);
  EXPECT_EQ(dresses(all, "AU", 1), 3);
  EXPECT_EQ(dresses(all, "GLOBAL", 1), 2);
}

TEST(Theme, OfACountrysOwnFestivalWinsATie) {
  const std::vector<Festival> all = {festival(1, "NP", 5, 0, 9), festival(2, "GLOBAL", 5, 1, 9)};
  EXPECT_EQ(dresses(all, "NP", 2), 1);
  EXPECT_EQ(dresses(all, "AU", 2), 2);
}

TEST(Theme, OfTheLaterStartWinsAmongEqualsOfOneKind) {
  const std::vector<Festival> all = {festival(1, "NP", 5, 1, 9), festival(2, "NP", 5, 0, 9)};
  EXPECT_EQ(dresses(all, "NP", 2), 1);
}

TEST(Theme, FallsBackToTheNextOneDownThenToTheDefault) {
  const std::vector<Festival> all = {festival(1, "NP", 9, 0, 2), festival(2, "GLOBAL", 5, 0, 4)};
  EXPECT_EQ(dresses(all, "NP", 1), 1);
  EXPECT_EQ(dresses(all, "NP", 3), 2);
  EXPECT_EQ(dresses(all, "NP", 5), 0);
}

TEST(NextTurn, IsTheNearestStartOrTheMomentAfterTheNearestEnd) {
  std::vector<Festival> all = {festival(1, "NP", 0, -1, 3), festival(2, "NP", 0, 2, 9)};
  all[0].is_active = true;
  EXPECT_EQ(next_turn(all, day0), all[1].starts_at);
  all[1].starts_at = day0 + days{5};
  EXPECT_EQ(next_turn(all, day0), all[0].ends_at + milliseconds{1});
  EXPECT_EQ(next_turn({}, day0), std::nullopt);
}

TEST(NextTurn, IsNowWhereADateWasMovedPastUs) {
  std::vector<Festival> all = {festival(1, "NP", 0, -9, -3)};
  EXPECT_EQ(next_turn(all, day0), std::nullopt);  // over, and its flag says so
  all[0].is_active = true;
  EXPECT_EQ(next_turn(all, day0), day0);
  all[0] = festival(2, "NP", 0, -9, 3);  // runs, and its flag does not say so
  EXPECT_EQ(next_turn(all, day0), day0);
}

RC_GTEST_PROP(NextTurn, BringsEveryChangeOfEveryFlag, ()) {
  // Whoever runs at each turn has at every other instant the right flags.
  std::vector<Festival> all;
  for (int id = 1; id <= 5; ++id) {
    const int from = *rc::gen::inRange(0, 20);
    all.push_back(festival(id, "NP", 0, from, from + *rc::gen::inRange(0, 20)));
  }
  Instant now = day0 - days{1};
  for (auto turn = next_turn(all, now); turn; turn = next_turn(all, now)) {
    RC_ASSERT(*turn > now);
    for (const Instant t : {now, *turn - milliseconds{1}})
      for (const Festival& f : all) RC_ASSERT(f.is_active == runs_at(f, t));
    now = *turn;
    for (Festival& f : all) f.is_active = runs_at(f, now);
  }
  for (const Festival& f : all) RC_ASSERT(!runs_at(f, now));
}

}  // namespace
}  // namespace hotclock::theme
