#include "service/outbox/reader.h"

#include <algorithm>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::outbox {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

// A transaction that has announced itself and posted some events, and is not over yet.
class Posting {
 public:
  explicit Posting(sql::Database& database, int events = 1, Instant at = t0)
      : transaction_(database.write().value()) {
    EXPECT_TRUE(announce(*transaction_, database.dialect()));
    Writer writer(*transaction_, at, "e-1");
    for (int i = 0; i < events; ++i)
      EXPECT_TRUE(writer.append({"trust:changed", {"user:1", "user:2"}, {{"n", i}}}));
    EXPECT_TRUE(writer.flush());
    // By now each has its id.
    sql::first(*transaction_, {"written", "SELECT count(*) FROM outbox"});
  }
  void commits() {
    EXPECT_TRUE(transaction_->commit());
    transaction_.reset();
  }
  void rolls_back() { transaction_.reset(); }

 private:
  std::unique_ptr<sql::Transaction> transaction_;
};

class ReaderTest : public testing::Test {
 protected:
  ReaderTest() {
    database_ = sql::open(place_.url(), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, t0));
  }

  sql::Database& db() { return *database_; }
  bool many_write_at_once() { return db().dialect().locks_rows; }
  static std::vector<std::int64_t> ids(const std::vector<Posted>& events) {
    std::vector<std::int64_t> all;
    for (const Posted& event : events) all.push_back(event.id);
    return all;
  }
  std::vector<std::int64_t> read(Reader& reader, int most = 100) {
    return ids(reader.next(most).value());
  }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

using Ids = std::vector<std::int64_t>;

TEST_F(ReaderTest, ReadsOnFromWhereItStands) {
  Posting(db(), 5).commits();
  Reader reader(db(), 1);
  EXPECT_EQ(read(reader, 2), (Ids{2, 3}));
  EXPECT_EQ(read(reader, 2), (Ids{4, 5}));
  EXPECT_EQ(read(reader, 2), Ids{});
  EXPECT_EQ(reader.position(), 5);
}

TEST_F(ReaderTest, AHeadTellsWhomAnEventIsForWithoutWhatItSays) {
  Posting(db(), 2).commits();
  Reader reader(db(), 0);
  const auto heads = reader.next_heads(10).value();
  ASSERT_EQ(heads.size(), 2u);
  EXPECT_EQ(heads[1].id, 2);
  EXPECT_EQ(heads[1].rooms, "user:1 user:2");
  EXPECT_EQ(heads[1].created_at, t0);
  EXPECT_EQ(reader.position(), 2);
}

TEST_F(ReaderTest, WhatCommitsLateIsNotPassedBy) {
  if (!many_write_at_once()) GTEST_SKIP() << "here one writes at a time";
  Reader reader(db(), 0);
  Posting(db()).commits();
  Posting late(db(), 2);
  Posting(db()).commits();
  EXPECT_EQ(read(reader), Ids{1}) << "behind 2 and 3, which may still come, 4 has to wait";
  EXPECT_TRUE(reader.holds_back());
  EXPECT_EQ(read(reader), Ids{});
  late.commits();
  EXPECT_EQ(read(reader), (Ids{2, 3, 4}));
  EXPECT_FALSE(reader.holds_back());
}

TEST_F(ReaderTest, AnIdThatWasRolledBackHoldsNobodyUp) {
  Reader reader(db(), 0);
  Posting gone(db(), 1);
  gone.rolls_back();
  Posting(db(), 2).commits();
  const auto found = read(reader);
  EXPECT_EQ(found.size(), 2u);
  EXPECT_EQ(reader.position(), found.back());
}

TEST_F(ReaderTest, OneThatBeganAfterTheGapWasSeenIsNotWaitedFor) {
  if (!many_write_at_once()) GTEST_SKIP() << "here one writes at a time";
  Reader reader(db(), 0);
  Posting gone(db(), 1);
  Posting(db()).commits();
  EXPECT_EQ(read(reader), Ids{});
  Posting later(db(), 1);
  gone.rolls_back();
  EXPECT_EQ(read(reader), Ids{2});
  later.commits();
  EXPECT_EQ(read(reader), Ids{3});
}

TEST_F(ReaderTest, TwoReadersReadTheSameOrder) {
  Reader often(db(), 0), seldom(db(), 0);
  Ids by_often;
  std::vector<std::unique_ptr<Posting>> open;
  const std::size_t at_once = many_write_at_once() ? 4 : 1;
  for (int i = 0; i < 40; ++i) {
    open.push_back(std::make_unique<Posting>(db(), 1 + i % 3));
    if (open.size() == at_once) {
      // Now the oldest, now the youngest of them is over first.
      const auto one = i % 2 ? open.begin() : open.end() - 1;
      i % 7 == 0 ? (*one)->rolls_back() : (*one)->commits();
      open.erase(one);
    }
    std::ranges::copy(read(often), std::back_inserter(by_often));
  }
  for (auto& one : open) one->commits();
  std::ranges::copy(read(often), std::back_inserter(by_often));
  EXPECT_TRUE(std::ranges::is_sorted(by_often));
  EXPECT_EQ(read(seldom, 1000), by_often);
}

TEST_F(ReaderTest, EventsAreReadByTheirIds) {
  Posting(db(), 3).commits();
  const std::int64_t wanted[] = {3, 77, 1};
  EXPECT_EQ(ids(read_events(db(), wanted).value()), (Ids{3, 1}));
}

TEST_F(ReaderTest, StandsWhereATimeBegins) {
  EXPECT_EQ(place_of(db(), t0).value(), 0);
  Posting(db(), 2, t0).commits();
  Posting(db(), 2, t0 + 1min).commits();
  EXPECT_EQ(place_of(db(), t0).value(), 0);
  EXPECT_EQ(place_of(db(), t0 + 1s).value(), 2);
  EXPECT_EQ(place_of(db(), t0 + 1h).value(), 4);
}

}  // namespace
}  // namespace hotclock::outbox
