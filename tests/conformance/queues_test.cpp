// Queues in every ledger: lines of their own, their turns, their limits, and what is kept for them.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/conformance/ledger_verbs.h"

namespace hotclock::conformance {
namespace {

using namespace std::chrono_literals;

class QueuesTest : public LedgerTest {
 protected:
  QueuesTest() {
    for (const char* name : {"score", "pay", "mail"}) {
      Policy& policy = job(name, name == std::string("score") ? "" : name);
      policy.overlap = Overlap::allow;
      policy.max_running = 1000;
      policy.lease = 1h;
    }
  }

  static std::vector<Entry> flood(const std::string& job, int many) {
    std::vector<Entry> entries;
    for (int i = 0; i < many; ++i) entries.push_back(due(job, t0 - 1h + i * 1s));
    return entries;
  }
  // What one act claims under these rules, by the jobs' names in their order.
  std::vector<std::string> claims(std::vector<QueueRule> rules, int room, std::size_t node = 0) {
    auto a = act();
    a.room = room;
    a.turns = Turns(std::move(rules), 100);
    a.turns.free(room);
    return names(settle(std::move(a), node));
  }
  std::vector<std::string> names(const Settled& settled) {
    std::vector<std::string> names;
    for (const Claim& claim : settled.claims) {
      names.push_back(claim.permit->slot.job);
      claimed_.push_back(claim);
    }
    return names;
  }
  Settled ends_and_claims(const Claim& claim, std::vector<QueueRule> rules, int room) {
    auto a = act();
    a.endings.push_back({.permit = claim.permit,
                         .started_at = now_,
                         .ended_at = now_,
                         .follow = Ends{End::completed},
                         .outcome = "completed"});
    a.room = room;
    a.turns = Turns(std::move(rules), 100);
    a.turns.free(room);
    return settle(std::move(a));
  }

  std::vector<Claim> claimed_;
};

INSTANTIATE_TEST_SUITE_P(Engines, QueuesTest, testing::ValuesIn(engines()),
                         [](const auto& given) { return given.param; });

using Names = std::vector<std::string>;

TEST_P(QueuesTest, AFloodInOneQueueHidesNoSlotOfAnother) {
  enter(flood("score", 3000));
  enter({due("pay", t0)});
  const auto claimed = claims({{.name = "pay"}}, 2);
  EXPECT_NE(std::ranges::find(claimed, "pay"), claimed.end());
}

TEST_P(QueuesTest, ShareTheClaimsByWeight) {
  enter(flood("score", 40));
  enter(flood("pay", 40));
  const auto claimed = claims({{.name = "", .weight = 1}, {.name = "pay", .weight = 3}}, 20);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(claimed, "pay")), 15, 1);
}

TEST_P(QueuesTest, InsideAQueueTheClaimRankDecides) {
  enter({due("pay", t0 - 3min), due("pay", t0 - 2min, 5), due("pay", t0 - 1min)});
  auto a = act();
  a.room = 3;
  std::vector<Instant> order;
  for (const Claim& claim : settle(std::move(a)).claims)
    order.push_back(claim.permit->slot.scheduled_for);
  EXPECT_EQ(order, (std::vector<Instant>{t0 - 2min, t0 - 3min, t0 - 1min}));
}

TEST_P(QueuesTest, ALimitHoldsOnAllNodesTogether) {
  const std::vector<QueueRule> rules{{.name = "mail", .limit = 3}};
  enter(flood("mail", 5));
  EXPECT_EQ(claims(rules, 2, 0).size(), 2u);
  EXPECT_EQ(claims(rules, 2, 1).size(), 1u);
  EXPECT_TRUE(claims(rules, 2, 0).empty());
  // None was refused: they stay due.
  const auto slots = world().slots();
  EXPECT_EQ(std::ranges::count(slots, State::due, &SeenSlot::state), 2);
}

TEST_P(QueuesTest, TheEndOfOneMakesRoomForTheNextUnderALimit) {
  const std::vector<QueueRule> rules{{.name = "mail", .limit = 1}};
  enter(flood("mail", 3));
  ASSERT_EQ(claims(rules, 5).size(), 1u);
  EXPECT_EQ(names(ends_and_claims(claimed_[0], rules, 5)), (Names{"mail"}));
}

TEST_P(QueuesTest, ALimitOfTheDefaultQueueHoldsUpNoOther) {
  enter(flood("score", 3));
  enter(flood("pay", 2));
  const auto claimed = claims({{.name = "", .limit = 1}}, 9);
  EXPECT_EQ(std::ranges::count(claimed, "score"), 1);
  EXPECT_EQ(std::ranges::count(claimed, "pay"), 2);
}

