#include "scheduler/base/shifted_clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace hotclock {
namespace {

using std::chrono::hours;

const Instant noon = from_millis(1'790'000'000'000);

TEST(ShiftedClock, IsAheadOfTheOtherByTheSpan) {
  ManualClock real(noon);
  ShiftedClock clock(real, hours{2});
  EXPECT_EQ(clock.now(), noon + hours{2});
  real.advance(hours{1});
  EXPECT_EQ(clock.now(), noon + hours{3});
}

TEST(ShiftedClock, LeavesTheMonotonicClockAlone) {
  ManualClock real(noon);
  ShiftedClock clock(real);
  const Steady before = clock.steady();
  clock.set_ahead(hours{24});
  EXPECT_EQ(clock.steady(), before);
}

TEST(ShiftedClock, SleepsUntilItShowsTheDeadline) {
  ManualClock real(noon);
  ShiftedClock clock(real, hours{2});
  std::atomic<bool> woke = false;
  std::jthread sleeper(
      [&](std::stop_token stop) { woke = clock.sleep_until(noon + hours{3}, stop); });
  while (real.next_deadline() != noon + hours{1}) std::this_thread::yield();
  real.advance(hours{1});
  sleeper.join();
  EXPECT_TRUE(woke);
}

TEST(ShiftedClock, WakesWhoeverSleepsWhenItIsMoved) {
  ManualClock real(noon);
  ShiftedClock clock(real);
  std::atomic<bool> woke = false;
  std::jthread sleeper(
      [&](std::stop_token stop) { woke = clock.sleep_until(noon + hours{3}, stop); });
  while (real.next_deadline() == Instant::max()) std::this_thread::yield();
  clock.set_ahead(hours{100});
  sleeper.join();
  EXPECT_TRUE(woke);
}

TEST(ShiftedClock, EndsASleepThatIsToldToStop) {
  ManualClock real(noon);
  ShiftedClock clock(real);
  std::atomic<bool> woke = true;
  std::jthread sleeper(
      [&](std::stop_token stop) { woke = clock.sleep_until(noon + hours{3}, stop); });
  while (real.next_deadline() == Instant::max()) std::this_thread::yield();
  sleeper.request_stop();
  sleeper.join();
  EXPECT_FALSE(woke);
}

}  // namespace
}  // namespace hotclock
