#include "service/jobs/trust_score/trust_score.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json/parse.hpp>
#include <cmath>
#include <regex>

#include "service/jobs/kit/workbench_support.h"
#include "service/jobs/trust_score/trust_score_at_once.sql.h"

namespace hotclock::trust_score {
namespace {

using kit::counted;
using kit::is_done;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const Instant midnight = from_millis(20'780LL * 86'400'000);
const Instant noon = midnight + hours{12};

class Reputation : public kit::Workbench {
 public:
  void user(int id, Instant created_at = midnight - days{10}) {
    sql(fmt::format("INSERT INTO users (id, username, country, created_at) VALUES"
                    " ({0}, 'viewer{0}', 'NP', {1})",
                    id, to_millis(created_at)));
  }
  void event(int user, int delta, Instant at = midnight, const char* type = "helpful") {
    sql(fmt::format("INSERT INTO reputation_events (user_id, type, delta, created_at) VALUES"
                    " ({}, '{}', {}, {})",
                    user, type, delta, to_millis(at)));
  }
  Outcome run(Instant slot, Settings settings = {}) {
    Execution execution = claimed("trust-score", slot);
    return TrustScore(desk(), settings).run(execution);
  }
  double score(int user) {
    return real(fmt::format("SELECT score FROM user_trust WHERE user_id = {}", user));
  }
  std::string level(int user) {
    return text(fmt::format("SELECT level FROM user_trust WHERE user_id = {}", user));
  }
  boost::json::value factors(int user) {
    return boost::json::parse(
        text(fmt::format("SELECT factors FROM user_trust WHERE user_id = {}", user)));
  }
  std::string rows() {
    return text("SELECT coalesce(group_concat(user_id || ' ' || score || ' ' || level || ' ' ||"
                " running_sum || ' ' || factors, ' | '), '')"
                " FROM (SELECT * FROM user_trust ORDER BY user_id) AS scored");
  }
};

TEST(TrustScore, SumsUpWhatEventsSayOfAUser) {
  // The earlier implementation summed a column that no event ever filled, so trust was always 0.
  Reputation r;
  r.user(1);
  r.event(1, 250);
  r.event(1, 205);
  EXPECT_EQ(counted(r.run(noon), "changed"), 1);
  EXPECT_EQ(r.score(1), 45.5);
  EXPECT_EQ(r.level(1), "medium");
}

TEST(TrustScore, AddsOnlyTheEventsSinceTheLastRun) {
  Reputation r;
  for (int id = 1; id <= 5; ++id) r.user(id);
  r.event(1, 100);
  EXPECT_EQ(counted(r.run(noon), "users"), 5);  // the first run looks at everybody
  r.event(2, 300, noon + minutes{5});
  r.event(1, 250, noon + minutes{6});
  EXPECT_EQ(counted(r.run(noon + minutes{30}), "users"), 2);
  EXPECT_EQ(r.score(1), 35);
  EXPECT_EQ(r.score(2), 30);
  EXPECT_EQ(counted(r.run(noon + minutes{60}), "users"), 0);
}

TEST(TrustScore, CountsAnEventOnceHoweverOftenASlotIsRun) {
  Reputation r;
  r.user(1);
  r.run(noon);
  r.event(1, 100, noon + minutes{5});
  for (int i = 0; i < 3; ++i) r.run(noon + minutes{30});
  EXPECT_EQ(r.score(1), 10);
}

TEST(TrustScore, LeavesEventsAfterTheSlotToTheNextOne) {
  Reputation r;
  r.user(1);
  r.run(noon);
  r.event(1, 100, noon + minutes{20});
  r.event(1, 100, noon + minutes{40});
  r.run(noon + minutes{30});  // worked late
  EXPECT_EQ(r.score(1), 10);
  r.run(noon + minutes{60});
  EXPECT_EQ(r.score(1), 20);
}

TEST(TrustScore, WritesOnlyRowsThatChanged) {
  Reputation r;
  r.user(1);
  r.user(2);
  r.run(noon);
  r.event(1, 100, noon);
  r.event(2, 50, noon);
  r.event(2, -50, noon);
  const Outcome outcome = r.run(noon + minutes{30});
  EXPECT_EQ(counted(outcome, "users"), 2);
  EXPECT_EQ(counted(outcome, "changed"), 1);
}

TEST(TrustScore, TellsAUserOfANewLevelAndNotOfANewScore) {
  Reputation r;
  r.user(1);
  r.user(2);
  r.event(1, 250);
  r.run(noon);
  EXPECT_TRUE(r.heard().empty());  // still low, as anybody begins
  r.event(1, 350, noon);
  r.event(2, 10, noon);
  EXPECT_EQ(counted(r.run(noon + minutes{30}), "levels"), 1);
  const auto heard = r.heard();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].event, "trust:changed");
  EXPECT_EQ(heard[0].rooms, "user:1");
  EXPECT_EQ(heard[0].payload, (boost::json::value{{"userId", "1"},
                                                  {"score", 60.0},
                                                  {"level", "high"},
                                                  {"previousLevel", "low"}}));
}

TEST(TrustScore, TellsOfALevelThatIsLost) {
  Reputation r;
  r.user(1);
  r.event(1, 900);
  r.run(noon);
  r.event(1, -800, noon);
  r.run(noon + minutes{30});
  EXPECT_EQ(r.heard().back().payload.at("level"), "low");
  EXPECT_EQ(r.heard().back().payload.at("previousLevel"), "verified");
}

TEST(TrustScore, SetsTheFactorsBesideTheScore) {
  Reputation r;
  r.user(1, noon - days{3} - hours{1});
  r.sql("UPDATE users SET kyc_status = 'verified', phone_verified = 1, social_connected = 1;"
        "INSERT INTO streams (host_id, title, status, category, country, started_at) VALUES"
        " (1, 's', 'ended', 'music', 'NP', 0), (1, 's', 'live', 'music', 'NP', 0);"
        "INSERT INTO transactions (user_id, type, amount, currency, status, created_at) VALUES"
        " (1, 'gift_sent', -5, 'coins', 'completed', 0), (1, 'recharge', 9, 'coins', 'completed', 0)");
  r.event(1, -5, midnight, "report_received");
  r.run(noon);
  EXPECT_EQ(r.factors(1), (boost::json::value{{"kycVerified", true},
                                              {"phoneVerified", true},
                                              {"emailVerified", false},
                                              {"socialConnected", true},
                                              {"activeDays", 3},
                                              {"streamsHosted", 2},
                                              {"giftsSent", 1},
                                              {"reportsReceived", 1}}));
}

TEST(TrustScore, LooksAtEverybodyOnceAUtcDay) {
  Reputation r;
  for (int id = 1; id <= 3; ++id) r.user(id);
  EXPECT_EQ(counted(r.run(noon), "users"), 3);
  EXPECT_EQ(counted(r.run(noon + minutes{30}), "users"), 0);
  EXPECT_EQ(counted(r.run(midnight + days{1} - minutes{30}), "users"), 0);
  EXPECT_EQ(counted(r.run(midnight + days{1}), "users"), 3);
  EXPECT_EQ(counted(r.run(midnight + days{1} + minutes{30}), "users"), 0);
}

TEST(TrustScore, LooksAtEverybodyWhenToldTo) {
  Reputation r;
  r.user(1);
  Settings settings;
  settings.full = true;
  r.run(noon);
  EXPECT_EQ(counted(r.run(noon + minutes{30}, settings), "users"), 1);
}

TEST(TrustScore, CountsInAFullPassWhatAppearedBelowTheWatermark) {
  Reputation r;
  r.user(1);
  r.event(1, 100);
  r.sql("UPDATE reputation_events SET id = 10");
  r.run(noon);
  // A writer that took id 5 earlier commits only now.
  r.sql("INSERT INTO reputation_events (id, user_id, type, delta, created_at)"
        " VALUES (5, 1, 'late', 70, 0)");
  r.run(noon + minutes{30});
  EXPECT_EQ(r.score(1), 10);
  r.run(midnight + days{1});
  EXPECT_EQ(r.score(1), 17);
}

TEST(TrustScore, DoesNotLoseTheWatermarkToAnOlderSlot) {
  Reputation r;
  r.user(1);
  r.event(1, 100, noon);
  r.run(noon);
  r.run(noon - hours{1});
  r.run(noon + hours{1});
  EXPECT_EQ(r.score(1), 10);
}

TEST(TrustScore, LetsOldEventsFadeWhereAHalfLifeIsSet) {
  Reputation r;
  r.user(1);
  Settings settings;
  settings.half_life = days{10};
  r.event(1, 800, noon - days{10});
  r.run(noon, settings);
  EXPECT_NEAR(r.score(1), 40, 1e-9);
  r.event(1, 100, noon + hours{1});
  r.run(noon + hours{1}, settings);
  EXPECT_NEAR(r.score(1), 40 * std::exp2(-1.0 / 240) + 10, 1e-9);
}

TEST(TrustScore, SumsAnewWhenTheHalfLifeIsChanged) {
  Reputation r;
  r.user(1);
  r.event(1, 800, noon - days{10});
  r.run(noon);
  EXPECT_EQ(r.score(1), 80);
  Settings settings;
  settings.half_life = days{10};
  r.run(noon + minutes{30}, settings);
  EXPECT_NEAR(r.score(1), 40, 0.1);
  r.run(noon + minutes{60});
  EXPECT_EQ(r.score(1), 80);
}

TEST(TrustScore, CountsInADryRunWhatWouldChangeAndChangesNothing) {
  Reputation r;
  for (int id = 1; id <= 5; ++id) r.user(id);
  r.run(noon);
  const std::string before = r.rows();
  const std::string memo = r.text("SELECT memo FROM memos");
  for (int i = 0; i < 6; ++i) r.event(1 + i % 3, 200, noon);
  Settings small;
  small.chunk = 2;
  Execution dry = r.claimed("trust-score", noon + minutes{30});
  dry.dry_run = true;
  const Outcome planned = TrustScore(r.desk(), small).run(dry);
  EXPECT_EQ(counted(planned, "users"), 3);
  EXPECT_EQ(counted(planned, "levels"), 3);
  EXPECT_EQ(r.rows(), before);
  EXPECT_EQ(r.text("SELECT memo FROM memos"), memo);
  EXPECT_TRUE(r.heard().empty());
}

TEST(TrustScore, TakesUpABrokenFullPassWhereItStoodWithTheNextSlot) {
  Reputation r;
  for (int id = 1; id <= 9; ++id) {
    r.user(id);
    r.event(id, id * 10);
  }
  Settings small;
  small.chunk = 3;
  Execution broken = r.claimed("trust-score", noon);
  r.dying().stop_at(20, broken.permit);
  EXPECT_TRUE(kit::is_stopped(TrustScore(r.desk(), small).run(broken)));
  const auto done = r.number("SELECT count(*) FROM user_trust");
  ASSERT_GT(done, 0);
  ASSERT_LT(done, 9);
  for (int id = 1; id <= 9; ++id) r.event(id, 1, noon + minutes{5});
  EXPECT_EQ(counted(r.run(noon + minutes{30}, small), "users"), 9 - done);
  r.run(noon + minutes{60}, small);
  for (int id = 1; id <= 9; ++id) EXPECT_EQ(r.score(id), id + 0.1) << id;
}

TEST(TrustScore, WritesNothingOnceItsLeaseIsAnothers) {
  Reputation r;
  r.user(1);
  Execution old = r.claimed("trust-score", noon);
  r.taken_away(old);
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(TrustScore(r.desk(), {}).run(old)));
  EXPECT_EQ(r.rows(), "");
}

