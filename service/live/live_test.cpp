#include "service/live/live.h"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "service/ledger/ledger_support.h"

namespace hotclock::live {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

const audit::Person asha{"asha", "the provider is slow at night"};
const audit::Person ben{"ben", "a quiet weekend"};

class LiveTest : public ledger::LedgerFixture {
 protected:
  LiveTest() {
    must(worker().ledger().enrol(
        {{"trust-score", "0 3 * * *", t0}, {"throne-expiry", "* * * * *", t0}}));
  }
  Result<Change> tried(Edit edit, const audit::Person& by = asha, Instant now = t0) {
    return change(db(), edit, by, now);
  }
  Change schedules(const std::string& text, Instant now = t0) {
    return must(tried({.job = "trust-score", .act = "schedule.set", .set = {{"schedule", text}}},
                      asha, now));
  }
  Result<Change> undone(std::optional<std::int64_t> which = {}) {
    return undo(db(), "trust-score", which, {}, ben, t0 + 1h);
  }
  Standing stands() { return *must(in_force(db())).find("trust-score"); }
  using Values = std::vector<Value>;
  Values values() {
    const Standing now = stands();
    return {now.values.begin(), now.values.end()};
  }
};

TEST_F(LiveTest, AChangeIsInForceWithItsAuthorAndReason) {
  EXPECT_TRUE(must(in_force(db())).jobs.empty());
  const Change made = schedules("0 5 * * *");
  EXPECT_EQ(made.version, 1);
  EXPECT_EQ(made.became, (Values{{"schedule", "0 5 * * *"}}));
  const Standing now = stands();
  EXPECT_EQ(now.version, 1);
  EXPECT_EQ(values(), made.became);
  EXPECT_EQ(now.author + ": " + now.reason, "asha: the provider is slow at night");
  EXPECT_EQ(now.at, t0);
  EXPECT_EQ(now.schedule_version, 1);
}

TEST_F(LiveTest, ValuesAddUpUntilTheyAreReset) {
  schedules("0 5 * * *");
  must(tried({.job = "trust-score", .act = "priority", .set = {{"priority", "10"}}}, ben,
             t0 + 1min));
  EXPECT_EQ(values(), (Values{{"priority", "10"}, {"schedule", "0 5 * * *"}}));
  EXPECT_EQ(stands().schedule_version, 1);
  EXPECT_EQ(stands().scheduled_at, t0);
  must(tried({.job = "trust-score", .act = "schedule.reset", .reset = {"schedule", "zone", "dst"}},
             ben, t0 + 2min));
  EXPECT_EQ(values(), (Values{{"priority", "10"}}));
  EXPECT_EQ(stands().schedule_version, 3);
  EXPECT_EQ(stands().scheduled_at, t0 + 2min);
}

TEST_F(LiveTest, EachValueIsWhoseChangePutItThere) {
  schedules("0 5 * * *");
  must(tried({.job = "trust-score", .act = "priority", .set = {{"priority", "10"}}}, ben,
             t0 + 1min));
  must(tried({.job = "trust-score",
              .act = "schedule.set",
              .set = {{"schedule", "0 5 * * *"}, {"zone", "Asia/Kathmandu"}}},
             ben, t0 + 2min));
  const Standing now = stands();
  EXPECT_EQ(now.find("schedule")->author, "asha");
  EXPECT_EQ(now.find("schedule")->at, t0);
  EXPECT_EQ(now.find("priority")->version, 2);
  EXPECT_EQ(now.find("zone")->author + ": " + now.find("zone")->reason, "ben: a quiet weekend");
  EXPECT_EQ(now.find("enabled"), nullptr);
}

TEST_F(LiveTest, EveryChangeStandsInTheAuditWithBeforeAndAfter) {
  schedules("0 5 * * *");
  schedules("0 6 * * *");
  const auto rows = must(audit::list(db(), {.job = "trust-score"}));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].what, "schedule.set");
  EXPECT_EQ(rows[0].was, "schedule = 0 5 * * *");
  EXPECT_EQ(rows[0].became, "schedule = 0 6 * * *");
  EXPECT_EQ(rows[1].was, "by the files");
  EXPECT_EQ(must(audit::check(db())).broken, "");
}

