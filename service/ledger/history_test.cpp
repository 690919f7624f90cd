#include "service/ledger/history.h"

#include "service/ledger/control.h"
#include "service/ledger/ledger_support.h"
#include "service/ledger/retention.h"
#include "service/ledger/slot_list.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;

class HistoryTest : public LedgerFixture {
 protected:
  HistoryTest() {
    worker().job("pay");
    worker().job("rank");
  }
  // One slot that ended so.
  void ended(const std::string& job, Instant at, End end) {
    worker().enters(job, at);
    worker().ends(worker().claims_one(at), Ends{end}, std::string(to_string(end)), "", at);
  }
  std::vector<std::int64_t> ids(const SlotQuery& query) {
    std::vector<std::int64_t> found;
    for (const auto& view : must(list_slots(db(), query)).slots) found.push_back(view.id);
    return found;
  }
};

TEST_F(HistoryTest, SlotsAreListedNewestFirst) {
  ended("pay", t0, End::completed);
  ended("rank", t0 + 2s, End::completed);
  ended("pay", t0 + 1s, End::failed);
  EXPECT_EQ(ids({}), (std::vector<std::int64_t>{2, 3, 1}));
}

TEST_F(HistoryTest, ListsCanBeNarrowed) {
  ended("pay", t0, End::completed);
  ended("rank", t0 + 1s, End::failed);
  ended("pay", t0 + 2s, End::failed);
  worker().enters("pay", t0 + 3s);
  worker().enters("rank", t0 + 4s);
  worker().claims(1, t0 + 3s);
  EXPECT_EQ(ids({.job = "pay"}), (std::vector<std::int64_t>{4, 3, 1}));
  EXPECT_EQ(ids({.ended = End::failed}), (std::vector<std::int64_t>{3, 2}));
  EXPECT_EQ(ids({.job = "pay", .ended = End::failed}), std::vector<std::int64_t>{3});
  EXPECT_EQ(ids({.ended = End::completed}), std::vector<std::int64_t>{1});
  EXPECT_EQ(ids({.state = State::running}), std::vector<std::int64_t>{4});
  EXPECT_EQ(ids({.state = State::due}), std::vector<std::int64_t>{5});
  EXPECT_EQ(ids({.job = "pay", .state = State::due}), std::vector<std::int64_t>{});
  EXPECT_EQ(ids({.state = State::ended}), (std::vector<std::int64_t>{3, 2, 1}));
  EXPECT_EQ(ids({.since = t0 + 2s}), (std::vector<std::int64_t>{5, 4, 3}));
}

TEST_F(HistoryTest, PagesFollowOnAnotherWithoutGapOrRepetition) {
  for (int i = 0; i < 10; ++i) ended(i % 2 ? "pay" : "rank", t0 + i / 2 * 1s, End::completed);
  std::vector<std::int64_t> all;
  SlotQuery query{.limit = 3};
  for (;;) {
    const auto page = must(list_slots(db(), query));
    for (const auto& view : page.slots) all.push_back(view.id);
    if (!page.next) break;
    query.after = page.next;
  }
  EXPECT_EQ(all, ids({}));
  EXPECT_EQ(all.size(), 10u);
}

TEST_F(HistoryTest, OneExecutionIsShownWithAllAttemptsAndFailures) {
  worker().enters("pay", t0);
  const auto first = worker().claims_one();
  worker().ends(first, TriesAgain{t0 + 1min}, "failed", "the bank is shut");
  const auto second = worker().claims_one(t0 + 1min);
  auto a = worker().act(t0 + 2min);
  a.endings.push_back({.permit = second.permit,
                       .started_at = t0 + 1min,
                       .ended_at = t0 + 2min,
                       .follow = Ends{End::completed_with_errors},
                       .outcome = "completed_with_errors",
                       .tally = {{"users", 41}},
                       .set_aside = {{"user 4711", Error(Errc::check, "overflow")}},
                       .set_aside_total = 1});
  worker().settled(a);
  const auto shown = must(show_execution(db(), second.permit->execution.text()));
  EXPECT_EQ(shown.slot.ended, End::completed_with_errors);
  EXPECT_EQ(shown.slot.node, "node-a");
  ASSERT_EQ(shown.attempts.size(), 2u);
  EXPECT_EQ(shown.attempts[0].error, "the bank is shut");
  EXPECT_EQ(shown.attempts[1].tally, R"({"users":41})");
  EXPECT_EQ(shown.attempts[1].started_at, t0 + 1min);
  ASSERT_EQ(shown.failures.size(), 1u);
  EXPECT_EQ(shown.failures[0].record, "user 4711");
  EXPECT_EQ(shown.failures[0].code, "check");
  EXPECT_TRUE(must(show_execution(db(), first.permit->execution.text())).failures.empty());
}

