#include "service/jobs/throne_expiry/throne_expiry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "service/jobs/kit/workbench_support.h"

namespace hotclock::throne_expiry {
namespace {

using kit::counted;
using kit::is_done;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

class Arena : public kit::Workbench {
 public:
  void throne(std::int64_t id, Instant expires_at, bool is_active = true,
              const std::string& username = "asha") {
    sql(fmt::format("INSERT INTO thrones (id, stream_id, user_id, username, total_coins, claimed_at,"
                    " expires_at, is_active) VALUES ({0}, {1}, {2}, '{3}', 1250, 0, {4}, {5})",
                    id, id + 100, id + 200, username, to_millis(expires_at), is_active ? 1 : 0));
  }
  Outcome run(Instant slot, std::int64_t chunk = 5000) {
    Execution execution = claimed("throne-expiry", slot);
    return ThroneExpiry(desk(), {chunk}).run(execution);
  }
  std::optional<Instant> next_wake() {
    return ThroneExpiry(desk(), {}).next_wake(noon).value();
  }
  bool stands(std::int64_t id) {
    return number(fmt::format("SELECT is_active FROM thrones WHERE id = {}", id)) == 1;
  }
};

TEST(ThroneExpiry, EndsAThroneAndTellsItsTwoRooms) {
  Arena a;
  a.throne(7, noon);
  EXPECT_EQ(counted(a.run(noon), "thrones"), 1);
  EXPECT_FALSE(a.stands(7));
  const auto heard = a.heard();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].event, "throne:expired");
  EXPECT_EQ(heard[0].rooms, "stream:107 throne:107");
  EXPECT_EQ(heard[0].payload, (boost::json::value{{"throneId", "7"},
                                                  {"streamId", "107"},
                                                  {"userId", "207"},
                                                  {"username", "asha"},
                                                  {"totalCoins", 1250},
                                                  {"expiredAt", to_string(noon)}}));
}

TEST(ThroneExpiry, LeavesAThroneWhoseTimeHasNotComeAndOneThatFellBefore) {
  Arena a;
  a.throne(1, noon + milliseconds{1});
  a.throne(2, noon - seconds{60}, false);
  EXPECT_EQ(counted(a.run(noon), "thrones"), 0);
  EXPECT_TRUE(a.stands(1));
  EXPECT_TRUE(a.heard().empty());
}

TEST(ThroneExpiry, TellsOfEachThroneOnceHoweverOftenItRuns) {
  Arena a;
  for (int id = 1; id <= 7; ++id) a.throne(id, noon - seconds{id});
  EXPECT_EQ(counted(a.run(noon, 3), "thrones"), 7);
  EXPECT_EQ(counted(a.run(noon, 3), "thrones"), 0);
  EXPECT_EQ(a.heard().size(), 7U);
  EXPECT_EQ(a.number("SELECT count(DISTINCT rooms) FROM outbox"), 7);
}

TEST(ThroneExpiry, TellsOfTheOneThatFellFirstFirst) {
  Arena a;
  a.throne(1, noon - seconds{1});
  a.throne(2, noon - seconds{9});
  a.throne(3, noon - seconds{9});
  a.run(noon);
  EXPECT_EQ(a.text("SELECT group_concat(rooms) FROM outbox"),
            "stream:102 throne:102,stream:103 throne:103,stream:101 throne:101");
}

TEST(ThroneExpiry, EndsAFullLastChunkToo) {
  Arena a;
  for (int id = 1; id <= 6; ++id) a.throne(id, noon);
  EXPECT_EQ(counted(a.run(noon, 3), "thrones"), 6);
  EXPECT_EQ(a.number("SELECT count(*) FROM thrones WHERE is_active = 1"), 0);
}

TEST(ThroneExpiry, CarriesANameThatNeedsEscaping) {
  Arena a;
  a.throne(1, noon, true, "Łu\"c\\as\n👑");
  a.run(noon);
  EXPECT_EQ(a.heard()[0].payload.at("username"), "Łu\"c\\as\n👑");
}