// ---------------------------------------------------------------- partitions

Settings in_parts(std::int64_t partitions) {
  Settings settings;
  settings.chunk = 2;
  settings.partitions = partitions;
  return settings;
}

// Twenty users, each with an event of ten times the id; the first slot is about to divide them.
struct ManyReputations : Reputation {
  ManyReputations() {
    for (int id = 1; id <= 20; ++id) {
      user(id);
      event(id, id * 10);
    }
  }
  std::vector<Execution> divided(Instant t) {
    Execution whole = claimed("trust-score", t);
    return partitions(whole, TrustScore(desk(), in_parts(2)).run(whole));
  }
  std::string memo() { return text("SELECT memo FROM memos"); }
};

TEST(TrustScore, DividesAFullPassAndTheLastPartitionPutsTheMemoRight) {
  ManyReputations r;
  auto parts = r.divided(noon);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].cursor, "0..10");
  EXPECT_EQ(parts[1].cursor, "10");
  EXPECT_TRUE(is_done(TrustScore(r.desk(), in_parts(2)).run(parts[1])));
  EXPECT_EQ(parse_memo(r.memo()), std::nullopt);
  EXPECT_EQ(counted(TrustScore(r.desk(), in_parts(2)).run(parts[0]), "users"), 10);
  ASSERT_TRUE(parse_memo(r.memo()));
  for (int id = 1; id <= 20; ++id) EXPECT_EQ(r.score(id), id) << id;
  // The next run adds what came since.
  r.event(3, 10, noon + minutes{1});
  EXPECT_EQ(counted(r.run(noon + minutes{30}, in_parts(2)), "users"), 1);
  EXPECT_EQ(r.score(3), 4);
}

