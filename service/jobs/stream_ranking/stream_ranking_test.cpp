#include "service/jobs/stream_ranking/stream_ranking.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "service/jobs/kit/workbench_support.h"

namespace hotclock::stream_ranking {
namespace {

using kit::counted;
using kit::is_done;

const Instant noon = from_millis(1'795'608'000'000);
const Instant later = noon + std::chrono::minutes{10};

class Stage : public kit::Workbench {
 public:
  void stream(int id, int viewers, int coins, double engagement, const char* category = "music",
              const char* country = "NP", const char* status = "live") {
    sql(fmt::format("INSERT INTO streams (id, host_id, title, status, category, country, started_at,"
                    " current_viewers, total_coins, engagement_rate) VALUES"
                    " ({}, 1, 'a stream', '{}', '{}', '{}', {}, {}, {}, {:.1f})",
                    id, status, category, country, id, viewers, coins, engagement));
  }
  Outcome run(Instant slot = noon) {
    Execution execution = claimed("stream-ranking", slot);
    return StreamRanking(desk(), {}).run(execution);
  }
  std::string ranks() {
    return text("SELECT coalesce(group_concat(stream_id || ':' || rank_overall || '/' ||"
                " rank_in_category || '/' || rank_in_country || ' was ' ||"
                " coalesce(CAST(previous_rank AS TEXT), '-'), ', '), '')"
                " FROM (SELECT * FROM stream_ranks ORDER BY stream_id) AS ranked");
  }
  std::int64_t told(const char* scope) {
    std::int64_t count = 0;
    for (const auto& h : heard())
      if (h.payload.at("scope") == scope) ++count;
    return count;
  }
};

TEST(StreamRanking, RanksLiveStreamsOverallInCategoryAndInCountry) {
  Stage s;
  s.stream(1, 100, 0, 0, "music", "NP");
  s.stream(2, 50, 100, 0, "games", "NP");
  s.stream(3, 10, 0, 0, "music", "AU");
  s.stream(4, 999, 999, 100, "music", "NP", "preparing");
  s.stream(5, 999, 999, 100, "music", "NP", "banned");
  const Outcome outcome = s.run();
  EXPECT_EQ(counted(outcome, "streams"), 3);
  EXPECT_EQ(counted(outcome, "changed"), 3);
  EXPECT_EQ(s.ranks(), "1:2/1/2 was -, 2:1/1/1 was -, 3:3/2/1 was -");
  EXPECT_DOUBLE_EQ(s.real("SELECT engagement_score FROM stream_ranks WHERE stream_id = 2"), 55);
}

TEST(StreamRanking, KeepsScoresInFullPrecision) {
  Stage s;
  s.stream(1, 3, 7, 0);
  s.stream(2, 1, 2, 33.3);
  s.run();
  EXPECT_EQ(s.real("SELECT engagement_score FROM stream_ranks WHERE stream_id = 2"),
            100 * (0.3 * (1.0 / 3) + 0.4 * (2.0 / 7) + 0.3 * (33.3 / 100)));
}

TEST(StreamRanking, WritesOnlyWhatChanged) {
  Stage s;
  for (int id = 1; id <= 5; ++id) s.stream(id, 100 - id, 0, 0);
  s.run();
  const Outcome again = s.run(later);
  EXPECT_EQ(counted(again, "changed"), 0);
  EXPECT_EQ(s.number("SELECT count(DISTINCT computed_at) FROM stream_ranks"), 1);
  s.sql("UPDATE streams SET current_viewers = 1 WHERE id = 4");
  EXPECT_EQ(counted(s.run(later), "changed"), 2);
  EXPECT_EQ(s.number("SELECT count(*) FROM stream_ranks WHERE computed_at = " +
                     std::to_string(to_millis(later))),
            2);
  EXPECT_EQ(s.ranks(), "1:1/1/1 was -, 2:2/2/2 was -, 3:3/3/3 was -, 4:5/5/5 was 4, 5:4/4/4 was 5");
}

TEST(StreamRanking, TakesTheRankOfAStreamThatIsLiveNoMore) {
  Stage s;
  s.stream(1, 100, 0, 0);
  s.stream(2, 50, 0, 0);
  s.run();
  s.sql("UPDATE streams SET status = 'ended' WHERE id = 1");
  EXPECT_EQ(counted(s.run(later), "removed"), 1);
  EXPECT_EQ(s.ranks(), "2:1/1/1 was 2");
}

TEST(StreamRanking, HasNothingToSayWhereNobodyStreams) {
  Stage s;
  EXPECT_TRUE(is_done(s.run()));
  EXPECT_TRUE(s.heard().empty());
}

TEST(StreamRanking, TellsEachRankingWhoseFirstFiftyChanged) {
  Stage s;
  s.stream(1, 100, 0, 0, "music", "NP");
  s.stream(2, 50, 0, 0, "games", "AU");
  s.run();
  EXPECT_EQ(s.heard().size(), 5U);  // overall, two categories, two countries
  const auto first = s.heard()[0];
  EXPECT_EQ(first.event, "ranking:updated");
  EXPECT_EQ(first.rooms, "rankings");
  EXPECT_EQ(first.payload.at("scope"), "overall");
  EXPECT_EQ(first.payload.at("computedAt").as_string(), to_string(noon));
  EXPECT_EQ(first.payload.at("top").at(0),
            (boost::json::value{
                {"streamId", "1"}, {"rank", 1}, {"previousRank", nullptr}, {"score", 30.0}}));
  EXPECT_EQ(s.text("SELECT group_concat(rooms, ' ') FROM outbox"),
            "rankings rankings:games rankings:music rankings:country:AU rankings:country:NP");
  s.run(later);
  EXPECT_EQ(s.heard().size(), 5U);
}

TEST(StreamRanking, TellsOnlyTheRankingsThatChanged) {
  Stage s;
  s.stream(1, 100, 0, 0, "music", "NP");
  s.stream(2, 50, 0, 0, "games", "AU");
  s.run();
  s.sql("UPDATE streams SET current_viewers = 60 WHERE id = 2");
  s.run(later);
  EXPECT_EQ(s.told("overall"), 2);
  EXPECT_EQ(s.told("category:games"), 2);
  EXPECT_EQ(s.told("country:AU"), 2);
  EXPECT_EQ(s.told("category:music"), 1);
  EXPECT_EQ(s.told("country:NP"), 1);
  EXPECT_EQ(s.heard()[5].payload.at("top").at(1).at("previousRank"), 2);
}

TEST(StreamRanking, TellsACategoryThatItIsEmpty) {
  Stage s;
  s.stream(1, 100, 0, 0, "music", "NP");
  s.run();
  s.sql("UPDATE streams SET status = 'ended'");
  s.run(later);
  EXPECT_EQ(s.told("category:music"), 2);
  EXPECT_TRUE(s.heard().back().payload.at("top").as_array().empty());
}

TEST(StreamRanking, CountsInADryRunWhatWouldChangeAndChangesNothing) {
  Stage s;
  s.stream(1, 100, 0, 0);
  Execution dry = s.claimed("stream-ranking", noon);
  dry.dry_run = true;
  EXPECT_EQ(counted(StreamRanking(s.desk(), {}).run(dry), "changed"), 1);
  EXPECT_EQ(s.ranks(), "");
}

TEST(StreamRanking, LeavesRanksAloneWhenItIsStoppedOrHasLostItsLease) {
  Stage s;
  s.stream(1, 100, 0, 0);
  Execution stopped = s.claimed("stream-ranking", noon);
  s.dying().stop_at(6, stopped.permit);
  EXPECT_TRUE(kit::is_stopped(StreamRanking(s.desk(), {}).run(stopped)));
  Execution old = s.claimed("stream-ranking", noon);
  s.taken_away(old);
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(StreamRanking(s.desk(), {}).run(old)));
  EXPECT_EQ(s.ranks(), "");
  EXPECT_TRUE(s.heard().empty());
}

class KilledAtAStep : public testing::TestWithParam<bool> {};

TEST_P(KilledAtAStep, AllRanksAreOfOneRunAndToldOfOnce) {
  bool died = true;
  for (int step = 1; died; ++step) {
    Stage s;
    for (int id = 1; id <= 3; ++id) s.stream(id, 100 - id, 0, 0);
    Execution execution = s.claimed("stream-ranking", noon);
    s.dying().die_at(step, GetParam());
    StreamRanking(s.desk(), {}).run(execution);
    died = s.dying().died();
    s.dying().die_at(0, false);
    const auto written = s.number("SELECT count(*) FROM stream_ranks");
    EXPECT_TRUE(written == 0 || written == 3);
    EXPECT_EQ(s.heard().size(), written == 3 ? 3U : 0U);
    Execution next = s.claimed_again(execution);
    EXPECT_TRUE(is_done(StreamRanking(s.desk(), {}).run(next)));
    EXPECT_EQ(s.ranks(), "1:1/1/1 was -, 2:2/2/2 was -, 3:3/3/3 was -");
    EXPECT_EQ(s.heard().size(), 3U);
    if (testing::Test::HasFailure()) FAIL() << "killed at step " << step;
    ASSERT_LT(step, 100);
  }
}

INSTANTIATE_TEST_SUITE_P(StreamRanking, KilledAtAStep, testing::Bool(),
                         [](const auto& which) { return which.param ? "AfterIt" : "BeforeIt"; });

TEST(StreamRankingSettings, TakeWeightsThatSumToOne) {
  auto section = config::Section::parse(
      "weight_viewers = 0.5\nweight_coins = 0.25\nweight_engagement = 0.25");
  const auto settings = read_settings(section);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->weights.viewers, 0.5);
  EXPECT_EQ(settings->weights.coins, 0.25);
}

TEST(StreamRankingSettings, RefuseWeightsThatDoNot) {
  for (const char* text : {"weight_viewers = 0.5", "weight_coins = 1.5", "weight = 1"}) {
    auto section = config::Section::parse(text);
    EXPECT_FALSE(read_settings(section)) << text;
  }
}

}  // namespace
}  // namespace hotclock::stream_ranking
