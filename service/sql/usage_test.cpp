#include <gtest/gtest.h>

#include <thread>

#include "service/sql/pool.h"
#include "service/sql/postgres_support.h"
#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

std::uint64_t runs(const Usage& usage, const std::string& statement) {
  const auto found = usage.statements.find(statement);
  std::uint64_t all = 0;
  if (found != usage.statements.end())
    for (const std::uint64_t count : found->second.counts) all += count;
  return all;
}

TEST(Timing, CountsEachRunOnceByTheFirstBoundThatHoldsIt) {
  Timing timing;
  timing.took(500us);
  timing.took(501us);
  timing.took(6s);
  const Timing::Read read = timing.read();
  EXPECT_EQ(read.counts.front(), 1u);
  EXPECT_EQ(read.counts[1], 1u);
  EXPECT_EQ(read.counts.back(), 1u);
  EXPECT_NEAR(read.seconds, 6.001001, 1e-9);
}

TEST(Meter, NamesThatAreNoneOfOursShareOne) {
  Meter meter;
  EXPECT_EQ(&meter.of("ledger.settle.claim"), &meter.of("ledger.settle.claim"));
  EXPECT_EQ(&meter.of("/etc/jobs.d/a.toml: statement 1"), &meter.of("b.toml: statement 2"));
  for (std::size_t i = 0; i < 2 * Meter::most_names; ++i) meter.of("s" + std::to_string(i));
  EXPECT_LE(meter.read().statements.size(), Meter::most_names + 1);
}

constexpr Statement one{"one", "SELECT 1"};
constexpr Statement wrong{"wrong", "SELECT 1 FROM nowhere"};

void counts_what_runs(Database& database) {
  {
    auto transaction = database.read().value();
    ASSERT_TRUE(transaction->check(one));
    EXPECT_EQ(runs(database.usage(), "one"), 0u);
    EXPECT_TRUE(database.usage().statements.contains("one")) << "it is there before it ran";
    for (int i = 0; i < 2; ++i) {
      auto rows = transaction->query(one).value();
      while (rows->next()) EXPECT_EQ(rows->integer(0), 1);
    }
    EXPECT_EQ(runs(database.usage(), "one"), 2u);
    EXPECT_FALSE(transaction->query(wrong));
  }
  const Usage usage = database.usage();
  EXPECT_EQ(usage.errors.at(Errc::internal), 1u);
  ASSERT_EQ(usage.pools.size(), 2u);
  for (const PoolUse& pool : usage.pools) EXPECT_EQ(pool.taken, 0) << pool.pool;
}

TEST(Usage, StatementsOfSqliteAreCounted) {
  ScratchDirectory place;
  const auto database = open(place.url("a.db"), {.create = true}).value();
  counts_what_runs(*database);
  const auto writing = database->write().value();
  EXPECT_EQ(database->usage().pools.front().taken, 1);
}

TEST(Usage, StatementsOfPostgresqlAreCounted) {
  PostgresScratch place;
  const auto database = open(place.url(), {.create = true}).value();
  counts_what_runs(*database);
  const auto writing = database->write().value();
  EXPECT_EQ(database->usage().pools.front().taken, 1);
}

TEST(Usage, WhatIsPostedIsCountedAsItEnds) {
  PostgresScratch place;
  const auto database = open(place.url(), {.create = true}).value();
  constexpr Statement make{"make", "CREATE TABLE t (i BIGINT)"};
  constexpr Statement put{"put", "INSERT INTO t VALUES ($1)"};
  auto transaction = database->write().value();
  ASSERT_TRUE(transaction->exec(make));
  for (std::int64_t i = 0; i < 5; ++i) ASSERT_TRUE(transaction->post(put, {i}));
  ASSERT_TRUE(transaction->commit());
  const Usage usage = database->usage();
  EXPECT_EQ(runs(usage, "put"), 5u);
  EXPECT_EQ(runs(usage, "commit"), 1u);
}

TEST(Turns, TellsWhoWaitedAndForHowLong) {
  Turns turns(1, "it is taken");
  const Watch watch{Limits{}};
  ASSERT_TRUE(turns.take(watch));
  std::jthread other([&] {
    ASSERT_TRUE(turns.take(watch));
    turns.give();
  });
  while (turns.waiting() == 0) std::this_thread::yield();
  EXPECT_EQ(turns.use("x").taken, 1);
  EXPECT_EQ(turns.use("x").waiting, 1u);
  turns.give();
  other.join();
  const PoolUse use = turns.use("x");
  EXPECT_EQ(use.taken, 0);
  EXPECT_EQ(use.waits, 1u);
  EXPECT_GT(use.waited_seconds, 0);
}

}  // namespace
}  // namespace hotclock::sql