TEST(TrustScore, ReadsOfAChunkOnlyWhatItsUsersHave) {
  Reputation r;
  if (!r.database().dialect().takes_arrays) GTEST_SKIP() << "this engine sums user by user";
  r.sql("INSERT INTO users (id, username, country, created_at) SELECT i, 'viewer_' || i, 'NP', '2026-01-01'"
        " FROM generate_series(1, 50000) AS i");
  r.sql("INSERT INTO user_trust SELECT id, 0, 'low', repeat('x', 200), 0, 0, '2026-01-01' FROM users");
  r.sql("ANALYZE users, user_trust");
  std::string chunk(stmt::trust_score_at_once::everyone_by_range.text);
  for (const auto& [parameter, value] : {std::pair{"$1", "20000"}, {"$2", "30000"}, {"$3", "1"}})
    for (std::size_t at; (at = chunk.find(parameter)) != chunk.npos;) chunk.replace(at, 2, value);
  const std::string plan = r.text("EXPLAIN (FORMAT JSON) " + chunk);
  EXPECT_FALSE(std::regex_search(plan, std::regex("Seq Scan[^{}]*(users|user_trust)")))
      << plan;
}

TEST(TrustScore, CountsAPartitionOnceThatEndsTwice) {
  ManyReputations r;
  auto parts = r.divided(noon);
  EXPECT_TRUE(is_done(TrustScore(r.desk(), in_parts(2)).run(parts[0])));
  // Its end was not recorded: it is tried again.
  Execution again = r.claimed_again(parts[0]);
  EXPECT_EQ(counted(TrustScore(r.desk(), in_parts(2)).run(again), "users"), 0);
  EXPECT_EQ(parse_memo(r.memo()), std::nullopt);
  EXPECT_TRUE(is_done(TrustScore(r.desk(), in_parts(2)).run(parts[1])));
  EXPECT_TRUE(parse_memo(r.memo()));
}

