#include <algorithm>
#include <memory>

#include "service/ledger/ledger_support.h"
#include "service/operations/operations_support.h"

namespace hotclock::operations {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class OverviewTest : public OperationsFixture {
 protected:
  OverviewTest() : worker_(*database) { worker_.job("stream-ranking"); }

  json::object overview() { return gets("/overview").body.as_object(); }
  json::object job(std::string_view name) {
    const json::object all = overview();
    for (const json::value& one : all.at("jobs").at("items").as_array())
      if (one.at("job").as_string() == name) return one.as_object();
    return {};
  }
  // A slot of stream-ranking, claimed now.
  auto claims() {
    posts("/jobs/stream-ranking/run");
    return worker_.claims_one(clock.now());
  }
  void fails(const Claim& claim) {
    worker_.ends(claim, Ends{End::failed}, "failed", "a deadlock", clock.now());
  }
  // It began so long ago, and ends well.
  void took(const Claim& claim, Duration so_long) {
    auto act = worker_.act(clock.now());
    act.endings.push_back({.permit = claim.permit,
                           .started_at = clock.now() - so_long,
                           .ended_at = clock.now(),
                           .follow = Ends{End::completed},
                           .outcome = "completed"});
    worker_.settled(act);
  }
  ledger::Worker worker_;
};

TEST_F(OverviewTest, SaysWhatComesOnWhoseClock) {
  const auto bonus = job("og-daily-bonus");
  ASSERT_FALSE(bonus.empty());
  ASSERT_EQ(bonus.at("coming").as_array().size(), 1u);
  EXPECT_EQ(bonus.at("coming").at(0).at("at"), bonus.at("next"));
  EXPECT_LE(job("stream-ranking").at("coming").as_array().size(), 24u);
}

TEST_F(OverviewTest, SaysUntilWhenWhatRunsIsExpectedToRun) {
  for (int i = 0; i < 3; ++i) {
    const auto claim = claims();
    clock.advance(40s);
    took(claim, 40s);
  }
  claims();
  const auto running = overview().at("running").at("items").as_array();
  ASSERT_EQ(running.size(), 1u);
  EXPECT_EQ(running[0].at("usual_ms"), 40'000);
  EXPECT_FALSE(running[0].at("expected_end").is_null());
  clock.advance(41s);
  EXPECT_TRUE(overview().at("running").at("items").at(0).at("expected_end").is_null());
}

TEST_F(OverviewTest, PutsWhatFailsFirst) {
  EXPECT_NE(overview().at("jobs").at("items").at(0).at("job"), "stream-ranking");
  fails(claims());
  const auto jobs = overview().at("jobs").as_object();
  EXPECT_EQ(jobs.at("items").at(0).at("job"), "stream-ranking");
  EXPECT_EQ(jobs.at("failing"), 1);
  EXPECT_EQ(jobs.at("left_off"), 0);
}

TEST_F(OverviewTest, CountsWhatIsPausedAndTheKillSwitch) {
  posts("/jobs/stream-ranking/pause");
  does(asha, "PUT", "/kill-switch", R"({"reason":"a test"})");
  EXPECT_EQ(overview().at("jobs").at("paused"), 1);
  EXPECT_EQ(overview().at("kill_switch").at("on"), true);
}

TEST_F(OverviewTest, SaysHowLongSlotsWaitedInEachQueueByTheHour) {
  const auto last_hour = [&](std::string_view queue) {
    for (const json::value& one : items(gets("/queues")))
      if (one.at("queue").as_string() == queue)
        return one.at("hours").as_array().back().as_object();
    return json::object();
  };
  EXPECT_TRUE(last_hour("default").at("p50_ms").is_null());
  for (int i = 1; i <= 4; ++i) {
    worker_.enters("stream-ranking", clock.now());
    clock.advance(i * 10s);
    const auto claim = worker_.claims_one(clock.now());
    if (i < 4) took(claim, 0s);  // the last one runs still
  }
  EXPECT_EQ(last_hour("default").at("slots"), 4);
  EXPECT_NEAR(last_hour("default").at("p50_ms").to_number<double>(), 20'000, 200);
  EXPECT_NEAR(last_hour("default").at("p95_ms").to_number<double>(), 40'000, 400);
  clock.advance(90min);
  EXPECT_EQ(last_hour("default").at("slots"), 0);
  EXPECT_EQ(items(gets("/queues"))[0].at("hours").at(22).at("slots"), 4);
}

TEST_F(OverviewTest, SaysHowManyWaitInEachQueue) {
  posts("/jobs/stream-ranking/run");
  const auto queues = overview().at("queues").as_array();
  ASSERT_FALSE(queues.empty());
  EXPECT_EQ(queues[0].at("due"), 1);
  EXPECT_FALSE(queues[0].at("oldest_due").is_null());
}

TEST_F(OverviewTest, TheLastDayIsCountedByHalfHours) {
  worker_.completes(claims(), clock.now());
  clock.advance(29min);
  fails(claims());
  clock.advance(2min);
  claims();
  const auto day = gets("/overview/last-day").body.as_object();
  ASSERT_EQ(day.at("items").as_array().size(), 1u);
  const auto& cells = day.at("items").at(0).at("cells").as_array();
  ASSERT_EQ(cells.size(), 2u);
  EXPECT_EQ(cells[0].at("slots"), (json::value{{"completed", 1}, {"failed", 1}}));
  EXPECT_EQ(cells[1].at("slots"), (json::value{{"running", 1}}));
  EXPECT_TRUE(day.at("counted_from").is_null());
}

TEST_F(OverviewTest, TheLastSlotsOfEachJobAreToldNewestFirst) {
  for (int i = 1; i <= 3; ++i) {
    const auto claim = claims();
    clock.advance(i * 10s);
    i == 2 ? fails(claim) : took(claim, i * 10s);
  }
  const auto answer = gets("/overview/recent?each=2");
  const auto slots_of = [&](std::string_view job) {
    for (const json::value& one : items(answer))
      if (one.at("job").as_string() == job) return one.at("slots").as_array();
    throw std::runtime_error("no such job");
  };
  const json::array slots = slots_of("stream-ranking");
  ASSERT_EQ(slots.size(), 2u);
  EXPECT_EQ(slots[0].at("ended"), "completed");
  EXPECT_EQ(slots[0].at("took_ms"), 30'000);
  EXPECT_EQ(slots[1].at("ended"), "failed");
  EXPECT_NE(slots[0].at("execution"), "");
  EXPECT_TRUE(slots_of("trust-score").empty());
}

// ---------------------------------------------------------------- the agenda

TEST_F(OverviewTest, TheAgendaHasRareRunsOneByOneAndFrequentOnesAsALine) {
  const auto agenda = gets("/overview/agenda?from=2026-11-24T00:00:00Z").body.as_object();
  EXPECT_EQ(agenda.at("to"), "2026-11-25T00:00:00.000Z");
  EXPECT_EQ(agenda.at("cell_ms"), 900'000);
  std::int64_t bonus = 0;
  for (const json::value& item : agenda.at("items").as_array())
    bonus += item.at("job").as_string() == "og-daily-bonus";
  EXPECT_EQ(bonus, 1);
  const auto& often = agenda.at("often").as_array();
  const auto thrones = std::ranges::find_if(
      often, [](const json::value& one) { return one.at("job").as_string() == "throne-expiry"; });
  ASSERT_NE(thrones, often.end());
  EXPECT_GT(thrones->at("runs").to_number<int>(), 24);
  EXPECT_TRUE(agenda.at("counted_until").is_null());
  EXPECT_EQ(agenda.at("left_off"), 0);
}

TEST_F(OverviewTest, TheAgendaCountsWhatIsDueAtOnce) {
  settings("schedule = \"30 2 * * *\"\nzone = \"UTC\"\n");
  const auto agenda =
      gets("/overview/agenda?from=2026-11-24T02:30:00Z&to=2026-11-24T02:31:00Z").body.as_object();
  EXPECT_EQ(agenda.at("cell_ms"), 60'000);
  ASSERT_EQ(agenda.at("cells").as_array().size(), 1u);
  const json::value& cell = agenda.at("cells").at(0);
  EXPECT_EQ(cell.at("at"), "2026-11-24T02:30:00.000Z");
  EXPECT_GE(cell.at("together").as_int64(), 2) << "the bonus, and what is due each minute";
  EXPECT_LE(cell.at("together").as_int64(), cell.at("due").as_int64());
}

TEST_F(OverviewTest, TheAgendaLeavesOutWhatNobodyWillWork) {
  settings("enabled = false\n");
  const auto agenda = gets("/overview/agenda").body.as_object();
  for (const json::value& item : agenda.at("items").as_array())
    EXPECT_NE(item.at("job"), "og-daily-bonus");
}

TEST_F(OverviewTest, TheAgendaSaysWhatABlackoutTakesAndWhatIsPaused) {
  settings(
      "schedule = \"0 6,18 * * *\"\nzone = \"UTC\"\nblackouts = "
      "[\"2026-11-24T05:00/2026-11-24T07:00\"]\n");
  posts("/jobs/og-daily-bonus/pause", R"({"reason":"a test","until":"2026-11-24T12:00:00Z"})");
  const auto agenda = gets("/overview/agenda?from=2026-11-24T00:00:00Z").body.as_object();
  std::vector<json::value> runs;
  for (const json::value& item : agenda.at("items").as_array())
    if (item.at("job").as_string() == "og-daily-bonus") runs.push_back(item);
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_TRUE(runs[0].at("lost").as_bool());
  EXPECT_NE(std::string(runs[0].at("note").as_string()).find("blackout"), std::string::npos);
  EXPECT_TRUE(runs[0].at("paused").as_bool());
  EXPECT_FALSE(runs[1].at("lost").as_bool());
  EXPECT_FALSE(runs[1].at("paused").as_bool()) << "by then it is resumed";
}

TEST_F(OverviewTest, TheAgendaNotesWhatAChangeOfTheClocksTakesAway) {
  settings("schedule = \"30 2 * * *\"\nzone = \"America/New_York\"\ndst = \"ocps\"\n");
  const auto agenda =
      gets("/overview/agenda?from=2027-03-14T05:00:00Z&to=2027-03-14T12:00:00Z").body.as_object();
  bool told = false;
  for (const json::value& item : agenda.at("items").as_array())
    told = told || (item.at("lost").as_bool() && item.at("job").as_string() == "og-daily-bonus");
  EXPECT_TRUE(told);
}

TEST_F(OverviewTest, TheAgendaIsOfThreeDaysAtMost) {
  EXPECT_EQ(gets("/overview/agenda?to=2026-11-30T00:00:00Z").status, 400);
  EXPECT_EQ(gets("/overview/agenda?from=2026-11-24T01:00:00Z&to=2026-11-24T01:00:00Z").status, 400);
}

TEST_F(OverviewTest, TheLastDayForgetsWhatIsOlder) {
  worker_.completes(claims(), clock.now());
  clock.advance(25h);
  EXPECT_TRUE(gets("/overview/last-day").body.at("items").as_array().empty());
}

}  // namespace
}  // namespace hotclock::operations
