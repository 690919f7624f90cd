#include "scheduler/core/turns.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace hotclock {
namespace {

// Which queue claims, where each of these has work and room.
Turns::Queue next(const Turns& turns, const std::vector<Turns::Queue>& with_work) {
  Turns::Queue first = with_work.front();
  for (const Turns::Queue queue : with_work)
    if (turns.goes_before(queue, 0, first, 0)) first = queue;
  return first;
}

std::array<int, 3> claims(Turns& turns, const std::vector<Turns::Queue>& with_work, int many) {
  std::array<int, 3> counts{};
  for (int i = 0; i < many; ++i) {
    const Turns::Queue queue = next(turns, with_work);
    ++counts[queue];
    turns.began(queue, false);
    turns.ended(queue, false);
  }
  return counts;
}

TEST(Turns, WithoutQueuesEverySlotHasRoomAndGoesByItsRank) {
  Turns turns;
  EXPECT_TRUE(turns.has_room(Turns::common));
  EXPECT_TRUE(turns.has_room_for_partition(Turns::common));
  EXPECT_TRUE(turns.goes_before(Turns::common, 1, Turns::common, 2));
  EXPECT_EQ(turns.find(""), Turns::common);
}

TEST(Turns, SharesClaimsByWeight) {
  Turns turns({{.name = "", .weight = 1}, {.name = "money", .weight = 3}}, 4);
  const auto counts = claims(turns, {0, 1}, 400);
  EXPECT_NEAR(counts[0], 100, 1);
  EXPECT_NEAR(counts[1], 300, 1);
}

// The bound that the header states, at each moment and not only in the long run.
TEST(Turns, EveryQueueWithWorkHasItsShareOfAnyClaimsInARow) {
  Turns turns({{.name = "", .weight = 7}, {.name = "a", .weight = 2}, {.name = "b", .weight = 1}},
              4);
  static_cast<void>(claims(turns, {0, 1}, 57));  // b has nothing to do
  std::array<int, 3> counts{};
  for (int n = 1; n <= 1000; ++n) {
    const auto one = claims(turns, {0, 1, 2}, 1);
    for (std::size_t i = 0; i < 3; ++i) counts[i] += one[i];
    EXPECT_GE(counts[2], (n - 2) / 10.0 - 1) << n;
    EXPECT_GE(counts[1], (n - 2) * 2 / 10.0 - 1) << n;
  }
}

TEST(Turns, AQueueThatHadNothingToDoSavesNothingUp) {
  Turns turns({{.name = ""}, {.name = "money"}}, 4);
  static_cast<void>(claims(turns, {0}, 1000));
  const auto counts = claims(turns, {0, 1}, 20);
  EXPECT_NEAR(counts[0], 10, 1);
}

TEST(Turns, AQueueThatWasIdleGoesFirstOnce) {
  Turns turns({{.name = ""}, {.name = "money"}}, 4);
  static_cast<void>(claims(turns, {0}, 1000));
  EXPECT_EQ(next(turns, {0, 1}), turns.find("money"));
}

TEST(Turns, WhatIsKeptForAQueueIsLeftByTheOthers) {
  Turns turns({{.name = "money", .reserved = 1}}, 4);
  const Turns::Queue money = turns.find("money");
  turns.free(4);
  int flooded = 0;
  for (; turns.has_room(Turns::common); ++flooded) turns.began(Turns::common, false);
  EXPECT_EQ(flooded, 3);
  EXPECT_TRUE(turns.has_room(money));
  turns.began(money, false);
  EXPECT_FALSE(turns.has_room(money));
}

TEST(Turns, AQueueThatUsesItsReserveLeavesTheRestToOthers) {
  Turns turns({{.name = "money", .reserved = 1}}, 4);
  turns.free(4);
  turns.began(turns.find("money"), false);
  turns.began(turns.find("money"), false);
  turns.began(Turns::common, false);
  EXPECT_TRUE(turns.has_room(Turns::common));
}

TEST(Turns, WithOneWorkerNothingIsKept) {
  Turns turns({{.name = "money", .reserved = 1}}, 1);
  turns.free(1);
  EXPECT_TRUE(turns.has_room(Turns::common));
}

TEST(Turns, ALimitCountsWhatRunsOnAllNodes) {
  Turns turns({{.name = "mail", .limit = 3}}, 4);
  const Turns::Queue mail = turns.find("mail");
  turns.free(4);
  turns.runs_everywhere(mail, 2);
  EXPECT_TRUE(turns.has_room(mail));
  turns.began(mail, false);
  EXPECT_FALSE(turns.has_room(mail));
  EXPECT_TRUE(turns.is_full(mail));
  EXPECT_TRUE(turns.has_room(Turns::common));
  EXPECT_FALSE(turns.all_have_room());
}

TEST(Turns, PartitionsLeaveOneOfTheWorkersThatTheirQueueMayUse) {
  Turns turns({{.name = "money", .reserved = 1}}, 4);
  const Turns::Queue money = turns.find("money");
  turns.free(4);
  const auto most = [&turns](Turns::Queue queue) {
    int partitions = 0;
    for (; turns.has_room_for_partition(queue); ++partitions) turns.began(queue, true);
    for (int i = 0; i < partitions; ++i) turns.ended(queue, true);
    return partitions;
  };
  EXPECT_EQ(most(Turns::common), 2);
  EXPECT_EQ(most(money), 3);
}

TEST(Turns, OfTwoWorkersOneMayAlwaysWorkAPartition) {
  Turns turns({{.name = "money", .reserved = 1}}, 2);
  EXPECT_TRUE(turns.has_room_for_partition(Turns::common));
}

TEST(Turns, AQueueNobodyDeclaredHasWeightOne) {
  Turns turns({{.name = "", .weight = 3}}, 4);
  const Turns::Queue old = turns.find("taken-out");
  EXPECT_EQ(turns.find("taken-out"), old);
  EXPECT_EQ(turns.name_of(old), "taken-out");
  const auto counts = claims(turns, {0, old}, 400);
  EXPECT_NEAR(counts[old], 100, 1);
}

}  // namespace
}  // namespace hotclock
