#include "scheduler/base/clock.h"

#include <gtest/gtest.h>

#include <thread>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant midnight = from_millis(1'795'564'800'000);

// Waits until somebody sleeps on `clock`: a condition, not a while.
void await_sleeper(const ManualClock& clock) {
  while (clock.next_deadline() == Instant::max()) std::this_thread::yield();
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(midnight);
  EXPECT_EQ(clock.now(), midnight);
  clock.advance(5min);
  EXPECT_EQ(clock.now(), midnight + 5min);
}

TEST(ManualClock, SettingTheWallClockLeavesTheMonotonicClockAlone) {
  ManualClock clock(midnight);
  const Steady before = clock.steady();
  clock.set_wall(midnight - 1h);
  EXPECT_EQ(clock.now(), midnight - 1h);
  EXPECT_EQ(clock.steady(), before);
}

TEST(ManualClock, ASleeperWakesWhenItsTimeHasCome) {
  ManualClock clock(midnight);
  bool due = false;
  std::jthread sleeper([&](std::stop_token stop) { due = clock.sleep_until(midnight + 5min, stop); });
  await_sleeper(clock);
  EXPECT_EQ(clock.next_deadline(), midnight + 5min);
  clock.advance(5min);
  sleeper.join();
  EXPECT_TRUE(due);
}

TEST(ManualClock, SettingTheWallClockWakesASleeperSoThatItLooksAgain) {
  ManualClock clock(midnight);
  std::jthread sleeper([&](std::stop_token stop) { clock.sleep_until(midnight + 5min, stop); });
  await_sleeper(clock);
  clock.set_wall(midnight - 1h);
  sleeper.join();
  EXPECT_LT(clock.now(), midnight);
}

TEST(ManualClock, AStopEndsASleep) {
  ManualClock clock(midnight);
  bool due = true;
  std::jthread sleeper([&](std::stop_token stop) { due = clock.sleep_until(midnight + 5min, stop); });
  await_sleeper(clock);
  sleeper.request_stop();
  sleeper.join();
  EXPECT_FALSE(due);
}

TEST(SystemClock, SleepsUntilTheDeadlineAndNotLess) {
  SystemClock clock;
  const Instant deadline = clock.now() + 20ms;
  EXPECT_TRUE(clock.sleep_until(deadline, {}));
  EXPECT_GE(clock.now(), deadline);
}

TEST(SystemClock, AStopEndsALongSleep) {
  SystemClock clock;
  bool due = true;
  std::jthread sleeper([&](std::stop_token stop) { due = clock.sleep_until(Instant::max(), stop); });
  sleeper.request_stop();
  sleeper.join();
  EXPECT_FALSE(due);
}

}  // namespace
}  // namespace hotclock