TEST(TrustScore, MakesADividedPassAnewThatWasGivenUp) {
  ManyReputations r;
  auto parts = r.divided(noon);
  EXPECT_TRUE(is_done(TrustScore(r.desk(), in_parts(2)).run(parts[0])));
  EXPECT_EQ(counted(r.run(noon + minutes{30}), "users"), 20);
  EXPECT_TRUE(parse_memo(r.memo()));
  // What is left of the one given up spoils nothing.
  const Outcome late = TrustScore(r.desk(), in_parts(2)).run(parts[1]);
  ASSERT_TRUE(std::holds_alternative<Failed>(late));
  EXPECT_TRUE(std::get<Failed>(late).final);
  EXPECT_TRUE(parse_memo(r.memo()));
}

TEST(TrustScore, RefusesToSumOnWithAnotherHalfLife) {
  ManyReputations r;
  auto parts = r.divided(noon);
  Settings other = in_parts(2);
  other.half_life = days{10};
  EXPECT_TRUE(std::holds_alternative<Failed>(TrustScore(r.desk(), other).run(parts[0])));
}

struct Fault {
  bool done_first;
  bool full;
};
class KilledAtAStep : public testing::TestWithParam<Fault> {};

TEST_P(KilledAtAStep, EveryEventCountsOnce) {
  Settings small;
  small.chunk = 2;
  bool died = true;
  for (int step = 1; died; ++step) {
    Reputation r;
    for (int id = 1; id <= 3; ++id) r.user(id);
    r.run(noon);
    for (int i = 0; i < 5; ++i) r.event(1 + i % 3, 300, noon);
    small.full = GetParam().full;
    Execution execution = r.claimed("trust-score", noon + minutes{30});
    r.dying().die_at(step, GetParam().done_first);
    TrustScore(r.desk(), small).run(execution);
    died = r.dying().died();
    r.dying().die_at(0, false);
    Execution next = r.claimed_again(execution);
    EXPECT_TRUE(is_done(TrustScore(r.desk(), small).run(next)));
    EXPECT_EQ(r.score(1), 60);
    EXPECT_EQ(r.score(2), 60);
    EXPECT_EQ(r.score(3), 30);
    if (testing::Test::HasFailure()) FAIL() << "killed at step " << step;
    ASSERT_LT(step, 200);
  }
}

