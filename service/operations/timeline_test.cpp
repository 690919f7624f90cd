#include <memory>

#include <fmt/format.h>

#include "service/ledger/ledger_support.h"
#include "service/operations/instants.h"
#include "service/operations/operations_support.h"

namespace hotclock::operations {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class TimelineTest : public OperationsFixture {
 protected:
  TimelineTest() : worker_(*database) { worker_.job("stream-ranking"); }

  json::object lane(Instant from, Instant to, std::string_view job = "stream-ranking") {
    told_ =
        gets(fmt::format("/timeline?from={}&to={}", rfc3339(from), rfc3339(to))).body.as_object();
    for (const json::value& one : told_.at("items").as_array())
      if (one.at("job").as_string() == job) return one.as_object();
    return {};
  }
  auto enters(Instant at) {
    worker_.enters("stream-ranking", at);
    return worker_.claims_one(clock.now());
  }
  // Worked from `began` to `ended`.
  void worked(Instant due, Instant began, Instant ended) {
    clock.set_wall(began);
    const auto claim = enters(due);
    clock.set_wall(ended);
    auto act = worker_.act(ended);
    act.endings.push_back({.permit = claim.permit,
                           .started_at = began,
                           .ended_at = ended,
                           .follow = Ends{End::completed},
                           .outcome = "completed"});
    worker_.settled(act);
  }
  ledger::Worker worker_;
  json::object told_;
};

TEST_F(TimelineTest, ABarSaysWhenItWasDueBeganAndEnded) {
  worked(t0, t0 + 3s, t0 + 45s);
  const auto bars = lane(t0 - 1min, t0 + 1h).at("bars").as_array();
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].at("due_ms"), 60'000);
  EXPECT_EQ(bars[0].at("began_ms"), 63'000);
  EXPECT_EQ(bars[0].at("ended_ms"), 105'000);
  EXPECT_EQ(bars[0].at("standing"), "completed");
  EXPECT_TRUE(told_.at("cell_ms").is_null());
}

TEST_F(TimelineTest, WhatRunsHasNoEndAndIsThereWheneverItWasDue) {
  enters(t0 - 72h);
  const auto bars = lane(t0 - 1h, t0 + 1h).at("bars").as_array();
  ASSERT_EQ(bars.size(), 1u);
  EXPECT_EQ(bars[0].at("standing"), "running");
  EXPECT_EQ(bars[0].at("due_ms"), -71 * 3'600'000);
  EXPECT_TRUE(bars[0].at("ended_ms").is_null());
}

TEST_F(TimelineTest, WhatTookLongReachesIntoTheRange) {
  worked(t0, t0, t0 + 2h);
  worked(t0 + 1min, t0 + 2h, t0 + 2h + 1s);
  EXPECT_EQ(lane(t0 + 1h, t0 + 3h).at("bars").as_array().size(), 1u);
  EXPECT_TRUE(lane(t0 + 2h + 2s, t0 + 3h).at("bars").as_array().empty());
}

TEST_F(TimelineTest, EveryJobHasItsLaneAndWhatComes) {
  const auto coming = lane(t0 - 1h, t0 + 25h, "og-daily-bonus").at("coming").as_array();
  ASSERT_FALSE(coming.empty());
  for (const auto& run : coming) EXPECT_GE(run.at("due_ms").as_int64(), 3'600'000);
  EXPECT_TRUE(lane(t0 - 2h, t0 - 1h, "og-daily-bonus").at("coming").as_array().empty());
}

TEST_F(TimelineTest, WhatComesTooOftenSaysThatMoreComes) {
  const auto month = lane(t0, t0 + 31 * 24h);
  EXPECT_EQ(month.at("coming_until").is_null(), month.at("coming").as_array().size() < 300u);
}

TEST_F(TimelineTest, TooManyBarsAreCounted) {
  clock.set_wall(t0 + 4h);
  const auto claim = enters(t0);
  worker_.completes(claim, clock.now());
  // Written without a worker: as many slots as it takes.
  auto transaction = ledger::must(database->write());
  ledger::must(transaction->script(
      "INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, "
      "requested_by, entered_at)"
      " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050)"
      " SELECT s.job_id, s.scheduled_for, 'k' || n.i, s.trigger, 0, 0, '', s.entered_at FROM slots "
      "AS s CROSS JOIN n"));
  ledger::must(transaction->script(
      "INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason)"
      " SELECT s.id, 1, 'missed', 0, s.entered_at, 'missed', '' FROM slots AS s WHERE s.slot_key "
      "LIKE 'k%'"));
  ledger::must(transaction->commit());
  const auto full = lane(t0, t0 + 4h);
  EXPECT_TRUE(full.at("bars").as_array().empty());
  EXPECT_EQ(told_.at("cell_ms"), 60'000);
  ASSERT_EQ(full.at("cells").as_array().size(), 1u);
  EXPECT_EQ(full.at("cells").at(0).at("slots"),
            (json::value{{"completed", 1}, {"missed", 10'050}}));
}

TEST_F(TimelineTest, ARangeHasAnOrderAndABound) {
  EXPECT_EQ(gets("/timeline?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z").status, 400);
  EXPECT_EQ(gets("/timeline?from=2026-10-01T00:00:00Z&to=2026-11-23T00:00:00Z").status, 400);
  EXPECT_EQ(gets("/timeline").status, 200);
}

}  // namespace
}  // namespace hotclock::operations
