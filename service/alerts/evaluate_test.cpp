#include "service/alerts/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

// What is known of one job, and what its rules find.
class JobRules : public testing::Test {
 protected:
  // So long ago; the newest first.
  void ended(End end, Duration ago, Duration took = 10s, std::optional<std::int64_t> touched = 5) {
    facts_.ended.push_back({.slot = ++slots_,
                            .scheduled_for = t0 - ago,
                            .end = end,
                            .ended_at = t0 - ago,
                            .started_at = t0 - ago - took,
                            .execution = "e" + std::to_string(slots_),
                            .reason = "why",
                            .touched = touched});
  }
  void ended(int times, End end, Duration ago) {
    for (int i = 0; i < times; ++i) ended(end, ago + i * 1min);
  }
  void runs_since(Duration ago, const std::string& progress = "5 x") {
    facts_.running.push_back({.slot = ++slots_,
                              .execution = "running",
                              .node = "a",
                              .started_at = t0 - ago,
                              .lease_until = t0 + 1min,
                              .progress = progress});
  }
  void waits_since(Duration ago, Trigger trigger = Trigger::schedule, bool unknown = false) {
    facts_.queued.push_back({.slot = ++slots_,
                             .scheduled_for = t0 - ago,
                             .available_at = t0 - ago,
                             .trigger = trigger,
                             .unknown = unknown});
  }
  std::vector<std::string> found() {
    std::vector<std::string> names;
    for (const Finding& finding : evaluate_job("trust-score", facts_, rules_, t0).findings) {
      EXPECT_EQ(finding.labels, (Words{{"job", "trust-score"}}));
      EXPECT_FALSE(finding.annotations.at("summary").empty());
      names.emplace_back(config::to_string(finding.rule));
    }
    std::ranges::sort(names);
    return names;
  }
  using Names = std::vector<std::string>;
  // What a rule judged by.
  std::string saw(Rule rule) {
    for (const Look& look : evaluate_job("trust-score", facts_, rules_, t0).looks)
      if (look.rule == rule) return look.value;
    return "nothing";
  }

  std::int64_t slots_ = 0;
  JobFacts facts_;
  config::AlertRules rules_;
};

TEST_F(JobRules, FindNothingWhereAllIsWell) {
  EXPECT_EQ(found(), Names{});
  ended(50, End::completed, 1min);
  runs_since(5s);
  waits_since(10s);
  EXPECT_EQ(found(), Names{});
}

TEST_F(JobRules, FailedUntilItIsCompleted) {
  ended(End::failed, 20h);
  EXPECT_EQ(found(), Names{"failed"});
  facts_.ended.clear();
  ended(End::completed, 10min);
  ended(End::timed_out, 12min);
  EXPECT_EQ(found(), Names{"failed"});  // within a quarter of an hour
  facts_.ended.clear();
  ended(End::completed, 10min);
  ended(End::failed, 16min);
  EXPECT_EQ(found(), Names{});
}

TEST_F(JobRules, FailingByTheRowOrByTheShare) {
  ended(2, End::failed, 1min);
  ended(5, End::completed, 10min);
  EXPECT_EQ(found(), Names{"failed"});
  facts_.ended.clear();
  ended(3, End::failed, 1min);
  ended(5, End::completed, 10min);
  EXPECT_EQ(found(), (Names{"failed", "failing"}));
  facts_.ended.clear();
  rules_[Rule::flapping].enabled = false;
  for (int i = 0; i < 5; ++i) {
    ended(End::failed, i * 10min + 1min);
    ended(End::completed, i * 10min + 5min);
  }
  EXPECT_EQ(found(), (Names{"failed", "failing"}));
  facts_.ended.erase(facts_.ended.begin());
  EXPECT_EQ(found(), Names{"failed"});  // it has recovered
}

TEST_F(JobRules, SayWhatTheyJudgeByWhereTheyFindNothingToo) {
  EXPECT_EQ(saw(Rule::failing), "0 in a row, 0 of the last 0");
  EXPECT_EQ(saw(Rule::late), "nothing waits");
  EXPECT_EQ(saw(Rule::too_long), "nothing");
  ended(End::completed, 20min);
  ended(2, End::failed, 1min);
  std::ranges::rotate(facts_.ended, facts_.ended.begin() + 1);
  waits_since(10s);
  EXPECT_EQ(saw(Rule::failing), "2 in a row, 2 of the last 3");
  EXPECT_EQ(saw(Rule::late), "due for 10 s");
  EXPECT_EQ(saw(Rule::missed), "0 within 1 h");
  rules_[Rule::failing].enabled = false;
  EXPECT_EQ(saw(Rule::failing), "nothing");
}