TEST_P(QueuesTest, WhatIsKeptForAQueueIsLeftByTheFlood) {
  const std::vector<QueueRule> rules{{.name = "pay", .reserved = 2}};
  enter(flood("score", 9));
  EXPECT_EQ(claims(rules, 4).size(), 2u);
  enter({due("pay", t0)});
  EXPECT_EQ(claims(rules, 2), (Names{"pay"}));
}

TEST_P(QueuesTest, ANodeThatHasNoRulesStillWorksEveryLine) {
  enter({due("score", t0), due("pay", t0), due("mail", t0)});
  EXPECT_EQ(claim().claims.size(), 3u);
}

TEST_P(QueuesTest, ANodeFindsQueuesThatAnotherOneMade) {
  enrol("late", "* * * * * UTC", t0, "made-later");
  policies_["late"] = std::make_shared<Policy>();
  ASSERT_TRUE(claim(1, 1).claims.empty());
  enrol("later", "* * * * * UTC", t0, "made-last");
  policies_["later"] = std::make_shared<Policy>();
  enter({due("later", t0)});
  auto a = act();
  a.room = 1;
  a.look_for_lost = true;
  EXPECT_EQ(names(settle(std::move(a), 1)), (Names{"later"}));
}

TEST_P(QueuesTest, ASlotStaysInTheLineItWasPutIn) {
  enter(flood("pay", 2));
  EXPECT_EQ(enrol("pay", "* * * * * UTC", t0, "mail")[0].queue, "pay");
  enter({due("pay", t0)});
  const auto settled = claim();
  ASSERT_EQ(settled.claims.size(), 3u);
  std::vector<std::string> queues;
  for (const Claim& one : settled.claims) queues.push_back(one.queue);
  std::ranges::sort(queues);
  EXPECT_EQ(queues, (Names{"mail", "pay", "pay"}));
}

TEST_P(QueuesTest, ASlotThatIsTriedAgainGoesBackToItsLine) {
  enter({due("pay", t0)});
  const Claim first = claim_one();
  ends(first, TriesAgain{t0}, "failed");
  EXPECT_EQ(claim_one().queue, "pay");
}

TEST_P(QueuesTest, ASlotThatWaitedForAnotherOfItsJobGoesBackToItsLine) {
  policies_["pay"]->overlap = Overlap::wait;
  enter(flood("pay", 2));
  const auto first = claim();
  ASSERT_EQ(first.claims.size(), 1u);
  const auto second = ends_and_claims(first.claims[0], {}, 5);
  ASSERT_EQ(second.claims.size(), 1u);
  EXPECT_EQ(second.claims[0].queue, "pay");
}

TEST_P(QueuesTest, ASlotThatAPersonAsksForStandsInItsJobsQueue) {
  world().enter_manual({"pay", t0, Trigger::manual, "k"}, "asha", now_);
  EXPECT_EQ(claim_one().queue, "pay");
}

TEST_P(QueuesTest, ASlotInALineCanBeCancelled) {
  enter({due("pay", t0), due("pay", t0 + 1h)});
  for (const auto& slot : world().slots()) EXPECT_TRUE(world().cancel(slot.id, "asha", now_));
  EXPECT_TRUE(claim().claims.empty());
}

TEST_P(QueuesTest, PartitionsStandInTheQueueOfTheirWhole) {
  enter({due("pay", t0)});
  ends(claim_one(), Divides{{"a", "b", "c"}}, "divided");
  const std::vector<QueueRule> rules{{.name = "pay", .limit = 2}};
  auto a = act();
  a.room = 9;
  a.turns = Turns(rules, 100);
  a.turns.free(9);
  const auto claimed = settle(std::move(a)).claims;
  ASSERT_EQ(claimed.size(), 2u);  // the limit counts them, and not their whole
  EXPECT_EQ(claimed[0].queue, "pay");
  EXPECT_EQ(claimed[0].permit->partition_of.has_value(), true);
}

TEST_P(QueuesTest, WhoAsksForOneSlotGetsItFromItsLine) {
  enter(flood("pay", 3));
  auto a = act();
  a.room = 9;
  a.only_slot = world().slots()[1].id;
  EXPECT_EQ(names(settle(std::move(a))), (Names{"pay"}));
}

// A look that finds nothing to claim writes nothing and says nothing.
TEST_P(QueuesTest, AFullQueueIsNothingToDo) {
  const std::vector<QueueRule> rules{{.name = "mail", .limit = 1}};
  enter(flood("mail", 3));
  ASSERT_EQ(claims(rules, 2).size(), 1u);
  auto a = act();
  a.room = 2;
  a.turns = Turns(rules, 100);
  a.turns.free(2);
  const auto settled = settle(std::move(a));
  EXPECT_TRUE(settled.claims.empty());
  EXPECT_FALSE(settled.next_available.has_value());
}

}  // namespace
}  // namespace hotclock::conformance
