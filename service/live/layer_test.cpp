#include "service/live/layer.h"

#include <gtest/gtest.h>

namespace hotclock::live {
namespace {

constexpr Instant t0 = from_millis(1'790'000'000'000);

class LayerTest : public testing::Test {
 protected:
  void live(const std::string& job, std::vector<Value> values) {
    Standing standing{
        .job = job, .version = ++version_, .schedule_version = version_, .scheduled_at = t0};
    for (Value& value : values) standing.values.push_back({value, version_, "asha", "quieter", t0});
    in_force_.jobs.push_back(std::move(standing));
  }
  Laid laid() {
    auto result = lay_over(sources_, environment_, jobs_, in_force_);
    EXPECT_TRUE(result) << result.error().message();
    return std::move(result).value();
  }
  std::vector<Drift> drifts() {
    const auto files = config::read(sources_, environment_, jobs_);
    return drift(files.value(), in_force_, laid().left_out);
  }
  static const config::JobConfig& pay(const Laid& laid) { return laid.settings.jobs.at(0); }
  static std::string origin(const Laid& laid, const std::string& key) {
    for (const auto& shown : laid.settings.shown)
      if (shown.key == key) return shown.origin;
    return "nowhere";
  }

  config::Sources sources_{
      config::File{"hotclock.toml", ""},
      {{"jobs.d/pay.toml", "schedule = '0 3 * * *'\npriority = 1\n[env.night]\npriority = 2\n"}}};
  config::Environment environment_;
  std::vector<config::JobDefaults> jobs_{{.name = "pay", .schedule = "* * * * *"},
                                         {.name = "rank", .schedule = "*/5 * * * *"}};
  InForce in_force_;

 private:
  std::int64_t version_ = 0;
};

TEST_F(LayerTest, ALiveValueIsStrongerThanEveryFileAndTheEnvironment) {
  environment_ = {{"HOTCLOCK_PROFILE", "night"}, {"HOTCLOCK_JOBS__PAY__PRIORITY", "3"}};
  EXPECT_EQ(pay(laid()).policy->priority, 3);
  live("pay", {{"priority", "4"}, {"schedule", "0 5 * * *"}});
  EXPECT_EQ(pay(laid()).policy->priority, 4);
  EXPECT_EQ(pay(laid()).schedule.text(), "0 5 * * *");
  EXPECT_EQ(origin(laid(), "jobs.pay.priority"), "live change 1 by asha");
  EXPECT_EQ(origin(laid(), "jobs.pay.zone"), "default");
}

TEST_F(LayerTest, AJobThatIsOffInAFileIsSwitchedOnLiveAndTheOtherWayRound) {
  sources_.jobs[0].text = "enabled = false\n";
  live("pay", {{"enabled", "true"}});
  live("rank", {{"enabled", "false"}});
  const Laid settings = laid();
  EXPECT_TRUE(pay(settings).policy->enabled);
  EXPECT_FALSE(settings.settings.jobs.at(1).policy->enabled);
  EXPECT_EQ(settings.settings.jobs.at(1).policy->disabled_by, "live change 2 by asha");
}

TEST_F(LayerTest, TheScheduleKnowsWhoseChangeItGoesBy) {
  EXPECT_EQ(pay(laid()).rescheduled, Rescheduled{});
  live("pay", {});
  EXPECT_EQ(pay(laid()).rescheduled, (Rescheduled{1, t0}));
}

TEST_F(LayerTest, AValueThatIsNoGoodIsLeftOutAndTheOthersCount) {
  live("pay", {{"schedule", "0 5 31 2 *"}, {"priority", "9"}});
  live("rank", {{"priority", "very"}, {"zone", "Asia/Kathmandu"}});
  const Laid settings = laid();
  EXPECT_EQ(pay(settings).schedule.text(), "0 3 * * *");
  EXPECT_EQ(pay(settings).policy->priority, 9);
  EXPECT_EQ(settings.settings.jobs.at(1).schedule.zone().name(), "Asia/Kathmandu");
  ASSERT_EQ(settings.left_out.size(), 2u);
  EXPECT_EQ(settings.left_out[0].keys, std::vector<std::string>{"schedule"});
  EXPECT_NE(settings.left_out[0].why.find("live change 1 by asha: jobs.pay.schedule"),
            std::string::npos)
      << settings.left_out[0].why;
  EXPECT_EQ(settings.left_out[1].keys, std::vector<std::string>{"priority"});
}

TEST_F(LayerTest, AValueOfAJobThatNobodyKnowsIsLeftAlone) {
  live("pray", {{"priority", "4"}});
  EXPECT_TRUE(laid().left_out.empty());
  ASSERT_EQ(drifts().size(), 1u);
  EXPECT_EQ(drifts()[0].kind, Drift::Kind::nowhere);
}

TEST_F(LayerTest, AMistakeOfAFileIsNoneOfALiveChange) {
  sources_.jobs[0].text = "priority = 'high'\n";
  live("pay", {{"schedule", "0 5 * * *"}});
  const auto result = lay_over(sources_, environment_, jobs_, in_force_);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message().find("jobs.d/pay.toml:1:12"), std::string::npos)
      << result.error().message();
}

TEST_F(LayerTest, WhereLiveAndFilesDisagreeIsTold) {
  live("pay", {{"priority", "1"}, {"schedule", "0 5 * * *"}, {"zone", "Nowhere/There"}});
  const auto found = drifts();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].kind, Drift::Kind::same);
  EXPECT_EQ(found[1].kind, Drift::Kind::left_out);
  EXPECT_EQ(found[1].file, "\"0 3 * * *\"");
  EXPECT_EQ(found[1].origin, "jobs.d/pay.toml:1:12");
  EXPECT_EQ(found[2].kind, Drift::Kind::left_out);
  in_force_.jobs[0].values.pop_back();
  EXPECT_EQ(drifts()[1].kind, Drift::Kind::differs);
  EXPECT_EQ(drifts()[1].text(),
            "jobs.pay.schedule: the files have \"0 3 * * *\" (jobs.d/pay.toml:1:12), live it is"
            " 0 5 * * * (change 1 by asha at 2026-09-21T14:13:20Z: quieter)");
}

