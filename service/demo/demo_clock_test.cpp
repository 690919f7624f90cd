#include "service/demo/demo_clock.h"

#include <gtest/gtest.h>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::demo {
namespace {

using namespace std::chrono_literals;

// 2026-11-23T13:00Z.
const Instant now = from_millis(1'795'438'800'000);

class DemoClockTest : public testing::Test {
 protected:
  DemoClockTest() {
    EXPECT_TRUE(schema::migrate(db(), now));
    sql::speak_as_sqlite(db());
  }
  sql::Database& db() { return *database_; }
  void festival(const std::string& name, Instant from, Instant to) {
    auto tx = db().write().value();
    const std::string text =
        "INSERT INTO festivals (name, type, country, starts_at, ends_at)"
        " VALUES ('" +
        name + "', 'cultural', 'NP', " + std::to_string(to_millis(from)) + ", " +
        std::to_string(to_millis(to)) + ")";
    ASSERT_TRUE(tx->exec(sql::Statement{"festival", text}));
    ASSERT_TRUE(tx->commit());
  }

  ManualClock machine_{now};
  ShiftedClock clock_{machine_};

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_ = sql::open(place_.url(), {.create = true}).value();
};

TEST_F(DemoClockTest, JumpsFromTurnToTurnAMomentBeforeEach) {
  festival("Tihar", now + 24h, now + 72h);
  festival("Christmas", now - 24h, now + 48h);
  const auto begin = jump(db(), clock_).value();
  EXPECT_EQ(begin.festival, "Tihar");
  EXPECT_TRUE(begin.begins);
  EXPECT_EQ(begin.at, now + 24h);
  EXPECT_EQ(clock_.now(), now + 24h - 3s);

  const auto end = jump(db(), clock_).value();
  EXPECT_EQ(end.festival, "Christmas");
  EXPECT_FALSE(end.begins);
  EXPECT_EQ(end.at, now + 48h + 1ms);
  EXPECT_EQ(clock_.now(), end.at - 3s);
}

TEST_F(DemoClockTest, JumpsToATurnThatTheCountrySees) {
  festival("Tihar", now + 24h, now + 72h);
  EXPECT_EQ(next_turn(db(), now, "NP").value()->festival, "Tihar");
  EXPECT_FALSE(next_turn(db(), now, "AU").value());
  const auto nowhere = jump(db(), clock_, "AU");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code(), Errc::not_found);
}

TEST_F(DemoClockTest, StaysWhereTheCalendarHasNoMoreTurns) {
  festival("Tihar", now - 72h, now - 24h);
  const auto nowhere = jump(db(), clock_);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code(), Errc::not_found);
  EXPECT_EQ(clock_.now(), now);
}

TEST_F(DemoClockTest, IsAsFarAheadWhenItIsServedAgain) {
  EXPECT_EQ(kept_ahead(db()).value(), Duration::zero());
  festival("Tihar", now + 24h, now + 72h);
  ASSERT_TRUE(jump(db(), clock_));
  EXPECT_EQ(kept_ahead(db()).value(), 24h - 3s);
}

}  // namespace
}  // namespace hotclock::demo