TEST(ThroneExpiry, CountsInADryRunWhatWouldFallAndLeavesItStanding) {
  Arena a;
  for (int id = 1; id <= 7; ++id) a.throne(id, noon);
  Execution dry = a.claimed("throne-expiry", noon);
  dry.dry_run = true;
  EXPECT_EQ(counted(ThroneExpiry(a.desk(), {3}).run(dry), "thrones"), 7);
  EXPECT_EQ(a.number("SELECT count(*) FROM thrones WHERE is_active = 1"), 7);
  EXPECT_TRUE(a.heard().empty());
}

TEST(ThroneExpiry, WakesWhenTheNearestThroneFalls) {
  Arena a;
  EXPECT_EQ(a.next_wake(), std::nullopt);
  a.throne(1, noon + seconds{90});
  a.throne(2, noon + seconds{30});
  a.throne(3, noon + seconds{5}, false);
  EXPECT_EQ(a.next_wake(), noon + seconds{30});
}

TEST(ThroneExpiry, WakesAtOnceForAThroneThatIsOverdue) {
  Arena a;
  a.throne(1, noon - seconds{90});
  ASSERT_TRUE(a.next_wake());
  EXPECT_LE(*a.next_wake(), noon);
}

TEST(ThroneExpiry, WritesNothingOnceItsLeaseIsAnothers) {
  Arena a;
  a.throne(1, noon);
  Execution old = a.claimed("throne-expiry", noon);
  a.taken_away(old);
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(ThroneExpiry(a.desk(), {}).run(old)));
  EXPECT_TRUE(a.stands(1));
}

TEST(ThroneExpiry, StopsWithinAChunkWhenAskedTo) {
  Arena a;
  for (int id = 1; id <= 6; ++id) a.throne(id, noon);
  Execution execution = a.claimed("throne-expiry", noon);
  a.dying().stop_at(4, execution.permit);
  EXPECT_TRUE(kit::is_stopped(ThroneExpiry(a.desk(), {2}).run(execution)));
  EXPECT_EQ(a.number("SELECT count(*) FROM outbox"),
            a.number("SELECT count(*) FROM thrones WHERE is_active = 0"));
}

TEST(ThroneExpiry, TellsTheMillisecondOfTheEnd) {
  Arena a;
  a.throne(1, noon - milliseconds{7});
  a.run(noon);
  EXPECT_EQ(a.heard()[0].payload.at("expiredAt"), "2026-11-25T11:59:59.993Z");
}

class KilledAtAStep : public testing::TestWithParam<bool> {};

TEST_P(KilledAtAStep, EachThroneFallsOnceAndIsToldOfOnce) {
  bool died = true;
  for (int step = 1; died; ++step) {
    Arena a;
    for (int id = 1; id <= 5; ++id) a.throne(id, noon);
    Execution execution = a.claimed("throne-expiry", noon);
    a.dying().die_at(step, GetParam());
    ThroneExpiry(a.desk(), {2}).run(execution);
    died = a.dying().died();
    a.dying().die_at(0, false);
    EXPECT_EQ(a.number("SELECT count(*) FROM outbox"),
              a.number("SELECT count(*) FROM thrones WHERE is_active = 0"));
    Execution next = a.claimed_again(execution);
    const Outcome end = ThroneExpiry(a.desk(), {2}).run(next);
    EXPECT_EQ(counted(end, "thrones"), 5) << "the end counts what both attempts did";
    EXPECT_EQ(a.number("SELECT count(*) FROM thrones WHERE is_active = 1"), 0);
    EXPECT_EQ(a.number("SELECT count(DISTINCT rooms) FROM outbox"), 5);
    EXPECT_EQ(a.number("SELECT count(*) FROM outbox"), 5);
    if (testing::Test::HasFailure()) FAIL() << "killed at step " << step;
    ASSERT_LT(step, 100);
  }
}

INSTANTIATE_TEST_SUITE_P(ThroneExpiry, KilledAtAStep, testing::Bool(),
                         [](const auto& which) { return which.param ? "AfterIt" : "BeforeIt"; });

TEST(ThroneExpirySettings, TakeAChunkAndNothingElse) {
  auto good = config::Section::parse("chunk = 20");
  ASSERT_TRUE(read_settings(good));
  for (const char* text : {"chunk = 0", "chunks = 5"}) {
    auto section = config::Section::parse(text);
    EXPECT_FALSE(read_settings(section)) << text;
  }
}

}  // namespace
}  // namespace hotclock::throne_expiry
