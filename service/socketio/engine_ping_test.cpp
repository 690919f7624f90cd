#include "service/socketio/engine_ping.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "service/socketio/engine_wheel.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

constexpr Duration interval = 25s;
constexpr Duration slot = 100ms;
constexpr std::size_t clients = 10'000;
// What each tick of the wheel has to do where all are spread evenly.
constexpr std::size_t even = clients * slot / interval;

// How many come out of the wheel in each of its ticks.
std::vector<std::size_t> ticks_of(const std::vector<Steady>& pings) {
  const Steady begin{};
  HeartbeatWheel wheel(slot, 45s, begin);
  std::vector<Filed> filed(pings.size());
  for (std::size_t i = 0; i < pings.size(); ++i) wheel.file(filed[i], pings[i]);
  std::vector<std::size_t> ticks;
  for (Steady now = begin; now <= begin + 2 * interval; now += slot) {
    FiledList due;
    wheel.take_due(now, due);
    ticks.push_back(due.size());
    due.clear();
  }
  return ticks;
}

// All that came at one instant.
std::vector<Steady> first_pings(PingSpread& spread) {
  std::vector<Steady> out;
  for (std::size_t i = 0; i < clients; ++i) out.push_back(Steady{} + spread.first(i));
  return out;
}

TEST(PingSpread, OfACrowdThatComesAtOnceIsOverTheWholeInterval) {
  PingSpread spread(interval);
  const auto pings = first_pings(spread);
  const auto ticks = ticks_of(pings);
  std::size_t all = 0;
  for (const std::size_t tick : ticks) all += tick;
  EXPECT_EQ(all, clients);
  EXPECT_LE(std::ranges::max(ticks), 3 * even) << "where the plainest way has all in one";
  EXPECT_LE(std::ranges::max(pings), Steady{} + interval) << "none is later than was promised";
  const auto early = std::ranges::count_if(pings, [](Steady at) { return at < Steady{} + 5s; });
  EXPECT_GT(early, static_cast<long>(clients / 8)) << "a fifth of the interval has its share";
}

TEST(PingSpread, LastsForTheRoundsThatFollow) {
  PingSpread spread(interval);
  auto pings = first_pings(spread);
  for (int round = 0; round < 3; ++round)
    for (Steady& at : pings) at += spread.next();
  const Steady first = std::ranges::min(pings);
  for (Steady& at : pings) at = Steady{} + (at - first);
  EXPECT_LE(std::ranges::max(ticks_of(pings)), 3 * even);
}

TEST(PingSpread, LeavesTheIntervalToASessionAmongFew) {
  PingSpread spread(interval);
  for (std::size_t sessions = 0; sessions < 32; ++sessions) {
    EXPECT_GT(spread.first(sessions), interval - interval / 32);
    EXPECT_LE(spread.first(sessions), interval);
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_GT(spread.next(), interval - interval / 32);
    EXPECT_LE(spread.next(), interval);
  }
}

TEST(PingSpread, TakesIntervalsThatCannotBeParted) {
  PingSpread spread(1ms);
  EXPECT_EQ(spread.first(0), 1ms);
  EXPECT_EQ(spread.first(100'000), 1ms);
  EXPECT_EQ(spread.next(), 1ms);
}

}  // namespace
}  // namespace hotclock::socketio
