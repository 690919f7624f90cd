#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "service/app/store.h"
#include "service/demo/demo.h"
#include "service/sql/rows.h"
#include "service/sql/sql_support.h"
#include "service/tuning/bench.h"
#include "service/tuning/scratch.h"
#include "service/tuning/tune.h"

namespace hotclock::tuning {
namespace {

using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}

Trial trial(std::int64_t chunk, double rate, Span longest = 10ms, int partitions = 1) {
  return {.chunk = chunk,
          .partitions = partitions,
          .rate = {"units", "/s", {rate, rate, rate}},
          .longest = longest};
}

TEST(BestChunk, IsTheSmallestWithinATenthOfTheBest) {
  EXPECT_EQ(best_chunk({trial(100, 500), trial(1'000, 950), trial(10'000, 1'000)}), 1'000);
}

TEST(BestChunk, IsNoneThatHoldsUpAStop) {
  EXPECT_EQ(best_chunk({trial(100, 500), trial(10'000, 1'000, 3s)}), 100);
  EXPECT_EQ(best_chunk({trial(10'000, 1'000, 3s)}), std::nullopt);
}

TEST(BestChunk, IsNoneWhereNoChunkWasFull) {
  Trial small = trial(100, 1'000), large = trial(1'000, 1'000);
  small.all_of_it = large.all_of_it = true;
  small.most = large.most = 42;
  EXPECT_EQ(best_chunk({small, large}), std::nullopt);
  small.most = large.most = 420;
  EXPECT_EQ(best_chunk({small, large}), 100);
}

TEST(BestPartitions, AreAsFewAsCarryAsMuchAndOnlyOfTheirChunk) {
  EXPECT_EQ(best_partitions({trial(50, 9'000), trial(100, 100), trial(100, 190, 10ms, 2),
                             trial(100, 200, 10ms, 4), trial(100, 205, 10ms, 8)}),
            2);
  EXPECT_EQ(best_partitions({trial(100, 100)}), std::nullopt) << "nobody tried";
}

class TuningTest : public testing::Test {
 protected:
  TuningTest() {
    config::Config config;
    config.database.url = place_.url();
    database_ = must(app::make_store(config, clock_.now()));
    must(demo::create_demo(*database_,
                           {.users = 1'500, .streams = 5, .now = clock_.now(), .history_days = 0}));
    settings_ = with({});
  }

  Result<config::Config> read_with(const std::vector<std::pair<std::string, std::string>>& values) {
    config::Environment environment{{"HOTCLOCK_DATABASE__URL", place_.url()}};
    for (const auto& [key, value] : values)
      environment["HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__" + key] = value;
    return config::read({}, environment, jobs::defaults());
  }
  config::Config with(const std::vector<std::pair<std::string, std::string>>& values) {
    return must(read_with(values));
  }
  Result<Tuned> tuned(TuneOptions options) {
    options.at = clock_.now();
    return tune(
        *database_, clock_,
        [this](const auto& values) {
          std::vector<std::pair<std::string, std::string>> upper;
          for (const auto& [key, value] : values)
            upper.emplace_back(key == "chunk" ? "CHUNK" : "PARTITIONS", value);
          return read_with(upper);
        },
        jobs::catalogue(), options);
  }

  // Every row of every table, by the name of the table.
  std::map<std::string, std::vector<std::string>> everything() {
    auto sql = must(database_->read());
    std::map<std::string, std::vector<std::string>> tables;
    std::map<std::string, std::string> columns;
    const sql::Statement listing{"t.columns", database_->dialect().columns};
    if (auto read = sql::for_each_row(*sql, listing, {},
                                      [&](const auto& row) {
                                        std::string& all = columns[std::string(row.text(0))];
                                        all += (all.empty() ? "" : " || '|' || ") +
                                               ("coalesce(CAST(" + std::string(row.text(1))) +
                                               " AS TEXT), '~')";
                                      });
        !read)
      throw std::runtime_error(read.error().message());
    for (const auto& [table, row_text] : columns) {
      const std::string text = "SELECT " + row_text + " AS row_text FROM " + table + " ORDER BY 1";
      auto& rows = tables[table];
      if (auto read = sql::for_each_row(*sql, {"t.all", text}, {},
                                        [&](const auto& row) { rows.emplace_back(row.text(0)); });
          !read)
        throw std::runtime_error(read.error().message());
    }
    return tables;
  }
  bool on_sqlite() const { return database_->dialect().engine == "sqlite"; }

  SystemClock clock_;
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
  config::Config settings_;
};

TEST_F(TuningTest, TuningChangesNoRowOfAnyTable) {
  const auto before = everything();
  ASSERT_GT(before.at("users").size(), 1'000u);
  ASSERT_TRUE(before.contains("outbox") && before.contains("audit") && before.contains("slots"));
  const Tuned found = must(tuned({.job = "og-daily-bonus", .span = 1'500ms, .chunks = {50, 500}}));
  ASSERT_GE(found.trials.size(), 2u);
  for (const Trial& one : found.trials) EXPECT_GT(one.units, 0) << one.chunk;
  EXPECT_EQ(everything(), before);
}

TEST_F(TuningTest, EverySizeIsMeasuredThriceAndTheOneThatIsSetIsKnown) {
  const Tuned found = must(tuned({.job = "og-daily-bonus", .span = 1s, .chunks = {50, 1'000}}));
  EXPECT_EQ(found.chunk_now, 5'000);
  ASSERT_GE(found.trials.size(), 2u);
  EXPECT_EQ(found.trials[0].chunk, 50);
  EXPECT_EQ(found.trials[0].rate.rounds.size(), 3u);
  EXPECT_GT(found.trials[0].rate.median(), 0);
  EXPECT_GT(found.trials[1].longest, Span{});
  EXPECT_FALSE(found.why.empty());
}

TEST_F(TuningTest, AnExpensiveCommitSpeaksForLargeChunks) {
  const Tuned found = must(
      tuned({.job = "og-daily-bonus", .span = 1s, .chunks = {20, 500}, .commit = Span{200ms}}));
  EXPECT_EQ(found.chunk, 500) << found.why.front();
  EXPECT_NE(found.why.front().find("5000, as it is, was not"), std::string::npos)
      << found.why.front();
}

TEST_F(TuningTest, PartitionsAreTriedWhereManyWriteAtOnce) {
  const Tuned found = must(tuned({.job = "og-daily-bonus", .span = 1s, .chunks = {50}}));
  const auto side_by_side = std::ranges::count_if(
      found.trials, [](const Trial& one) { return one.partitions > 1 && one.units > 0; });
  EXPECT_EQ(side_by_side, on_sqlite() ? 0 : 2) << "two and four, with eight connections but one";
  EXPECT_EQ(found.partitions_now.has_value(), !on_sqlite());
}

TEST_F(TuningTest, AJobWithoutChunksIsMeasuredAsItIs) {
  const Tuned found = must(tuned({.job = "stream-ranking", .span = 600ms}));
  EXPECT_EQ(found.chunk, std::nullopt);
  EXPECT_NE(found.why.front().find("no such setting"), std::string::npos);
}

TEST_F(TuningTest, AnUnknownJobAndAnUnfitSizeAreErrors) {
  EXPECT_EQ(tuned({.job = "og-daily-bonuz"}).error().code(), Errc::not_found);
  EXPECT_EQ(tuned({.job = "og-daily-bonus", .chunks = {1'000'000'000}}).error().code(),
            Errc::invalid);
}

TEST_F(TuningTest, BenchMeasuresEverythingAndLeavesNothing) {
  const auto before = everything();
  const auto report = must(bench(settings_, clock_, {.span = 1'200ms, .rounds = 3, .users = 300}));
  ASSERT_EQ(report.figures.size(), 6u);
  for (const Figure& figure : report.figures) {
    EXPECT_EQ(figure.rounds.size(), 3u) << figure.name;
    EXPECT_GT(figure.lowest(), 0) << figure.name;
  }
  EXPECT_EQ(everything(), before);
  EXPECT_TRUE(Scratch::make(settings_.database, clock_.now())) << "the place is free again";
  if (on_sqlite()) {
    for (const auto& file : std::filesystem::directory_iterator(place_.directory().path()))
      EXPECT_EQ(file.path().string().find(".bench"), std::string::npos) << file.path();
  }
}

TEST_F(TuningTest, TwoDoNotMeasureAtOnceAndWhatIsLeftIsTakenAwayWhereAskedFor) {
  const auto first = must(Scratch::make(settings_.database, clock_.now()));
  EXPECT_EQ(Scratch::make(settings_.database, clock_.now()).error().code(), Errc::conflict);
  ASSERT_TRUE(Scratch::clean(settings_.database));
  EXPECT_TRUE(Scratch::make(settings_.database, clock_.now()));
}

TEST_F(TuningTest, WhatACommitCostsIsMeasuredBesideTheRealData) {
  EXPECT_GT(must(commit_cost(settings_.database, clock_)), 0us);
}

}  // namespace
}  // namespace hotclock::tuning
