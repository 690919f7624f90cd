#include "service/ledger/slot_list.h"

#include "service/ledger/ledger_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

class SlotListTest : public LedgerFixture {
 protected:
  SlotListTest() {
    worker().job("pay");
    worker().job("rank");
  }
  // One slot of "pay" that ended so, having taken so long.
  void ended(Instant at, End end, Duration took = 1s, Trigger trigger = Trigger::schedule) {
    worker().enters("pay", at, trigger);
    end_of(worker(), worker().claims_one(at), at, end, took);
  }
  static void end_of(Worker& by, const Claim& claim, Instant at, End end, Duration took) {
    auto act = by.act(at + took);
    act.endings.push_back({.permit = claim.permit,
                           .started_at = at,
                           .ended_at = at + took,
                           .follow = Ends{end},
                           .outcome = std::string(to_string(end))});
    by.settled(act);
  }
  void asked_for(const std::string& job, Instant at, const std::string& by) {
    auto act = worker().act(at);
    act.entries.push_back(
        {.slot = {job, at, Trigger::manual}, .available_at = at, .requested_by = by});
    worker().settled(act);
  }
  Page page(const SlotQuery& query) { return must(list_slots(db(), query)); }
  std::vector<std::int64_t> ids(const SlotQuery& query) {
    std::vector<std::int64_t> found;
    for (const auto& view : page(query).slots) found.push_back(view.id);
    return found;
  }
  // All pages, one after the other.
  std::vector<std::int64_t> all_of(SlotQuery query) {
    std::vector<std::int64_t> found;
    for (;;) {
      const Page one = page(query);
      for (const auto& view : one.slots) found.push_back(view.id);
      if (!one.next) return found;
      query.after = one.next;
    }
  }
};

using Ids = std::vector<std::int64_t>;

TEST_F(SlotListTest, SlotsAreFoundByHowLongTheyTook) {
  ended(t0, End::completed, 10s);
  ended(t0 + 10min, End::completed, 59s);
  ended(t0 + 20min, End::failed, 2min);
  ended(t0 + 30min, End::completed, 90s);
  EXPECT_EQ(ids({.longer_than = 10s}), (Ids{4, 3, 2, 1}));
  EXPECT_EQ(ids({.longer_than = 11s}), (Ids{4, 3, 2}));
  EXPECT_EQ(ids({.longer_than = 1min}), (Ids{4, 3}));
  EXPECT_EQ(ids({.longer_than = 100s}), Ids{3});
  EXPECT_EQ(ids({.ended = End::completed, .longer_than = 1min}), Ids{4});
  EXPECT_EQ(ids({.ended = End::failed, .longer_than = 1min}), Ids{3});
  EXPECT_EQ(ids({.longer_than = 1h}), Ids{});
}

TEST_F(SlotListTest, SlotsAreFoundByWhoAskedForThem) {
  ended(t0, End::completed);
  asked_for("pay", t0 + 1s, "ada");
  asked_for("rank", t0 + 2s, "ada");
  asked_for("rank", t0 + 3s, "grace");
  EXPECT_EQ(ids({.requested_by = "ada"}), (Ids{3, 2}));
  EXPECT_EQ(ids({.job = "rank", .requested_by = "ada"}), Ids{3});
  EXPECT_EQ(ids({.requested_by = "nobody"}), Ids{});
  EXPECT_EQ(ids({.trigger = Trigger::manual}), (Ids{4, 3, 2}));
  EXPECT_EQ(ids({.trigger = Trigger::schedule}), Ids{1});
}