TEST_F(JobRules, CompletedWithErrorsUntilItIsClean) {
  ended(End::completed_with_errors, 20h);
  EXPECT_EQ(found(), Names{"completed_with_errors"});
  facts_.ended.insert(facts_.ended.begin(), EndedSlot{.slot = 9, .ended_at = t0 - 1h});
  EXPECT_EQ(found(), Names{});
}

TEST_F(JobRules, MissedAndRefusedUnlessSomebodyHeldItOff) {
  ended(5, End::refused, 1min);
  ended(1, End::missed, 59min);
  EXPECT_EQ(found(), (Names{"missed", "refused_often"}));
  facts_.everything_off = true;
  EXPECT_EQ(found(), Names{});
  facts_.everything_off = false;
  facts_.held_off = HeldOff{"asha", "a test", t0 - 1h};
  EXPECT_EQ(found(), Names{});
  facts_.held_off->since = t0 - std::chrono::days{7};
  EXPECT_EQ(found(), Names{"disabled_long"});
  facts_.held_off.reset();
  facts_.ended.clear();
  ended(4, End::refused, 1min);
  ended(1, End::missed, 61min);
  EXPECT_EQ(found(), Names{});
}

TEST_F(JobRules, LateRecoveringAndUndecided) {
  waits_since(4min);
  EXPECT_EQ(found(), Names{});
  waits_since(5min);
  EXPECT_EQ(found(), Names{"late"});
  facts_.queued.clear();
  waits_since(1h, Trigger::schedule, true);
  EXPECT_EQ(found(), Names{"unknown_outcome"});
  facts_.queued.clear();
  for (int i = 0; i < 5; ++i) waits_since(1min, Trigger::catch_up);
  EXPECT_EQ(found(), Names{"recovering"});
}

TEST_F(JobRules, TooLongByWhatIsSetOrLearned) {
  runs_since(21s);
  EXPECT_EQ(found(), Names{});  // nothing was learned yet
  ended(10, End::completed, 1min);
  EXPECT_EQ(found(), Names{"too_long"});  // twice 10 s
  rules_[Rule::too_long].after = 22s;
  EXPECT_EQ(found(), Names{});
  rules_[Rule::too_long].after = 20s;
  EXPECT_EQ(found(), Names{"too_long"});
}

TEST_F(JobRules, TooShortByWhatIsSetOrLearned) {
  ended(End::completed, 1min, 400ms);
  ended(20, End::completed, 2min);
  EXPECT_EQ(found(), Names{"too_short"});  // a twentieth of 10 s
  facts_.ended[0].started_at = facts_.ended[0].ended_at - 500ms;
  EXPECT_EQ(found(), Names{});
  facts_.ended.resize(1);
  EXPECT_EQ(found(), Names{});
  rules_[Rule::too_short].after = 1s;
  EXPECT_EQ(found(), Names{"too_short"});
}

TEST_F(JobRules, TouchedNothingWhereItUsedTo) {
  for (int i = 0; i < 3; ++i) ended(End::completed, i * 1min, 10s, 0);
  ended(20, End::completed, 10min);
  EXPECT_EQ(found(), Names{"touched_nothing"});
  for (std::size_t i = 3; i < 8; ++i) facts_.ended[i].touched = 0;
  EXPECT_EQ(found(), Names{});  // it often finds nothing to do
  for (EndedSlot& slot : facts_.ended) slot.touched.reset();
  EXPECT_EQ(found(), Names{});  // it counts nothing
}

TEST_F(JobRules, StuckByItsMark) {
  runs_since(14min);
  EXPECT_EQ(found(), Names{});
  runs_since(15min, "7 y");
  const auto first = evaluate_job("trust-score", facts_, rules_, t0).findings;
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].rule, Rule::stuck);
  EXPECT_EQ(first[0].hold, 15min);
  facts_.running[1].progress = "8 z";
  EXPECT_NE(evaluate_job("trust-score", facts_, rules_, t0).findings[0].mark, first[0].mark);
}

TEST_F(JobRules, FlapWhereItTurnsAgainAndAgain) {
  rules_[Rule::failed].enabled = rules_[Rule::failing].enabled = false;
  for (int i = 0; i < 7; ++i) ended(i % 2 ? End::failed : End::completed, i * 1min);
  EXPECT_EQ(found(), Names{"flapping"});
  facts_.ended.pop_back();
  EXPECT_EQ(found(), Names{});
}

TEST_F(JobRules, AreEachSwitchedOff) {
  ended(End::failed, 1min);
  rules_[Rule::failed].enabled = false;
  EXPECT_EQ(found(), Names{});
}

// ---------------------------------------------------------------- the service

