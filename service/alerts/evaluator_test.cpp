#include "service/alerts/evaluator.h"

#include <gtest/gtest.h>

#include "service/alerts/eyes.h"
#include "service/ledger/control.h"
#include "service/ledger/ledger_support.h"
#include "service/sql/rows.h"

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

constexpr sql::Statement contents{"contents", "SELECT content FROM notices ORDER BY id"};
constexpr std::string_view all_are_sent =
    "UPDATE notices SET sent_at = created_at WHERE sent_at IS NULL";

// Two nodes that evaluate, and a ledger with two jobs.
class EvaluatorTest : public ledger::LedgerFixture {
 protected:
  EvaluatorTest() {
    must(worker().ledger().enrol(
        {{"trust-score", "0 3 * * *", t0}, {"throne-expiry", "* * * * *", t0}}));
    settings_ = std::make_shared<config::Config>();
    settings_->notifiers = {{.name = "ops", .severities = {"info", "warning", "critical"}}};
    for (const char* job : {"trust-score", "throne-expiry"}) {
      worker().job(job);
      settings_->jobs.push_back({.name = job,
                                 .schedule = Schedule::parse("* * * * *").value(),
                                 .policy = nullptr,
                                 .settings = config::Section::parse("")});
    }
  }

  EvaluatorOptions options(std::int64_t node) {
    return {.node = node, .settings = [this] { return settings_; }};
  }
  Passed passes() {
    auto passed = must(node_a_.step());
    if (!passed) throw std::runtime_error("the other node evaluates");
    return *passed;
  }
  // As many passes as there are in that time.
  void pass_for(Duration span) {
    for (const Instant until = clock_.now() + span; clock_.now() < until;) {
      clock_.advance(10s);
      passes();
      if (sends_) write(all_are_sent);
    }
  }
  void fails(const std::string& job, const std::string& why = "the provider is away") {
    worker().enters(job, next_slot());
    const auto claim = worker().claims_one(clock_.now());
    worker().ends(claim, Ends{End::failed}, "failed", why, clock_.now());
  }
  void completes(const std::string& job) {
    worker().enters(job, next_slot());
    const auto claim = worker().claims_one(clock_.now());
    worker().completes(claim, clock_.now());
  }
  std::vector<std::string> standing(std::optional<State> state = State::firing) {
    std::vector<std::string> names;
    for (const Alert& alert : must(list(db(), {.state = state}))) names.push_back(alert.identity);
    std::ranges::sort(names);
    return names;
  }
  std::vector<notices::Notice> notices() {
    std::vector<notices::Notice> all;
    auto transaction = must(db().read());
    must(sql::for_each_row(*transaction, contents, {}, [&all](const sql::Rows& row) {
      all.push_back(must(notices::notice_of(row.text(0))));
    }));
    return all;
  }
  void write(std::string_view text) {
    auto transaction = must(db().write());
    must(transaction->script(text));
    must(transaction->commit());
  }
  Instant next_slot() { return t0 - 100h + std::chrono::minutes{slots_++}; }

  using Names = std::vector<std::string>;

  int slots_ = 0;
  bool sends_ = true;  // somebody sends the notices
  ManualClock clock_{t0};
  log::Logger logger_{{.level = log::Level::error}, clock_, [](std::string_view) {}};
  std::shared_ptr<config::Config> settings_;
  Evaluator node_a_{db(), clock_, logger_, options(1)};
  Evaluator node_b_{db(), clock_, logger_, options(2)};
};

TEST_F(EvaluatorTest, AFailedSlotBecomesAnAlertAndANotice) {
  fails("trust-score");
  const Passed first = passes();
  ASSERT_EQ(first.fired.size(), 1u);
  EXPECT_EQ(standing(), Names{R"(failed{job="trust-score"})"});
  EXPECT_TRUE(notices().empty());  // the group waits for more of its kind
  pass_for(30s);
  const auto told = notices();
  ASSERT_EQ(told.size(), 1u);
  ASSERT_EQ(told[0].alerts.size(), 1u);
  const notices::AlertText& text = told[0].alerts[0];
  EXPECT_EQ(text.rule + ' ' + text.severity + ' ' + text.state, "failed warning firing");
  EXPECT_EQ(text.labels, (Words{{"job", "trust-score"}}));
  EXPECT_EQ(text.annotations.at("summary"), "trust-score failed");
  EXPECT_NE(text.annotations.at("detail").find("the provider is away"), std::string::npos);
  EXPECT_EQ(text.annotations.at("runbook"), "hotclock alerts explain failed");
  EXPECT_FALSE(text.annotations.at("execution").empty());
}

