#include "service/jobs/stream_ranking/ranking.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace hotclock::stream_ranking {
namespace {

const Weights usual;

Stream stream(std::int64_t id, std::int64_t viewers, std::int64_t coins, double engagement,
              const char* category = "music", const char* country = "NP") {
  Stream s;
  s.id = id;
  s.viewers = viewers;
  s.coins = coins;
  s.engagement_rate = engagement;
  s.category = category;
  s.country = country;
  return s;
}

TEST(Score, WeighsViewersCoinsAndEngagementAgainstTheirMaxima) {
  EXPECT_DOUBLE_EQ(score(stream(1, 50, 25, 80), 100, 100, usual), 15 + 10 + 24);
  EXPECT_DOUBLE_EQ(score(stream(1, 100, 100, 100), 100, 100, usual), 100);
}

TEST(Score, TakesAMaximumOfNothingAsNothing) {
  EXPECT_DOUBLE_EQ(score(stream(1, 0, 0, 50), 0, 0, usual), 15);
  EXPECT_DOUBLE_EQ(score(stream(1, 0, 0, 0), 0, 0, usual), 0);
}

TEST(Score, ClampsEachTerm) {
  EXPECT_DOUBLE_EQ(score(stream(1, 500, -5, 250), 100, 100, usual), 60);
  EXPECT_DOUBLE_EQ(score(stream(1, 0, 0, -20), 100, 100, usual), 0);
}

TEST(Weights, SumToOneExactlyOrNot) {
  using config::Decimal;
  EXPECT_TRUE(sum_to_one({Decimal{3, 1}, Decimal{4, 1}, Decimal{3, 1}}));
  EXPECT_TRUE(sum_to_one({Decimal{1, 0}, Decimal{0, 0}, Decimal{0, 0}}));
  EXPECT_TRUE(sum_to_one({Decimal{999'999'999'999'999'999, 18}, Decimal{1, 18}}));
  EXPECT_FALSE(sum_to_one({Decimal{3, 1}, Decimal{4, 1}, Decimal{2, 1}}));
  EXPECT_FALSE(sum_to_one({Decimal{3, 1}, Decimal{4, 1}, Decimal{300'000'001, 9}}));
  EXPECT_FALSE(sum_to_one({Decimal{2, 0}, Decimal{-1, 0}}));
}

TEST(Rank, PutsTheHigherScoreFirst) {
  std::vector<Stream> s = {stream(1, 10, 10, 10), stream(2, 90, 90, 90), stream(3, 50, 50, 50)};
  rank(s, usual);
  EXPECT_EQ(s[0].id, 2);
  EXPECT_EQ(s[1].id, 3);
  EXPECT_EQ(s[2].id, 1);
  EXPECT_EQ(s[2].now.overall, 3);
}

TEST(Rank, BreaksTiesByViewersThenTheEarlierStartThenTheSmallerId) {
  // Only engagement counts, so all have one score.
  const Weights engagement_alone{0, 0, 1};
  std::vector<Stream> s = {stream(4, 5, 0, 50), stream(3, 5, 0, 50), stream(2, 5, 0, 50),
                           stream(1, 4, 0, 50)};
  s[0].started_at = from_millis(1000);
  s[1].started_at = s[2].started_at = from_millis(2000);
  rank(s, engagement_alone);
  EXPECT_EQ(s[0].id, 4);
  EXPECT_EQ(s[1].id, 2);
  EXPECT_EQ(s[2].id, 3);
  EXPECT_EQ(s[3].id, 1);
}

TEST(Rank, CountsInEachCategoryAndCountryByItself) {
  std::vector<Stream> s = {stream(1, 90, 0, 0, "music", "NP"), stream(2, 80, 0, 0, "games", "NP"),
                           stream(3, 70, 0, 0, "music", "AU")};
  rank(s, usual);
  EXPECT_EQ(s[1].now.overall, 2);
  EXPECT_EQ(s[1].now.in_category, 1);
  EXPECT_EQ(s[1].now.in_country, 2);
  EXPECT_EQ(s[2].now.in_category, 2);
  EXPECT_EQ(s[2].now.in_country, 1);
}

// How many of `all` stand before `s`, one against one.
template <class Same>
std::int64_t naive_rank(const std::vector<Stream>& all, const Stream& s, Same same) {
  std::int64_t before = 0;
  for (const Stream& o : all) {
    if (!same(o, s) || o.id == s.id) continue;
    const bool first = o.now.score != s.now.score ? o.now.score > s.now.score
                       : o.viewers != s.viewers   ? o.viewers > s.viewers
                       : o.started_at != s.started_at ? o.started_at < s.started_at
                                                      : o.id < s.id;
    before += first ? 1 : 0;
  }
  return before + 1;
}

RC_GTEST_PROP(Rank, IsOneMoreThanTheNumberOfThoseBefore, ()) {
  std::vector<Stream> all;
  const int count = *rc::gen::inRange(0, 40);
  for (int id = 1; id <= count; ++id) {
    all.push_back(stream(id, *rc::gen::inRange(0, 4), *rc::gen::inRange(0, 3),
                         *rc::gen::inRange(0, 3) * 50.0, *rc::gen::element("music", "games", "talk"),
                         *rc::gen::element("NP", "AU")));
    all.back().started_at = from_millis(*rc::gen::inRange(0, 3));
  }
  rank(all, usual);
  for (const Stream& s : all) {
    RC_ASSERT(s.now.overall ==
              naive_rank(all, s, [](const Stream&, const Stream&) { return true; }));
    RC_ASSERT(s.now.in_category == naive_rank(all, s, [](const Stream& a, const Stream& b) {
                return a.category == b.category;
              }));
    RC_ASSERT(s.now.in_country == naive_rank(all, s, [](const Stream& a, const Stream& b) {
                return a.country == b.country;
              }));
  }
}

std::vector<Stream> crowd(int count) {
  std::vector<Stream> all;
  for (int id = 1; id <= count; ++id) all.push_back(stream(id, 1000 - id, 0, 0));
  rank(all, usual);
  return all;
}

// As if the last run had left everything as it is.
void settle(std::vector<Stream>& all) {
  for (Stream& s : all) s.before = s.now;
}

TEST(Tops, ListTheFirstFiftyWithTheirPreviousRanks) {
  auto all = crowd(60);
  const AllTops first = tops(all, {});
  ASSERT_EQ(first.overall.lines.size(), 50U);
  EXPECT_TRUE(first.overall.changed);
  EXPECT_EQ(first.overall.lines[0].stream, 1);
  EXPECT_EQ(first.overall.lines[0].previous, 0);
  EXPECT_EQ(first.overall.lines[49].rank, 50);
  settle(all);
  EXPECT_EQ(tops(all, {}).overall.lines[49].previous, 50);
}

TEST(Tops, AreUnchangedWhereNothingInThemChanged) {
  auto all = crowd(60);
  settle(all);
  const AllTops same = tops(all, {});
  EXPECT_FALSE(same.overall.changed);
  EXPECT_FALSE(same.categories.at("music").changed);
  EXPECT_FALSE(same.countries.at("NP").changed);
}

TEST(Tops, DoNotMindWhatHappensBehindTheFifty) {
  auto all = crowd(60);
  settle(all);
  std::swap(all[54].before->overall, all[55].before->overall);
  Gone gone{99, "music", "NP", {1, 61, 61, 61}};
  EXPECT_FALSE(tops(all, {gone}).overall.changed);
}

TEST(Tops, ChangeWithAScoreAMoveALossAndAFallOutOfThem) {
  auto all = crowd(60);
  settle(all);
  auto scored = all;
  scored[9].before->score += 1;
  EXPECT_TRUE(tops(scored, {}).overall.changed);
  auto moved = all;
  std::swap(moved[9].before->overall, moved[10].before->overall);
  EXPECT_TRUE(tops(moved, {}).overall.changed);
  EXPECT_FALSE(tops(moved, {}).categories.at("music").changed);
  EXPECT_TRUE(tops(all, {{99, "music", "AU", {1, 50, 3, 1}}}).overall.changed);
  auto fallen = all;
  fallen[55].before->overall = 50;
  EXPECT_TRUE(tops(fallen, {}).overall.changed);
}

TEST(Tops, ChangeWhereTheLastStreamOfAScopeIsGone) {
  const AllTops all = tops({}, {{7, "music", "NP", {50, 1, 1, 1}}});
  EXPECT_TRUE(all.categories.at("music").changed);
  EXPECT_TRUE(all.categories.at("music").lines.empty());
  EXPECT_TRUE(all.countries.at("NP").changed);
}

}  // namespace
}  // namespace hotclock::stream_ranking