TEST_F(LiveTest, AStaleVersionIsRefusedAndToldWhoWasFirst) {
  schedules("0 5 * * *");
  const auto late = tried(
      {.job = "trust-score", .act = "priority", .set = {{"priority", "1"}}, .version = 0}, ben);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Errc::stale);
  EXPECT_NE(late.error().message().find("version 1 by now (asha"), std::string::npos)
      << late.error().message();
  EXPECT_EQ(stands().version, 1);
  EXPECT_TRUE(tried(
      {.job = "trust-score", .act = "priority", .set = {{"priority", "1"}}, .version = 1}, ben));
}

TEST_F(LiveTest, WhatCannotBeChangedIsRefusedWithWhatCan) {
  const auto code = [this](Edit edit, const audit::Person& by = asha) {
    const auto result = tried(std::move(edit), by);
    return result ? "done" : std::string(to_string(result.error().code()));
  };
  EXPECT_EQ(code({.job = "trust-score", .act = "set", .set = {{"overlap", "wait"}}}), "invalid");
  EXPECT_EQ(code({.job = "trust-score", .act = "reset", .reset = {"overlap"}}), "invalid");
  EXPECT_EQ(code({.job = "trust-score", .act = "enable", .set = {{"enabled", "yes"}}}), "invalid");
  EXPECT_EQ(code({.job = "trust-score", .act = "priority"}), "invalid");
  EXPECT_EQ(code({.job = "trust-score", .act = "priority", .set = {{"priority", "1"}}}, {"asha"}),
            "invalid");
  EXPECT_EQ(code({.job = "trust-score", .act = "schedule.reset", .reset = {"schedule"}}),
            "conflict");
  const auto typo = tried({.job = "trust-scor", .act = "priority", .set = {{"priority", "1"}}});
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().code(), Errc::not_found);
  EXPECT_NE(typo.error().message().find("did you mean trust-score?"), std::string::npos);
  EXPECT_TRUE(must(in_force(db())).jobs.empty());
  EXPECT_TRUE(must(audit::list(db(), {})).empty());
}

TEST_F(LiveTest, TheNewestChangeIsTakenBackAndTheOthersStay) {
  schedules("0 5 * * *");
  must(tried({.job = "trust-score", .act = "disable", .set = {{"enabled", "false"}}}));
  const Change back = must(undone());
  EXPECT_EQ(back.version, 3);
  EXPECT_EQ(back.undoes, 2);
  EXPECT_EQ(back.author, "ben");
  EXPECT_EQ(values(), (Values{{"schedule", "0 5 * * *"}}));
  EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE disabled_by IS NOT NULL"), 0);
}

TEST_F(LiveTest, AnOlderChangeIsTakenBackUnlessItsKeysWereChangedSince) {
  schedules("0 5 * * *");
  must(tried({.job = "trust-score", .act = "priority", .set = {{"priority", "7"}}}));
  must(undone(1));
  EXPECT_EQ(values(), (Values{{"priority", "7"}}));
  schedules("0 6 * * *");
  schedules("0 7 * * *");
  const auto no = undone(4);
  ASSERT_FALSE(no);
  EXPECT_EQ(no.error().code(), Errc::conflict);
  EXPECT_NE(no.error().message().find("schedule was changed again since version 4"),
            std::string::npos);
  EXPECT_EQ(undone(99).error().code(), Errc::not_found);
}

TEST_F(LiveTest, AnUndoMayBeUndone) {
  schedules("0 5 * * *");
  must(undone());
  EXPECT_TRUE(values().empty());
  must(undone());
  EXPECT_EQ(values(), (Values{{"schedule", "0 5 * * *"}}));
  EXPECT_EQ(undo(db(), "throne-expiry", {}, {}, ben, t0).error().code(), Errc::not_found);
}

TEST_F(LiveTest, OfTwoWritersAtOnceOneIsStale) {
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> done = 0, stale = 0;
    std::barrier together(2);
    const auto writes = [&](const audit::Person& by, int priority) {
      together.arrive_and_wait();
      const auto result = tried({.job = "throne-expiry",
                                 .act = "priority",
                                 .set = {{"priority", std::to_string(priority)}},
                                 .version = round},
                                by);
      if (result) ++done;
      if (!result && result.error().code() == Errc::stale) ++stale;
    };
    std::thread one(writes, asha, 2 * round + 1), other(writes, ben, 2 * round + 2);
    one.join(), other.join();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(stale, 1);
  }
  EXPECT_EQ(must(in_force(db())).find("throne-expiry")->version, 10);
}

