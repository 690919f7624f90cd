#include "service/alerts/telling.h"

#include <gtest/gtest.h>

#include "service/alerts/silence.h"

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

Alert firing(std::int64_t id, Rule rule = Rule::failed, Severity severity = Severity::warning,
             Words labels = {}) {
  if (labels.empty()) labels = {{"job", "job-" + std::to_string(id)}};
  return {.id = id,
          .rule = rule,
          .severity = severity,
          .identity = identity_of(rule, labels),
          .labels = labels,
          .annotations = {{"summary", "x"}},
          .state = State::firing,
          .began = t0,
          .fired = t0};
}

// Alerts and who hears of them.
class TellingTest : public testing::Test {
 protected:
  // "ops: failed/warning 2 firing 1 resolved", one for each notice.
  std::vector<std::string> hears(Duration at) {
    const Told told = tell(alerts_, groups_, routes_, {}, t0 + at);
    groups_ = told.groups;
    std::vector<std::string> heard;
    for (const auto& notice : told.notices) {
      int fires = 0, over = 0;
      for (const auto& alert : notice.alerts) (alert.state == "firing" ? fires : over) += 1;
      heard.push_back(notice.notifier + ": " + notice.group + ' ' + std::to_string(fires) +
                      " firing " + std::to_string(over) + " resolved");
    }
    return heard;
  }
  void is_over(std::size_t which, Duration at) {
    alerts_[which].state = State::resolved;
    alerts_[which].resolved = t0 + at;
  }
  using Heard = std::vector<std::string>;

  std::vector<Alert> alerts_;
  std::vector<Group> groups_;
  std::vector<Route> routes_{{"ops", {Severity::warning, Severity::critical}, true}};
};

TEST_F(TellingTest, WhatComesTogetherIsToldTogether) {
  for (int i = 1; i <= 1000; ++i) alerts_.push_back(firing(i));
  EXPECT_EQ(hears(0s), Heard{});
  alerts_.push_back(firing(1001));
  EXPECT_EQ(hears(29s), Heard{});
  EXPECT_EQ(hears(30s), Heard{"ops: failed/warning 1001 firing 0 resolved"});
  EXPECT_EQ(hears(40s), Heard{});
}

TEST_F(TellingTest, AGroupThatGrowsIsToldOfAgain) {
  alerts_.push_back(firing(1));
  hears(0s);
  EXPECT_EQ(hears(30s).size(), 1u);
  alerts_.push_back(firing(2));
  EXPECT_EQ(hears(5min), Heard{});
  EXPECT_EQ(hears(5min + 30s), Heard{"ops: failed/warning 2 firing 0 resolved"});
}

TEST_F(TellingTest, AGroupThatStaysIsToldOfNowAndThen) {
  alerts_.push_back(firing(1));
  hears(0s);
  hears(30s);
  EXPECT_EQ(hears(4h), Heard{});
  EXPECT_EQ(hears(4h + 30s), Heard{"ops: failed/warning 1 firing 0 resolved"});
}

TEST_F(TellingTest, TheEndOfTheLastIsToldAtOnce) {
  alerts_ = {firing(1), firing(2)};
  hears(0s);
  hears(30s);
  is_over(0, 1min);
  EXPECT_EQ(hears(1min), Heard{});
  is_over(1, 2min);
  EXPECT_EQ(hears(2min), Heard{"ops: failed/warning 0 firing 2 resolved"});
  EXPECT_TRUE(groups_.empty());
  EXPECT_EQ(hears(3min), Heard{});
}

TEST_F(TellingTest, WhatIsOverBeforeAnybodyWasToldIsNotToldOf) {
  alerts_.push_back(firing(1));
  hears(0s);
  is_over(0, 10s);
  EXPECT_EQ(hears(30s), Heard{});
  EXPECT_TRUE(groups_.empty());
}

TEST_F(TellingTest, WhatFiresAgainIsNotToldToBeOver) {
  alerts_.push_back(firing(1));
  hears(0s);
  hears(30s);
  is_over(0, 1min);
  alerts_.push_back(firing(2, Rule::failed, Severity::warning, {{"job", "job-1"}}));
  EXPECT_EQ(hears(6min), Heard{"ops: failed/warning 1 firing 0 resolved"});
  EXPECT_FALSE(alerts_[0].told);
}