INSTANTIATE_TEST_SUITE_P(TrustScore, KilledAtAStep,
                         testing::Values(Fault{false, false}, Fault{true, false},
                                         Fault{false, true}, Fault{true, true}),
                         [](const auto& which) {
                           return std::string(which.param.full ? "InAFullPass" : "InEvents") +
                                  (which.param.done_first ? "AfterIt" : "BeforeIt");
                         });

TEST(TrustScore, CountsNobodyTwiceThoughTheConnectionIsLostOnTheWay) {
  Settings small;
  small.chunk = 2;
  for (int step = 1, steps = step + 1; step < steps; ++step) {
    Reputation r;
    for (int id = 1; id <= 3; ++id) r.user(id);
    r.run(noon);
    for (int i = 0; i < 5; ++i) r.event(1 + i % 3, 300, noon);
    Execution execution = r.claimed("trust-score", noon + minutes{30});
    r.dying().stumble_at(step);
    const Outcome outcome = TrustScore(r.desk(), small).run(execution);
    steps = r.dying().steps();
    EXPECT_TRUE(is_done(outcome));
    EXPECT_EQ(counted(outcome, "users"), 5);  // a user of two chunks counts twice
    EXPECT_EQ(r.score(1), 60);
    if (testing::Test::HasFailure()) FAIL() << "lost at step " << step;
  }
}

RC_GTEST_PROP(TrustScore, IncrementalRunsAndAFullPassGiveTheSameNumbers, ()) {
  Reputation r;
  for (int id = 1; id <= 4; ++id) r.user(id);
  Settings settings;
  settings.chunk = *rc::gen::inRange(1, 6);
  Instant t = noon;
  r.run(t, settings);
  const int runs = *rc::gen::inRange(1, 4);
  for (int run = 0; run < runs; ++run) {
    const int events = *rc::gen::inRange(0, 8);
    for (int i = 0; i < events; ++i)
      r.event(*rc::gen::inRange(1, 5), *rc::gen::inRange(-400, 700), t);
    t += minutes{30};
    RC_ASSERT(is_done(r.run(t, settings)));
  }
  const std::string incremental = r.rows();
  Settings full;
  full.full = true;
  full.chunk = *rc::gen::inRange(1, 6);
  RC_ASSERT(is_done(r.run(t, full)));
  RC_ASSERT(r.rows() == incremental);
}

TEST(TrustScoreSettings, AreOffByDefaultAndTyped) {
  auto empty = config::Section::parse("");
  const auto usual = read_settings(empty);
  ASSERT_TRUE(usual);
  EXPECT_EQ(usual->half_life, Duration::zero());
  EXPECT_FALSE(usual->full);
  auto set = config::Section::parse("half_life = \"90d\"\nfull = true\nchunk = 7");
  const auto given = read_settings(set);
  ASSERT_TRUE(given);
  EXPECT_EQ(given->half_life, days{90});
  EXPECT_TRUE(given->full);
  EXPECT_EQ(given->chunk, 7);
  for (const char* text : {"chunk = 0", "half_live = 1"}) {
    auto wrong = config::Section::parse(text);
    EXPECT_FALSE(read_settings(wrong)) << text;
  }
}

}  // namespace
}  // namespace hotclock::trust_score
