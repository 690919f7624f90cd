// What live changes, the kill switch and maintenance are to a ledger, whatever keeps it.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/conformance/world.h"

namespace hotclock::conformance {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

class LiveLedgerTest : public testing::TestWithParam<std::string> {
 protected:
  LiveLedgerTest() : world_(make_world(GetParam())) { enrols("* * * * * UTC"); }

  World& world() { return *world_; }
  Policy& policy() { return *policy_; }
  void at(Instant t) { now_ = t; }
  JobRow enrols(const std::string& schedule) {
    return world().node(0).enrol({{"pay", schedule, t0}}).value().front();
  }
  Settled settle(Settlement act) {
    act.now = now_;
    act.asked = Steady{} + (now_ - t0);
    auto settled = world().node(0).settle(act, [this](const std::string& name) {
      return name == "pay" ? std::shared_ptr<const Policy>(policy_) : nullptr;
    });
    EXPECT_TRUE(settled) << settled.error().message();
    return settled ? std::move(settled).value() : Settled{};
  }
  // Slots of the schedule, as a node brings them that goes by this version of it.
  void enters(std::vector<Instant> instants, std::int64_t rescheduled = 0) {
    Settlement act;
    for (const Instant at : instants)
      act.entries.push_back({.slot = {"pay", at}, .available_at = at, .rescheduled = rescheduled});
    act.cursors.push_back({"pay", instants.back(), rescheduled});
    settle(std::move(act));
  }
  Settled claims() { return settle({.room = 100}); }
  std::size_t slots() { return world().slots().size(); }
  SeenSlot slot(Instant at) {
    const auto all = world().slots();
    return *std::ranges::find(all, at,
                              [](const SeenSlot& seen) { return seen.slot.scheduled_for; });
  }

 private:
  std::unique_ptr<World> world_;
  std::shared_ptr<Policy> policy_ = std::make_shared<Policy>();
  Instant now_ = t0;
};

INSTANTIATE_TEST_SUITE_P(Engines, LiveLedgerTest, testing::ValuesIn(engines()),
                         [](const auto& given) { return given.param; });

TEST_P(LiveLedgerTest, WhatIsSwitchedOffIsRefusedWhoeverAsks) {
  enters({t0});
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0);
  world().switch_off("pay", "asha", "migration", t0);
  const auto settled = claims();
  EXPECT_TRUE(settled.claims.empty());
  ASSERT_EQ(settled.refusals.size(), 2u);
  EXPECT_EQ(kind_of(settled.refusals[0].why), "disabled");
  EXPECT_EQ(slot(t0).reason, "switched off by asha: migration");
  world().switch_on("pay", t0);
  enters({t0 + 1min});
  at(t0 + 1min);
  EXPECT_EQ(claims().claims.size(), 1u);
}

TEST_P(LiveLedgerTest, TheKillSwitchRefusesEverythingUntilItIsOff) {
  enters({t0});
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0);
  world().switch_off("", "asha", "wrong amounts", t0);
  const auto settled = claims();
  EXPECT_TRUE(settled.claims.empty());
  ASSERT_EQ(settled.refusals.size(), 2u);
  EXPECT_EQ(kind_of(settled.refusals[0].why), "kill_switch");
  EXPECT_EQ(slot(t0).reason, "kill switch by asha: wrong amounts");
  EXPECT_EQ(slot(t0).end, End::refused);
  world().switch_on("", t0);
  enters({t0 + 1min});
  at(t0 + 1min);
  EXPECT_EQ(claims().claims.size(), 1u);
}

TEST_P(LiveLedgerTest, PartsOfWhatWasDividedWaitForTheKillSwitch) {
  enters({t0});
  const auto whole = claims().claims.at(0);
  settle({.endings = {{.permit = whole.permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Divides{{"a", "b"}, 10},
                       .outcome = "divided"}}});
  world().switch_off("", "asha", "wrong amounts", t0);
  const auto held_up = claims();
  EXPECT_TRUE(held_up.claims.empty());
  EXPECT_TRUE(held_up.refusals.empty());
  ASSERT_TRUE(held_up.next_available);
  EXPECT_GT(*held_up.next_available, t0);
  world().switch_on("", t0);
  at(*held_up.next_available);
  EXPECT_EQ(claims().claims.size(), 2u);
}

TEST_P(LiveLedgerTest, ASlotWaitsForTheEndOfMaintenance) {
  policy().maintenance.push_back({"tonight", Maintenance::Once{t0 - 1h, t0 + 1h}});
  enters({t0});
  const auto held_up = claims();
  EXPECT_TRUE(held_up.claims.empty());
  EXPECT_EQ(held_up.next_available, t0 + 1h);
  EXPECT_EQ(slot(t0).state, State::due);
  EXPECT_EQ(slot(t0).reason, "waits for the end of maintenance tonight");
  world().enter_manual({"pay", t0, Trigger::manual, "asha-1"}, "asha", t0);
  EXPECT_EQ(claims().claims.size(), 1u);
  policy().overlap = Overlap::allow;
  policy().max_running = 2;
  at(t0 + 1h);
  EXPECT_EQ(claims().claims.size(), 1u);
}

TEST_P(LiveLedgerTest, ANodeThatHasNotHeardOfAChangeEntersNoSlotOfTheOldSchedule) {
  enters({t0});
  const auto version = world().reschedule("pay", t0);
  enters({t0 + 1min, t0 + 2min}, version - 1);
  enters({t0 + 3min}, version - 1);
  EXPECT_EQ(slots(), 1u);
  EXPECT_EQ(enrols("*/5 * * * * UTC").entered_until, t0);
  enters({t0 + 5min}, version);
  EXPECT_EQ(slots(), 2u);
}

TEST_P(LiveLedgerTest, WhatIsNotOfTheScheduleIsEnteredAllTheSame) {
  world().reschedule("pay", t0);
  settle({.entries = {{.slot = {"pay", t0, Trigger::early}, .available_at = t0}},
          .cursors = {{"pay", t0, 0}}});
  EXPECT_EQ(slots(), 1u);
}

TEST_P(LiveLedgerTest, ANodeThatHasNotHeardOfAChangeDoesNotPutTheOldScheduleBack) {
  const auto version = world().reschedule("pay", t0);
  settle({.cursors = {{"pay", t0 + 1min, version, "*/5 * * * * UTC"}}});
  settle({.cursors = {{"pay", t0 + 2min, version - 1, "* * * * * UTC"}}});
  const JobRow stood = enrols("* * * * * UTC");
  EXPECT_EQ(stood.schedule, "*/5 * * * * UTC");
  EXPECT_EQ(stood.entered_until, t0 + 1min);
}

}  // namespace
}  // namespace hotclock::conformance