TEST_F(HistoryTest, ARunningExecutionIsShown) {
  worker().enters("pay", t0);
  const auto claimed = worker().claims_one();
  const auto shown = must(show_execution(db(), claimed.permit->execution.text()));
  EXPECT_EQ(shown.slot.state, State::running);
  EXPECT_TRUE(shown.attempts.empty());
}

TEST_F(HistoryTest, JobsAreShownAsTheyStand) {
  ended("pay", t0, End::failed);
  ended("pay", t0 + 1s, End::timed_out);
  worker().enters("rank", t0 + 2s);
  worker().claims(1, t0 + 2s);
  const auto jobs = must(list_jobs(db()));
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(jobs[0].job, "pay");
  EXPECT_EQ(jobs[0].failures_in_a_row, 2);
  EXPECT_EQ(jobs[0].last_failure, t0 + 1s);
  ASSERT_TRUE(jobs[0].last_ended);
  EXPECT_EQ(jobs[0].last_ended->ended, End::timed_out);
  EXPECT_EQ(jobs[1].running, 1);
  EXPECT_FALSE(jobs[1].last_ended);
}

TEST_F(HistoryTest, TheSlotsOfARangeAreThoseFromItsBeginToBeforeItsEnd) {
  for (int i = 0; i < 4; ++i) ended("pay", t0 + i * 1min, End::completed);
  const auto found = must(slots_between(db(), "pay", t0 + 1min, t0 + 3min));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].slot.scheduled_for, t0 + 1min);
}

// ---------------------------------------------------------------- retention

TEST_F(HistoryTest, OldSlotsAreForgottenButTheNewestOfEachJobStay) {
  for (int i = 0; i < 20; ++i) ended("pay", t0 + i * 1h, End::completed);
  ended("rank", t0, End::completed);
  const auto gone =
      must(trim_history(db(), {.ended_before = t0 + 100h, .keep_per_job = 5, .at_once = 4}));
  EXPECT_EQ(gone, 15);
  EXPECT_EQ(ids({.job = "pay"}).size(), 5u);
  EXPECT_EQ(ids({.job = "rank"}).size(), 1u);
  EXPECT_EQ(number("SELECT count(*) FROM history"), 6);
  expect_sound();
}

TEST_F(HistoryTest, WhatEndedLatelyOrNotAtAllIsKept) {
  worker().enters("pay", t0);
  ended("rank", t0, End::completed);
  ended("rank", t0 + 10h, End::failed);
  ended("rank", t0 + 11h, End::failed);
  EXPECT_EQ(must(trim_history(db(), {.ended_before = t0 + 1h, .keep_per_job = 0})), 1);
  EXPECT_EQ(ids({}).size(), 3u);
}

TEST_F(HistoryTest, FailuresGoWithTheirExecution) {
  worker().enters("pay", t0);
  auto a = worker().act();
  a.endings.push_back({.permit = worker().claims_one().permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Ends{End::completed_with_errors},
                       .outcome = "completed_with_errors",
                       .set_aside = {{"user 1", Error(Errc::check, "x")}},
                       .set_aside_total = 1});
  worker().settled(a);
  ended("pay", t0 + 1s, End::completed);
  EXPECT_EQ(must(trim_history(db(), {.ended_before = t0 + 1h, .keep_per_job = 1})), 1);
  EXPECT_EQ(number("SELECT count(*) FROM failures"), 0);
}

TEST_F(HistoryTest, EachEndIsKeptByItsOwnRule) {
  for (int i = 0; i < 6; ++i) ended("pay", t0 + i * 24h, i % 2 ? End::failed : End::completed);
  ended("rank", t0, End::completed);
  const Retention keep{.ended_before = t0,
                       .ends = {{End::completed, {.ended_before = t0 + 60h}},
                                {End::failed, {.ended_before = t0, .most = 2}}},
                       .keep_per_job = 1,
                       .at_once = 2};
  EXPECT_EQ(must(trim_history(db(), keep)), 3);  // completed on days 0 and 2, failed on day 1
  EXPECT_EQ(ids({.job = "pay"}), (std::vector<std::int64_t>{6, 5, 4}));
  EXPECT_EQ(ids({.job = "rank"}).size(), 1u);
  EXPECT_EQ(must(trim_history(db(), keep)), 0);
}

TEST_F(HistoryTest, WhatWasDueLatelyStaysHoweverManyThereAre) {
  for (int i = 0; i < 6; ++i) ended("pay", t0 + i * 24h, End::completed);
  const Retention keep{.ended_before = t0,
                       .ends = {{End::completed, {.ended_before = t0, .most = 1}}},
                       .keep_per_job = 1,
                       .due_before = t0 + 48h};
  EXPECT_EQ(must(trim_history(db(), keep)), 2);
  EXPECT_EQ(ids({}), (std::vector<std::int64_t>{6, 5, 4, 3}));
}

