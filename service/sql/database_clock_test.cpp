#include "service/sql/database_clock.h"

#include <gtest/gtest.h>

#include <thread>

#include "service/sql/forwarding_support.h"
#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

class DatabaseClockTest : public ::testing::Test {
 protected:
  ManualClock machine{noon};
  DatabaseClock clock{machine};

  void hears(Instant now) { clock.hear(now, machine.steady()); }
};

TEST_F(DatabaseClockTest, IsTheMachinesClockUntilTheDatabaseWasHeardOf) {
  EXPECT_EQ(clock.now(), noon);
  machine.set_wall(noon + 1h);
  EXPECT_EQ(clock.now(), noon + 1h);
  EXPECT_EQ(clock.machine_ahead(), 0s);
}

TEST_F(DatabaseClockTest, ShowsTheDatabasesTimeWhateverTheMachineShows) {
  hears(noon - 3h);
  machine.advance(10s);
  EXPECT_EQ(clock.now(), noon - 3h + 10s);
  machine.set_wall(noon + std::chrono::days{2});
  EXPECT_EQ(clock.now(), noon - 3h + 10s);
}

TEST_F(DatabaseClockTest, TakesTheQuickestAnswerForTheTruest) {
  hears(noon);
  machine.advance(10s);
  hears(noon + 10s - 20ms);  // it was long on its way
  EXPECT_EQ(clock.now(), noon + 10s);
  hears(noon + 10s + 5ms);
  EXPECT_EQ(clock.now(), noon + 10s + 5ms);
}

TEST_F(DatabaseClockTest, FollowsADatabaseWhoseClockIsSetBack) {
  hears(noon);
  hears(noon - 1h);
  EXPECT_EQ(clock.now(), noon - 1h);
}

TEST_F(DatabaseClockTest, TellsHowFarTheMachineIsAhead) {
  hears(noon - 3h);
  machine.advance(1h);
  EXPECT_EQ(clock.machine_ahead(), 3h);
  machine.set_wall(machine.now() + 2s);
  EXPECT_EQ(clock.machine_ahead(), 3h + 2s);
}

TEST_F(DatabaseClockTest, SleepsForAsLongAsTheDatabasesClockTakes) {
  hears(noon - 3h);
  bool slept = false;
  std::thread sleeper([&] { slept = clock.sleep_until(noon - 3h + 10s, {}); });
  while (machine.next_deadline() == Instant::max()) std::this_thread::yield();
  EXPECT_EQ(machine.next_deadline(), noon + 10s);
  machine.advance(10s);
  sleeper.join();
  EXPECT_TRUE(slept);
}

TEST_F(DatabaseClockTest, SleepsWithinReachForADeadlineBeyondAllTime) {
  hears(noon - 3h);
  std::stop_source stop;
  std::thread sleeper([&] { EXPECT_FALSE(clock.sleep_until(Instant::max(), stop.get_token())); });
  while (machine.next_deadline() == Instant::max()) std::this_thread::yield();
  EXPECT_EQ(machine.next_deadline(), noon + std::chrono::days{365});
  stop.request_stop();
  sleeper.join();
}

class AskingTest : public ScratchDatabase, public testing::WithParamInterface<std::string> {
 protected:
  AskingTest() : ScratchDatabase(GetParam()) {}

  ManualClock machine{noon};
  DatabaseClock clock{machine};
};

TEST_P(AskingTest, TakesTheTimeOfADatabaseThatHasAClock) {
  ASSERT_TRUE(clock.ask(db()));
  if (GetParam() == "sqlite") {
    EXPECT_EQ(clock.now(), noon) << "a file has no time of its own";
  } else {
    const Instant now = from_millis(count(
        db(), {"now", "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint"}));
    EXPECT_LE(clock.now(), now);
    EXPECT_GT(clock.now(), now - 10s);
  }
}

TEST_P(AskingTest, KeepsWhatItKnewWhereTheDatabaseCannotBeAsked) {
  class Away final : public ForwardingDatabase {
   public:
    using ForwardingDatabase::ForwardingDatabase;
    Result<std::optional<Instant>> now(Limits) override { return Error(Errc::unavailable, "away"); }
  };
  clock.hear(noon - 3h, machine.steady());
  Away away(db());
  EXPECT_EQ(clock.ask(away).error().code(), Errc::unavailable);
  EXPECT_EQ(clock.now(), noon - 3h);
}

INSTANTIATE_TEST_SUITE_P(Engines, AskingTest, testing::ValuesIn(engines()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace hotclock::sql