TEST_F(TellingTest, EachHearsOfTheSeveritiesItTakes) {
  routes_ = {{"pager", {Severity::critical}, false}, {"chat", {Severity::info}, true}};
  alerts_ = {firing(1, Rule::failing, Severity::critical), firing(2, Rule::late, Severity::info),
             firing(3, Rule::missed, Severity::warning)};
  hears(0s);
  EXPECT_EQ(hears(30s), (Heard{"pager: failing/critical 1 firing 0 resolved",
                               "chat: late/info 1 firing 0 resolved"}));
  EXPECT_FALSE(alerts_[2].told);
  is_over(0, 1min);
  EXPECT_EQ(hears(1min), Heard{});  // it does not want to hear of ends
  EXPECT_FALSE(alerts_[0].told);
  routes_.push_back({"late-comer", {Severity::warning}, true});
  hears(2min);
  EXPECT_EQ(hears(3min), Heard{"late-comer: missed/warning 1 firing 0 resolved"});
}

TEST_F(TellingTest, WhatIsHeldBackIsNotToldEitherWay) {
  alerts_ = {firing(1), firing(2)};
  hears(0s);
  hears(30s);
  alerts_[0].held_back = "silence 1";
  is_over(0, 1min);
  EXPECT_EQ(hears(6min), Heard{});
  EXPECT_FALSE(alerts_[0].told);
}

// ---------------------------------------------------------------- silences and inhibition

TEST(Silences, MatchByAllTheirLabels) {
  const Alert alert = firing(1, Rule::late, Severity::critical, {{"job", "trust-score"}});
  const std::pair<Words, bool> examples[] = {
      {{{"rule", "late"}}, true},
      {{{"rule", "lat"}}, false},
      {{{"rule", "la*"}}, true},
      {{{"job", "*"}}, true},
      {{{"node", "*"}}, false},
      {{{"job", "trust-*"}, {"severity", "critical"}}, true},
      {{{"job", "trust-*"}, {"severity", "warning"}}, false},
  };
  for (const auto& [matchers, expected] : examples)
    EXPECT_EQ(matches(matchers, alert), expected) << matchers.begin()->first;
}

TEST(Silences, AreCheckedBeforeTheyAreMade) {
  const Silence good{.matchers = {{"rule", "late"}},
                     .author = "asha",
                     .reason = "known",
                     .begins = t0,
                     .ends = t0 + 1h};
  EXPECT_TRUE(check(good, t0));
  const auto refused = [&](auto change) {
    Silence bad = good;
    change(bad);
    const auto checked = check(bad, t0 + 1min);
    return !checked && checked.error().code() == Errc::invalid;
  };
  EXPECT_TRUE(refused([](Silence& s) { s.matchers.clear(); }));
  EXPECT_TRUE(refused([](Silence& s) { s.matchers["job"] = ""; }));
  EXPECT_TRUE(refused([](Silence& s) { s.reason.clear(); }));
  EXPECT_TRUE(refused([](Silence& s) { s.author.clear(); }));
  EXPECT_TRUE(refused([](Silence& s) { s.ends = s.begins; }));
  EXPECT_TRUE(refused([](Silence& s) { s.ends = t0 + 1s; }));
  EXPECT_TRUE(refused([](Silence& s) { s.ends = t0 + std::chrono::days{400}; }));
}

TEST(Silences, CountFromTheirBeginningToTheirEnd) {
  const Silence silence{.begins = t0, .ends = t0 + 1h};
  EXPECT_FALSE(silence.counts_at(t0 - 1ms));
  EXPECT_TRUE(silence.counts_at(t0));
  EXPECT_FALSE(silence.counts_at(t0 + 1h));
}

TEST(Inhibition, ANodeThatIsGoneNeedsNoWordAboutItsDisk) {
  std::vector<Alert> alerts{firing(1, Rule::node_gone, Severity::critical, {{"node", "a"}}),
                            firing(2, Rule::disk_filling, Severity::warning, {{"node", "a"}}),
                            firing(3, Rule::disk_filling, Severity::warning, {{"node", "b"}}),
                            firing(4, Rule::failed, Severity::warning, {{"job", "a"}})};
  hold_back(alerts, {}, t0);
  EXPECT_EQ(alerts[0].held_back, "");
  EXPECT_EQ(alerts[1].held_back, R"(inhibited by node_gone{node="a"})");
  EXPECT_EQ(alerts[2].held_back, "");
  EXPECT_EQ(alerts[3].held_back, "");
  alerts[0].state = State::pending;
  hold_back(alerts, {}, t0);
  EXPECT_EQ(alerts[1].held_back, "");
}

}  // namespace
}  // namespace hotclock::alerts
