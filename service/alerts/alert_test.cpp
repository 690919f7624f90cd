#include "service/alerts/alert.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "service/alerts/silence.h"
#include "service/alerts/telling.h"

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

Finding finding(const std::string& job = "trust-score", Duration hold = 0s,
                Duration resolve_after = 0s, std::string mark = "") {
  return {.rule = Rule::failed,
          .severity = Severity::warning,
          .labels = {{"job", job}},
          .annotations = {{"summary", job + " failed"}},
          .mark = std::move(mark),
          .hold = hold,
          .resolve_after = resolve_after};
}

// Alerts from pass to pass, as a database would keep them.
class Passes {
 public:
  std::string after(Duration passed, std::vector<Finding> found) {
    now_ += passed;
    Advanced advanced = advance(std::move(alerts_), found, now_);
    alerts_ = std::move(advanced.alerts);
    for (Alert& alert : alerts_)
      if (alert.id == 0) alert.id = ++last_;
    return states();
  }
  std::string states() const {
    std::string text;
    for (const Alert& alert : alerts_)
      text += (text.empty() ? "" : " ") + std::string(to_string(alert.state));
    return text;
  }
  std::vector<Alert>& alerts() { return alerts_; }
  Instant now() const { return now_; }

 private:
  Instant now_ = t0;
  std::int64_t last_ = 0;
  std::vector<Alert> alerts_;
};

TEST(Advance, FiresAtOnceWhereNothingIsToBeWaitedFor) {
  Passes passes;
  EXPECT_EQ(passes.after(0s, {finding()}), "firing");
  EXPECT_EQ(passes.alerts()[0].fired, t0);
  EXPECT_EQ(passes.after(10s, {finding()}), "firing");
  EXPECT_EQ(passes.after(10s, {}), "resolved");
  EXPECT_EQ(passes.alerts()[0].resolved, t0 + 20s);
}

TEST(Advance, IsPendingUntilItHasBeenSoForLongEnough) {
  Passes passes;
  EXPECT_EQ(passes.after(0s, {finding("a", 1min)}), "pending");
  EXPECT_EQ(passes.after(59s, {finding("a", 1min)}), "pending");
  EXPECT_EQ(passes.after(1s, {finding("a", 1min)}), "firing");
  EXPECT_EQ(passes.alerts()[0].began, t0);
}

TEST(Advance, WhatWasPendingAndIsNotSoAnyMoreIsGone) {
  Passes passes;
  passes.after(0s, {finding("a", 1min)});
  EXPECT_EQ(passes.after(30s, {}), "");
  EXPECT_EQ(passes.after(10s, {finding("a", 1min)}), "pending");
  EXPECT_EQ(passes.after(30s, {finding("a", 1min)}), "pending");  // counted from the second time
}

TEST(Advance, IsOverOnceItWasAwayForLongEnough) {
  Passes passes;
  passes.after(0s, {finding("a", 0s, 1min)});
  EXPECT_EQ(passes.after(10s, {}), "firing");
  EXPECT_EQ(passes.after(50s, {finding("a", 0s, 1min)}), "firing");  // it flaps: one alert
  EXPECT_FALSE(passes.alerts()[0].away_since);
  EXPECT_EQ(passes.after(10s, {}), "firing");
  EXPECT_EQ(passes.after(1min, {}), "resolved");
}

TEST(Advance, AnotherMarkBeginsAnew) {
  Passes passes;
  passes.after(0s, {finding("a", 1min, 0s, "chunk 1")});
  EXPECT_EQ(passes.after(50s, {finding("a", 1min, 0s, "chunk 2")}), "pending");
  EXPECT_EQ(passes.after(50s, {finding("a", 1min, 0s, "chunk 2")}), "pending");
  EXPECT_EQ(passes.after(10s, {finding("a", 1min, 0s, "chunk 2")}), "firing");
  EXPECT_EQ(passes.after(10s, {finding("a", 1min, 0s, "chunk 3")}), "resolved pending");
}

TEST(Advance, TakesWhatIsNewOfAnAlertThatGoesOn) {
  Passes passes;
  passes.after(0s, {finding()});
  Finding worse = finding();
  worse.severity = Severity::critical;
  worse.annotations["value"] = "2 in a row";
  passes.after(10s, {worse});
  EXPECT_EQ(passes.alerts()[0].severity, Severity::critical);
  EXPECT_EQ(passes.alerts()[0].annotations, worse.annotations);
  EXPECT_EQ(passes.alerts().size(), 1u);
}

TEST(Identity, IsTheRuleAndItsLabelsAndNothingElse) {
  EXPECT_EQ(identity_of(Rule::audit_broken, {}), "audit_broken{}");
  EXPECT_EQ(identity_of(Rule::failed, {{"job", "a\"b"}, {"x", "y"}}),
            R"(failed{job="a\"b",x="y"})");
  EXPECT_NE(identity_of(Rule::failed, {{"job", "a\",x=\"y"}}),
            identity_of(Rule::failed, {{"job", "a"}, {"x", "y"}}));
}

// ---------------------------------------------------------------- whatever happens