TEST_F(LiveTest, WritersWithoutAVersionAllSucceedInOneOrder) {
  std::vector<std::thread> people;
  std::atomic<int> done = 0;
  for (int person = 0; person < 4; ++person)
    people.emplace_back([&, person] {
      for (int act = 0; act < 10; ++act)
        if (tried({.job = "trust-score",
                   .act = "priority",
                   .set = {{"priority", std::to_string(1 + person * 10 + act)}}}))
          ++done;
    });
  for (std::thread& person : people) person.join();
  EXPECT_EQ(done, 40);
  EXPECT_EQ(stands().version, 40);
  const auto all = must(changes(db(), "trust-score", {}, 100));
  ASSERT_EQ(all.size(), 40u);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) EXPECT_EQ(all[i].was, all[i + 1].became);
}

TEST_F(LiveTest, TheNumberOfTheNewestRisesWithEveryChange) {
  std::int64_t before = must(newest(db()));
  EXPECT_EQ(before, 0);
  for (const char* text : {"0 5 * * *", "0 6 * * *", "0 7 * * *"}) {
    schedules(text);
    const std::int64_t after = must(newest(db()));
    EXPECT_GT(after, before);
    EXPECT_EQ(must(in_force(db())).newest, after);
    before = after;
  }
}

TEST_F(LiveTest, ChangesArePagedNewestFirst) {
  schedules("0 5 * * *");
  must(tried({.job = "throne-expiry", .act = "priority", .set = {{"priority", "7"}}}));
  schedules("0 6 * * *");
  EXPECT_EQ(must(changes(db(), "", {}, 9)).size(), 3u);
  const auto first = must(changes(db(), "trust-score", {}, 1));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].version, 2);
  const auto second = must(changes(db(), "trust-score", first[0].id, 9));
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].version, 1);
}

// How soon a call of await_news() tells is the engine's: on SQLite, when its time is over.
TEST_F(LiveTest, AChangeWakesOtherProcesses) {
  const auto other = ledger::migrated(url());
  std::stop_source stop;
  const auto news_within = [&](Duration span) {
    return must(other->await_news(std::chrono::steady_clock::now() + span, stop.get_token()));
  };
  while (news_within(50ms)) {
  }
  schedules("0 5 * * *");
  bool heard = false;
  for (int looks = 0; looks < 100 && !heard; ++looks) heard = news_within(50ms);
  EXPECT_TRUE(heard);
}

TEST_F(LiveTest, TheKillSwitchIsOnUntilItIsRevived) {
  EXPECT_FALSE(must(kill_switch(db())));
  EXPECT_EQ(kill(db(), false, {"asha"}, t0).error().code(), Errc::invalid);
  must(kill(db(), false, asha, t0));
  must(kill(db(), false, ben, t0 + 1h));
  const auto on = must(kill_switch(db()));
  ASSERT_TRUE(on);
  EXPECT_EQ(on->by + ": " + on->reason, "ben: a quiet weekend");
  EXPECT_EQ(on->since, t0);
  must(revive(db(), asha, t0 + 2h));
  EXPECT_FALSE(must(kill_switch(db())));
  EXPECT_EQ(revive(db(), asha, t0 + 2h).error().code(), Errc::conflict);
  EXPECT_EQ(must(audit::list(db(), {})).size(), 3u);
}

TEST_F(LiveTest, WhatRunsGoesOnUnderTheKillSwitchUnlessItIsAskedToStop) {
  worker().job("trust-score");
  worker().enters("trust-score", t0);
  const auto claim = worker().claims_one();
  must(kill(db(), false, asha, t0));
  EXPECT_TRUE(worker().claims().cancelled.empty());
  must(kill(db(), true, asha, t0));
  const auto asked = worker().claims().cancelled;
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0], claim.permit->execution);
  worker().ends(claim, Ends{End::cancelled}, "cancelled");
  expect_sound();
}

TEST_F(LiveTest, WhoSwitchedAJobOffStaysWhileOtherKeysChange) {
  must(tried({.job = "trust-score", .act = "disable", .set = {{"enabled", "false"}}}));
  must(tried({.job = "trust-score", .act = "priority", .set = {{"priority", "7"}}}, ben));
  EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE disabled_by = 'asha'"), 1);
  must(tried({.job = "trust-score", .act = "enable", .set = {{"enabled", "true"}}}, ben));
  EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE disabled_by IS NOT NULL"), 0);
}

}  // namespace
}  // namespace hotclock::live