TEST_F(EvaluatorTest, ItIsOverOnceTheJobIsCompletedAgain) {
  fails("trust-score");
  pass_for(40s);
  pass_for(14min);
  completes("trust-score");
  pass_for(20s);
  EXPECT_EQ(standing(), Names{R"(failed{job="trust-score"})"});  // for 15 minutes in any case
  pass_for(2min);
  EXPECT_EQ(standing(), Names{});
  EXPECT_EQ(standing(State::resolved), Names{R"(failed{job="trust-score"})"});
  const auto told = notices();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].alerts[0].state, "resolved");
}

TEST_F(EvaluatorTest, AThousandFailuresInAMinuteAreOneNotice) {
  for (int i = 0; i < 1000; ++i) {
    fails(i % 2 == 0 ? "trust-score" : "throne-expiry");
    if (i % 17 == 0) clock_.advance(1s);
    if (i % 170 == 0) passes();
  }
  pass_for(2min);
  const auto told = notices();
  std::map<std::string, std::size_t> alerts;
  for (const notices::Notice& notice : told) alerts[notice.alerts[0].rule] += notice.alerts.size();
  EXPECT_EQ(alerts, (std::map<std::string, std::size_t>{{"failing", 2}}));
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(EvaluatorTest, OneNodeEvaluatesAndAnotherTakesOverWithinHalfAMinute) {
  passes();
  EXPECT_FALSE(must(node_b_.step()));
  clock_.advance(26s);  // node a is gone
  EXPECT_TRUE(must(node_b_.step()));
  EXPECT_FALSE(must(node_a_.step()));  // it notices as it writes, and writes nothing
  clock_.advance(26s);
  EXPECT_TRUE(must(node_a_.step()));
}

TEST_F(EvaluatorTest, ANodeThatTookOverFiresNothingAnew) {
  fails("trust-score");
  pass_for(40s);
  clock_.advance(26s);
  const auto passed = must(node_b_.step());
  ASSERT_TRUE(passed);
  EXPECT_TRUE(passed->fired.empty());
  EXPECT_EQ(notices().size(), 1u);
}

TEST_F(EvaluatorTest, TheSameFactsChangeNothingTwice) {
  fails("trust-score");
  EXPECT_TRUE(passes().changed);
  const Passed again = passes();
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.notices, 0);
}

TEST_F(EvaluatorTest, ASilenceHoldsBackTheNoticeAndNotTheAlert) {
  const Silence made =
      must(make_silence(db(), {.matchers = {{"job", "trust-*"}}, .begins = t0, .ends = t0 + 10min},
                        {.name = "asha", .reason = "the provider moves"}, t0));
  fails("trust-score");
  pass_for(5min);
  EXPECT_EQ(standing(), Names{R"(failed{job="trust-score"})"});
  EXPECT_EQ(must(list(db(), {}))[0].held_back,
            "silence " + std::to_string(made.id) + " by asha: the provider moves");
  EXPECT_TRUE(notices().empty());
  must(lift_silence(db(), made.id, {.name = "ben"}, clock_.now()));
  pass_for(40s);
  EXPECT_EQ(notices().size(), 1u);
  EXPECT_EQ(lift_silence(db(), made.id, {.name = "ben"}, clock_.now()).error().code(),
            Errc::conflict);
  EXPECT_EQ(lift_silence(db(), 4711, {.name = "ben"}, clock_.now()).error().code(),
            Errc::not_found);
  EXPECT_EQ(must(list_silences(db(), true, 50, clock_.now()))[0].lifted_by, "ben");
  EXPECT_TRUE(must(list_silences(db(), false, 50, clock_.now())).empty());
}

TEST_F(EvaluatorTest, KnowsThatNoticesAreNotSent) {
  sends_ = false;
  fails("trust-score");
  pass_for(16min);
  const Names now = standing();
  EXPECT_EQ(now, (Names{R"(failed{job="trust-score"})", R"(notifier_failing{notifier="ops"})"}));
}

TEST_F(EvaluatorTest, WhoeverIsNotThereIsNotTold) {
  settings_->notifiers[0].severities = {"critical"};
  fails("trust-score");
  pass_for(2min);
  EXPECT_EQ(standing().size(), 1u);
  EXPECT_TRUE(notices().empty());
}