// A pass of a random history: what is found (a number of jobs, with marks), how much later, and
// which silences count.
struct Step {
  std::vector<std::pair<int, int>> found;  // job, mark
  int seconds = 0;
  bool silenced = false;
};

std::vector<Step> steps() {
  return *rc::gen::container<std::vector<Step>>(rc::gen::build<Step>(
      rc::gen::set(&Step::found, rc::gen::container<std::vector<std::pair<int, int>>>(rc::gen::pair(
                                     rc::gen::inRange(0, 4), rc::gen::inRange(0, 2)))),
      rc::gen::set(&Step::seconds, rc::gen::inRange(0, 90)),
      rc::gen::set(&Step::silenced, rc::gen::arbitrary<bool>())));
}

std::vector<Finding> findings_of(const Step& step) {
  std::vector<Finding> out;
  std::set<int> jobs;
  for (const auto& [job, mark] : step.found)
    if (jobs.insert(job).second)
      out.push_back(finding("job-" + std::to_string(job), std::chrono::seconds{job * 30},
                            std::chrono::seconds{(3 - job) * 20}, std::to_string(mark)));
  return out;
}

RC_GTEST_PROP(AlertProperty, NothingFiresTwiceWithoutHavingResolvedBetween, ()) {
  Passes passes;
  std::map<std::string, int> fires;
  for (const Step& step : steps()) {
    std::map<std::int64_t, State> before;
    for (const Alert& alert : passes.alerts()) before[alert.id] = alert.state;
    passes.after(std::chrono::seconds{step.seconds}, findings_of(step));
    std::set<std::string> stands;
    for (const Alert& alert : passes.alerts()) {
      if (alert.stands()) RC_ASSERT(stands.insert(alert.identity).second);
      const auto was = before.find(alert.id);
      const bool fired = was != before.end() && was->second == State::firing;
      if (alert.state == State::resolved && fired) --fires[alert.identity];
    }
    for (const Alert& alert : passes.alerts()) {
      const auto was = before.find(alert.id);
      const bool fired = was != before.end() && was->second == State::firing;
      if (alert.state == State::firing && !fired) ++fires[alert.identity];
      // What is over stays over.
      if (was != before.end() && was->second == State::resolved)
        RC_ASSERT(alert.state == State::resolved);
    }
    for (const auto& [identity, count] : fires) RC_ASSERT(count == 0 || count == 1);
  }
}

RC_GTEST_PROP(AlertProperty, TheSameFindingsAtTheSameInstantChangeNothing, ()) {
  Passes passes;
  for (const Step& step : steps()) {
    passes.after(std::chrono::seconds{step.seconds}, findings_of(step));
    const std::vector<Alert> once = passes.alerts();
    passes.after(0s, findings_of(step));
    RC_ASSERT(passes.alerts() == once);
  }
}

const std::vector<Route> everybody{
    {"ops", {Severity::info, Severity::warning, Severity::critical}, true}};

RC_GTEST_PROP(AlertProperty, ASilenceHoldsBackNoticesAndNothingElse, ()) {
  const std::vector<Step> history = steps();
  Passes loud, silenced;
  std::vector<Group> groups;
  for (const Step& step : history) {
    loud.after(std::chrono::seconds{step.seconds}, findings_of(step));
    silenced.after(std::chrono::seconds{step.seconds}, findings_of(step));
    std::vector<Silence> silences;
    if (step.silenced)
      silences.push_back({.id = 1,
                          .matchers = {{"rule", "failed"}},
                          .author = "asha",
                          .reason = "quiet",
                          .begins = t0,
                          .ends = Instant::max()});
    hold_back(silenced.alerts(), silences, silenced.now());
    const Told told = tell(silenced.alerts(), groups, everybody, {0s, 0s, 4h}, silenced.now());
    groups = told.groups;
    if (step.silenced) RC_ASSERT(told.notices.empty());
    RC_ASSERT(loud.states() == silenced.states());
  }
}

// Whoever was told that something fires is told when it is over, and of nothing twice.
RC_GTEST_PROP(AlertProperty, WhatIsToldToFireIsToldToBeOver, ()) {
  Passes passes;
  std::vector<Group> groups;
  std::set<std::string> firing;
  const auto hear = [&] {
    const Told told = tell(passes.alerts(), groups, everybody, {0s, 0s, 4h}, passes.now());
    groups = told.groups;
    for (const auto& notice : told.notices)
      for (const auto& alert : notice.alerts) {
        if (alert.state == "firing") firing.insert(alert.id);
        if (alert.state == "resolved") RC_ASSERT(firing.erase(alert.id) == 1u);
      }
  };
  for (const Step& step : steps()) {
    passes.after(std::chrono::seconds{step.seconds}, findings_of(step));
    hear();
  }
  passes.after(1h, {});
  passes.after(1h, {});
  hear();
  std::set<std::string> in_place;  // the same began again at once: nobody is told in between
  for (const Alert& alert : passes.alerts()) in_place.insert(std::to_string(alert.id));
  for (const std::string& id : firing) RC_ASSERT(in_place.contains(id));
  RC_ASSERT(groups.empty());
}

}  // namespace
}  // namespace hotclock::alerts
