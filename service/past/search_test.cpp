#include "service/past/search.h"

#include "service/past/past_support.h"
#include "service/past/statements.h"

namespace hotclock::past {
namespace {

class SearchTest : public PastFixture {
 protected:
  Hits hits(const SearchQuery& query) { return must(search(db(), query)); }
  std::vector<std::int64_t> slots(const SearchQuery& query) {
    std::vector<std::int64_t> found;
    for (const Hit& hit : hits(query).hits) found.push_back(hit.slot_id);
    return found;
  }
};

using Ids = std::vector<std::int64_t>;

TEST_F(SearchTest, EveryStatementFitsTheSchema) {
  must(sql::prepare_all(db(), statements(db().dialect())));
}

TEST_F(SearchTest, WordsAreFoundInReasonsNewestFirst) {
  ended("pay", t0, {.end = End::failed, .error = "the bank answered: timeout"});
  ended("pay", t0 + 1min);
  ended("rank", t0 + 2min,
        {.end = End::failed, .error = "The Bank is shut (https://bank.example/x)"});
  ended("rank", t0 + 3min, {.end = End::failed, .error = "no banks"});
  EXPECT_EQ(slots({.words = "bank"}), (Ids{3, 1}));
  EXPECT_EQ(slots({.words = "timeout BANK"}), Ids{1});
  EXPECT_EQ(slots({.words = "bank*"}), (Ids{4, 3, 1}));
  EXPECT_EQ(slots({.words = "example"}), Ids{3});
  EXPECT_EQ(slots({.words = "bank", .job = "rank"}), Ids{3});
  EXPECT_EQ(slots({.words = "bank mail"}), Ids{});
  EXPECT_EQ(slots({.words = "bank", .since = t0 + 1min}), Ids{3});
  EXPECT_EQ(slots({.words = "bank", .until = t0 + 1min}), Ids{1});
}

TEST_F(SearchTest, AHitSaysWhereItIs) {
  const auto execution = ended("pay", t0, {.end = End::timed_out, .error = "stopped at the limit"});
  const auto found = hits({.words = "limit"});
  ASSERT_EQ(found.hits.size(), 1u);
  EXPECT_EQ(found.hits[0].job, "pay");
  EXPECT_EQ(found.hits[0].scheduled_for, t0);
  EXPECT_EQ(found.hits[0].execution, execution);
  EXPECT_EQ(found.hits[0].outcome, "timed_out");
  EXPECT_EQ(found.hits[0].excerpt, "stopped at the limit");
  EXPECT_EQ(found.next, "");
}

TEST_F(SearchTest, WhatWasTriedAgainIsFoundToo) {
  worker().enters("pay", t0);
  worker().ends(worker().claims_one(), TriesAgain{t0 + 1min}, "failed", "the bank is shut");
  worker().ends(worker().claims_one(t0 + 1min), Ends{End::failed}, "failed", "the bank is gone",
                t0 + 1min);
  const auto found = hits({.words = "bank"});
  ASSERT_EQ(found.hits.size(), 2u);
  EXPECT_EQ(found.hits[0].excerpt, "the bank is gone");
  EXPECT_EQ(found.hits[1].excerpt, "the bank is shut");
}

TEST_F(SearchTest, WordsAreFoundInWhatWasSetAside) {
  ended("pay", t0,
        {.end = End::completed_with_errors,
         .set_aside = {{"user 4711", Error(Errc::check, "overflow of a balance")},
                       {"user 4712", Error(Errc::check, "no account")}}});
  EXPECT_EQ(slots({.words = "overflow", .in = Place::set_aside}), Ids{1});
  EXPECT_EQ(slots({.words = "4712 account", .in = Place::set_aside}), Ids{1});
  EXPECT_EQ(slots({.words = "overflow"}), Ids{});
}

TEST_F(SearchTest, WordsAreFoundInLogs) {
  ended("pay", t0, {.log = "began\nread 17 rows from db-3.internal\ndone\n"});
  ended("pay", t0 + 1min, {.log = "began\ndone\n"});
  EXPECT_EQ(slots({.words = "began", .in = Place::logs}), (Ids{2, 1}));
  EXPECT_EQ(slots({.words = "internal", .in = Place::logs}), Ids{1});
  EXPECT_EQ(slots({.words = "began", .in = Place::logs, .since = t0 + 1min}), Ids{2});
  EXPECT_EQ(slots({.words = "began", .in = Place::logs, .until = t0 + 1min}), Ids{1});
  const auto found = hits({.words = "rows", .in = Place::logs});
  ASSERT_EQ(found.hits.size(), 1u);
  EXPECT_EQ(found.hits[0].excerpt, "began read 17 rows from db-3.internal done ");
  EXPECT_EQ(found.hits[0].outcome, "completed");
}

TEST_F(SearchTest, PagesHoldEachHitOnceInEveryPlace) {
  for (int i = 0; i < 5; ++i)
    ended("pay", t0 + i / 2 * 1min + i * 1s,
          {.end = End::failed,
           .error = "the bank",
           .log = "the bank",
           .set_aside = {{"a", Error(Errc::check, "the bank")},
                         {"b", Error(Errc::check, "the bank")}}});
  for (const Place in : {Place::reasons, Place::set_aside, Place::logs}) {
    SearchQuery query{.words = "bank", .in = in, .limit = 2};
    std::vector<std::int64_t> all;
    for (;;) {
      const Hits page = hits(query);
      EXPECT_LE(page.hits.size(), 2u);
      for (const Hit& hit : page.hits) all.push_back(hit.slot_id);
      if (page.next.empty()) break;
      query.after = page.next;
    }
    EXPECT_EQ(all,
              in == Place::set_aside ? (Ids{5, 5, 4, 4, 3, 3, 2, 2, 1, 1}) : (Ids{5, 4, 3, 2, 1}));
  }
}

TEST_F(SearchTest, WordsThatAreEverywhereAreFoundAsWell) {
  auto act = worker().act(t0);
  for (int i = 0; i < rare_up_to + 200; ++i)
    act.entries.push_back({.slot = {"pay", t0 + i * 1s},
                           .available_at = t0,
                           .ended = End::missed,
                           .reason = i == 7 ? "nothing ran, not even once" : "nothing ran"});
  worker().settled(act);
  const auto page = hits({.words = "nothing ran", .limit = 3});
  ASSERT_EQ(page.hits.size(), 3u);
  EXPECT_EQ(page.hits[0].scheduled_for, t0 + (rare_up_to + 199) * 1s);
  EXPECT_FALSE(page.next.empty());
  const auto rare = hits({.words = "nothing even"});
  ASSERT_EQ(rare.hits.size(), 1u);
  EXPECT_EQ(rare.hits[0].scheduled_for, t0 + 7s);
  EXPECT_TRUE(rare.next.empty());
}

TEST_F(SearchTest, BadQuestionsAreRefused) {
  EXPECT_EQ(search(db(), {.words = " - "}).error().code(), Errc::invalid);
  for (const char* after : {"x", "1.2", "1.2.3.4", "-", "1.2.x"})
    EXPECT_EQ(search(db(), {.words = "a", .after = after}).error().code(), Errc::invalid) << after;
  EXPECT_EQ(search(db(), {.words = "a", .in = Place::logs, .after = "1.2.3"}).error().code(),
            Errc::invalid);
}

}  // namespace
}  // namespace hotclock::past