TEST_F(HistoryTest, ADividedSlotIsForgottenWithItsPartitions) {
  worker().enters("pay", t0);
  auto a = worker().act();
  a.endings.push_back({.permit = worker().claims_one().permit,
                       .started_at = t0,
                       .ended_at = t0,
                       .follow = Divides{.cursors = {"a", "b"}, .progress_total = 2},
                       .outcome = "divided"});
  worker().settled(a);
  for (const Claim& claim : worker().claims(10, t0).claims) worker().completes(claim, t0 + 1h);
  ended("pay", t0 + 24h, End::completed);
  ended("pay", t0 + 48h, End::completed);
  EXPECT_EQ(must(trim_history(db(), {.ended_before = t0 + 2h, .keep_per_job = 1})), 1);
  EXPECT_EQ(number("SELECT count(*) FROM slots"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM history"), 2);
  expect_sound();
}

TEST_F(HistoryTest, WhatEachAttemptSaidIsShownWithIt) {
  worker().enters("pay", t0);
  const auto says = [&](const Claim& claim, Follow follow, std::string text, std::int64_t dropped) {
    auto a = worker().act();
    a.endings.push_back({.permit = claim.permit,
                         .started_at = t0,
                         .ended_at = t0,
                         .follow = follow,
                         .outcome = "failed",
                         .log = {std::move(text), dropped}});
    worker().settled(a);
    return claim.permit->execution.text();
  };
  const auto first =
      says(worker().claims_one(), TriesAgain{t0}, "line one\nline \xE2\x82\xAC two\n", 7);
  const auto second = says(worker().claims_one(), Ends{End::completed}, "at last\n", 0);
  EXPECT_EQ(must(show_execution(db(), first)).log.text, "line one\nline \xE2\x82\xAC two\n");
  EXPECT_EQ(must(show_execution(db(), first)).log.dropped, 7);
  EXPECT_EQ(must(show_execution(db(), second)).log.text, "at last\n");
  EXPECT_EQ(must(show_execution(db(), "1")).log.text, "at last\n");
}

TEST_F(HistoryTest, AnAttemptThatSaidNothingHasNoLog) {
  ended("pay", t0, End::completed);
  EXPECT_EQ(number("SELECT count(*) FROM execution_logs"), 0);
  EXPECT_TRUE(must(show_execution(db(), "1")).log.empty());
}

TEST_F(HistoryTest, LogsGoWithTheirExecution) {
  for (int i = 0; i < 3; ++i) {
    worker().enters("pay", t0 + i * 1s);
    const Claim claim = worker().claims_one(t0 + i * 1s);
    auto a = worker().act(t0 + i * 1s);
    a.endings.push_back({.permit = claim.permit,
                         .started_at = t0,
                         .ended_at = t0,
                         .follow = Ends{End::completed},
                         .outcome = "completed",
                         .log = {"said", 0}});
    worker().settled(a);
  }
  EXPECT_EQ(number("SELECT count(*) FROM execution_logs"), 3);
  must(trim_history(db(), {.ended_before = t0 + 1h, .keep_per_job = 1}));
  EXPECT_EQ(number("SELECT count(*) FROM execution_logs"), 1);
}

TEST_F(HistoryTest, ASlotsNumberIsNeverGivenTwice) {
  ended("pay", t0, End::completed);
  ended("pay", t0 + 1s, End::completed);
  must(trim_history(db(), {.ended_before = t0 + 1h, .keep_per_job = 0}));
  ended("pay", t0 + 2s, End::completed);
  EXPECT_EQ(ids({}), (std::vector<std::int64_t>{3, 2}));
}

TEST_F(HistoryTest, PastWorkTellsHowLongTheLastAttemptsTookAndHowManyFailed) {
  for (int i = 1; i <= 4; ++i) {
    const Instant at = t0 + i * 1min;
    worker().enters("pay", at);
    auto a = worker().act(at + i * 1s);
    const Claim claim = worker().claims_one(at);
    a.endings.push_back({.permit = claim.permit,
                         .started_at = at,
                         .ended_at = at + i * 1s,
                         .follow = Ends{i == 3 ? End::failed : End::completed},
                         .outcome = i == 3 ? "failed" : "completed"});
    worker().settled(a);
  }
  const auto past = must(past_work(db(), "pay", 3));
  EXPECT_EQ(past.durations, (std::vector<Duration>{4s, 3s, 2s}));
  EXPECT_EQ(past.failed, 1);
  EXPECT_TRUE(must(past_work(db(), "nobody", 3)).durations.empty());
}

}  // namespace
}  // namespace hotclock::ledger