TEST_F(SlotListTest, SlotsAreFoundByTheNodeThatWorkedThem) {
  Worker other(db(), "node-b");
  other.job("pay");
  ended(t0, End::completed);
  worker().enters("pay", t0 + 1s);
  end_of(other, other.claims_one(t0 + 1s), t0 + 1s, End::failed, 1s);
  worker().enters("pay", t0 + 2s);
  other.claims_one(t0 + 2s);
  EXPECT_EQ(ids({.node = "node-a"}), Ids{1});
  EXPECT_EQ(ids({.node = "node-b"}), Ids{2});
  EXPECT_EQ(ids({.state = State::running, .node = "node-b"}), Ids{3});
  EXPECT_EQ(ids({.state = State::running, .node = "node-a"}), Ids{});
  EXPECT_EQ(ids({.node = "node-c"}), Ids{});
}

TEST_F(SlotListTest, SlotsAreFoundByTheirQueue) {
  ended(t0, End::completed);
  worker().job("rank").queue = "money";
  must(worker().ledger().enrol({{"rank", "* * * * * UTC", t0, "money"}}));
  worker().enters("rank", t0 + 1s);
  EXPECT_EQ(ids({.queue = "money"}), Ids{2});
  EXPECT_EQ(ids({.queue = "default"}), Ids{1});
  EXPECT_EQ(ids({.queue = "none"}), Ids{});
  EXPECT_EQ(ids({.state = State::due, .queue = "money"}), Ids{2});
  EXPECT_EQ(page({.queue = "money"}).slots.at(0).queue, "money");
}

TEST_F(SlotListTest, ATimeHasABeginAndAnEnd) {
  for (int i = 0; i < 5; ++i) ended(t0 + i * 1h, i % 2 ? End::failed : End::completed);
  EXPECT_EQ(ids({.since = t0 + 1h, .until = t0 + 4h}), (Ids{4, 3, 2}));
  EXPECT_EQ(ids({.ended = End::failed, .since = t0 + 1h, .until = t0 + 3h}), Ids{2});
  EXPECT_EQ(ids({.job = "pay", .until = t0 + 1h}), Ids{1});
}

TEST_F(SlotListTest, PagesOfEveryWayHoldEachSlotOnce) {
  must(saw_node(db(), worker().node().id, ManualClock(t0 + 2h)));
  for (int i = 0; i < 7; ++i) ended(t0 + i * 10min, End::failed, 2min, Trigger::backfill);
  for (const SlotQuery& query :
       {SlotQuery{.limit = 2}, SlotQuery{.job = "pay", .limit = 2},
        SlotQuery{.ended = End::failed, .limit = 2},
        SlotQuery{.trigger = Trigger::backfill, .limit = 2},
        SlotQuery{.longer_than = 1min, .limit = 2}, SlotQuery{.node = "node-a", .limit = 2}})
    EXPECT_EQ(all_of(query), (Ids{7, 6, 5, 4, 3, 2, 1}));
}

TEST_F(SlotListTest, WhatIsRareIsFoundBehindAllThatIsNot) {
  ended(t0, End::completed, 30s);
  for (int i = 1; i <= 30; ++i) ended(t0 + i * 1min, End::completed);
  auto transaction = must(db().read());
  const SlotQuery query{.longer_than = 20s, .limit = 1};
  const Walked first = must(walk_slots(*transaction, query, 10));
  EXPECT_TRUE(first.found.empty());
  ASSERT_TRUE(first.next);
  EXPECT_EQ(first.next->scheduled_for, t0 + 21min);  // so far back it has looked
  SlotQuery on = query;
  std::vector<Position> found;
  for (Walked walked = first; walked.next;) {
    on.after = walked.next;
    walked = must(walk_slots(*transaction, on, 10));
    found.insert(found.end(), walked.found.begin(), walked.found.end());
  }
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, 1);
}

TEST_F(SlotListTest, TheLastPageSaysThatItIs) {
  for (int i = 0; i < 4; ++i) ended(t0 + i * 1min, End::completed);
  EXPECT_TRUE(page({.limit = 3}).next);
  EXPECT_FALSE(page({.limit = 4}).next);
  EXPECT_FALSE(page({.ended = End::completed, .limit = 4}).next);
}

}  // namespace
}  // namespace hotclock::ledger