TEST_F(LayerTest, AnEditCanBeTriedBeforeItIsMade) {
  const auto tried = [this](Edit edit) {
    return lay_over(sources_, environment_, jobs_, with(in_force_, edit, "asha")).value();
  };
  EXPECT_EQ(pay(tried({"pay", "schedule.set", {{"schedule", "0 5 * * *"}}})).schedule.text(),
            "0 5 * * *");
  EXPECT_EQ(tried({"pay", "schedule.set", {{"schedule", "0 5 * *"}}}).left_out.size(), 1u);
  live("pay", {{"schedule", "0 5 * * *"}});
  EXPECT_EQ(pay(tried({"pay", "schedule.reset", {}, {"schedule"}})).schedule.text(), "0 3 * * *");
}

TEST_F(LayerTest, RunsBeforeAndAfterAnEditAreSeen) {
  const Instant midnight = from_millis(1'790'035'200'000);
  const auto after = [this](Edit edit) {
    return lay_over(sources_, environment_, jobs_, with(in_force_, edit, "asha")).value();
  };
  const Runs moved = before_and_after(
      pay(laid()), pay(after({"pay", "schedule.set", {{"schedule", "0 5 * * *"}}})), midnight, 2);
  using namespace std::chrono_literals;
  EXPECT_EQ(moved.before, (std::vector{midnight + 3h, midnight + 27h}));
  EXPECT_EQ(moved.after, (std::vector{midnight + 5h, midnight + 29h}));
  const Runs off = before_and_after(
      pay(laid()), pay(after({"pay", "disable", {{"enabled", "false"}}})), midnight, 2);
  EXPECT_TRUE(off.after.empty());
}

}  // namespace
}  // namespace hotclock::live