TEST_F(EvaluatorTest, KnowsWhatRunsWaitsAndIsUndecided) {
  worker().enters("trust-score", t0);
  worker().enters("throne-expiry", t0);
  worker().claims_one(t0);
  clock_.advance(16min);
  const auto pending = passes();
  EXPECT_EQ(pending.fired.size(), 1u);  // the other slot is late
  pass_for(15min);
  const Names now = standing();
  EXPECT_TRUE(std::ranges::find(now, R"(late{job="throne-expiry"})") != now.end() ||
              std::ranges::find(now, R"(late{job="trust-score"})") != now.end());
  EXPECT_TRUE(std::ranges::any_of(now, [](const auto& n) { return n.starts_with("stuck{"); }));
}

TEST_F(EvaluatorTest, KnowsWhatTheAuditorFound) {
  write(
      "INSERT INTO auditor_differences (scope, kind, subject, job, at, detail, found_at, seen_at) "
      "SELECT 'invariants', 'invariant_broken', 'balances', '', seen_at, 'user 7', seen_at, "
      "seen_at "
      "FROM nodes;"
      "INSERT INTO auditor_differences (scope, kind, subject, job, at, detail, found_at, seen_at) "
      "SELECT 'slots trust-score', 'slot_missing', 'slot 1', 'trust-score', seen_at, '', seen_at, "
      "seen_at FROM nodes");
  passes();
  EXPECT_EQ(standing(), (Names{R"(auditor_differs{job="trust-score",kind="slot_missing"})",
                               R"(invariant_broken{kind="invariant_broken"})"}));
  write("UPDATE auditor_differences SET gone_at = seen_at");
  passes();
  EXPECT_EQ(standing(), Names{});
}

TEST_F(EvaluatorTest, KnowsThatTheAuditWasTamperedWith) {
  must(ledger::pause(db(), "trust-score", {.name = "asha", .reason = "a test"}, {}, t0));
  passes();
  EXPECT_EQ(standing(), Names{});
  write("UPDATE audit SET who = 'ben'");
  passes();
  EXPECT_EQ(standing(), Names{"audit_broken{}"});
}

TEST_F(EvaluatorTest, KnowsWhatANodeSawOfItself) {
  Eyes eyes(db(), clock_, logger_,
            {.node = worker().node().id,
             .name = "node-a",
             .disk = "/",
             .settings = [this] { return settings_; },
             .reload_refused = [] { return std::string("jobs.d/x.toml: no such key"); }});
  must(eyes.look());
  passes();
  EXPECT_EQ(standing(), Names{R"(reload_failed{node="node-a"})"});
  clock_.advance(3min);
  passes();
  EXPECT_EQ(standing(), Names{R"(node_gone{node="node-a"})"});
}

TEST_F(EvaluatorTest, ForgetsWhatIsLongOver) {
  fails("trust-score");
  passes();
  completes("trust-score");
  pass_for(20min);
  EXPECT_EQ(must(list(db(), {.all = true})).size(), 1u);
  clock_.advance(std::chrono::days{91});
  passes();
  for (const Alert& alert : must(list(db(), {.all = true}))) ADD_FAILURE() << alert.identity;
}

TEST_F(EvaluatorTest, KeepsWhatTheRulesSawLast) {
  EXPECT_FALSE(must(last_pass(db())));
  passes();
  fails("trust-score");
  passes();
  const auto pass = must(last_pass(db()));
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->at, clock_.now());
  const auto failing = std::ranges::find(pass->looks, Rule::failing, &Look::rule);
  ASSERT_NE(failing, pass->looks.end());
  EXPECT_EQ(failing->about, "trust-score");
  EXPECT_EQ(failing->value, "1 in a row, 1 of the last 1");
}

TEST_F(EvaluatorTest, WorksByItselfUntilItIsStopped) {
  fails("trust-score");
  SystemClock clock;
  Evaluator evaluator(db(), clock, logger_, options(3));
  evaluator.start();
  evaluator.start();
  const auto give_up = std::chrono::steady_clock::now() + 30s;
  while (standing(std::nullopt).empty() && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  EXPECT_EQ(standing(std::nullopt).size(), 1u);
  evaluator.stop();
  evaluator.stop();
  const auto turn = must(alerts::turn(db()));
  ASSERT_TRUE(turn);
  EXPECT_LE(turn->until, clock.now());  // given up
}

}  // namespace
}  // namespace hotclock::alerts