class ServiceRules : public testing::Test {
 protected:
  std::vector<std::string> found() {
    std::vector<std::string> names;
    for (const Finding& finding : evaluate(facts_, rules_).findings)
      names.push_back(identity_of(finding.rule, finding.labels));
    std::ranges::sort(names);
    return names;
  }
  NodeFacts& node(const std::string& name) {
    NodeFacts& node = facts_.nodes[name];
    node.seen_at = t0 - 10s;
    node.at = t0 - 10s;
    node.disk_free = 50;
    return node;
  }
  using Names = std::vector<std::string>;

  Facts facts_{.now = t0};
  Rules rules_{
      .general = {}, .jobs = {}, .runbook = "https://hotclock.example/api/v1/runbook/{rule}"};
};

TEST_F(ServiceRules, FindWhatANodeSaysOfItself) {
  node("a");
  EXPECT_EQ(found(), Names{});
  node("a").disk_free = 9.9;
  node("b").database_answers = 500ms;
  node("c").reload_refused = "no such key";
  node("d").clock_ahead = -1001ms;
  node("e").disk_free.reset();
  EXPECT_EQ(found(), (Names{R"(clock_off{node="d"})", R"(database_slow{node="b"})",
                            R"(disk_filling{node="a"})", R"(reload_failed{node="c"})"}));
}

TEST_F(ServiceRules, AskNothingMoreOfANodeThatIsGone) {
  NodeFacts& gone = node("a");
  gone.disk_free = 1;
  gone.seen_at = t0 - 2min - 1ms;
  EXPECT_EQ(found(), Names{R"(node_gone{node="a"})"});
  gone.stopped = true;
  EXPECT_EQ(found(), Names{});
}

TEST_F(ServiceRules, FindWhatWaits) {
  facts_.sinks["main"] = {t0 - 59s, ""};
  facts_.notifiers["ops"] = {1, t0 - 14min, 4, "refused"};
  EXPECT_EQ(found(), Names{});
  facts_.sinks["main"].waiting_since = t0 - 1min;
  facts_.notifiers["ops"].attempts = 5;
  facts_.notifiers["chat"] = {1, t0 - 15min, 0, ""};
  EXPECT_EQ(found(),
            (Names{R"(notifier_failing{notifier="chat"})", R"(notifier_failing{notifier="ops"})",
                   R"(outbox_behind{sink="main"})"}));
}

TEST_F(ServiceRules, FindWhatIsBroken) {
  facts_.audit_broken = "row 3 is not what was written";
  facts_.differences = {{"invariant_broken", "", 1, "balances: they do not add up"},
                        {"slot_missing", "trust-score", 2, "slot 2026-03-01T10:00:00Z: no row"}};
  facts_.everything_off = HeldOff{"asha", "a fire", t0 - std::chrono::days{8}};
  EXPECT_EQ(found(),
            (Names{R"(audit_broken{})", R"(auditor_differs{job="trust-score",kind="slot_missing"})",
                   R"(disabled_long{})", R"(invariant_broken{kind="invariant_broken"})"}));
}

TEST_F(ServiceRules, KeepOfEachRuleTheLookThatIsNearestToAFinding) {
  node("a").database_answers = 20ms;
  node("b").database_answers = 90ms;
  for (const char* job : {"pays", "plays", "rests"})
    facts_.jobs[job].ended = {{.slot = 1, .end = End::missed, .ended_at = t0}};
  facts_.jobs["plays"].ended.push_back(facts_.jobs["plays"].ended[0]);
  rules_.jobs["pays"][Rule::missed].count = 100;
  std::vector<std::string> saw;
  for (const Look& look : evaluate(facts_, rules_).looks)
    if (look.rule == Rule::database_slow || look.rule == Rule::missed)
      saw.push_back(look.job + '|' + look.about + ": " + look.value);
  const auto looks = evaluate(facts_, rules_).looks;
  EXPECT_EQ(std::ranges::find(looks, Rule::failed, &Look::rule)->about, "") << "none failed";
  EXPECT_EQ(saw, (Names{"|plays: 2 within 1 h", "pays|pays: 1 within 1 h", "|b: 90 ms"}));
}

TEST_F(ServiceRules, JudgeAJobByItsOwnWhereItHasSome) {
  facts_.jobs["pays"].ended = {{.slot = 1, .end = End::failed, .ended_at = t0}};
  facts_.jobs["plays"].ended = {{.slot = 2, .end = End::failed, .ended_at = t0}};
  rules_.jobs["pays"][Rule::failed].severity = Severity::critical;
  for (const Finding& finding : evaluate(facts_, rules_).findings) {
    const bool pays = finding.labels.at("job") == "pays";
    EXPECT_EQ(finding.severity, pays ? Severity::critical : Severity::warning);
    EXPECT_EQ(finding.annotations.at("runbook"), "https://hotclock.example/api/v1/runbook/failed");
  }
  EXPECT_EQ(found().size(), 2u);
}

}  // namespace
}  // namespace hotclock::alerts
