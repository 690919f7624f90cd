#include "scheduler/core/timing_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

struct Node {
  Instant next;
  bool operator<(const Node& other) const { return next < other.next; }
};

using Wheel = TimingWheel<Node>;

constexpr Instant t0 = from_millis(1'795'608'000'000);

std::vector<Instant> drained(Wheel& wheel) {
  std::vector<Instant> out;
  for (; !wheel.empty(); wheel.pop()) out.push_back(wheel.top().next);
  return out;
}

TEST(TimingWheel, KnowsTheEarliestOfNearAndFar) {
  Wheel wheel;
  EXPECT_TRUE(wheel.empty());
  for (const Instant t : {t0 + 24h, t0, t0 + 70min, t0 + 5s, t0 + 5s + 1ms}) wheel.push({t});
  EXPECT_EQ(wheel.size(), 5U);
  EXPECT_EQ(drained(wheel),
            (std::vector<Instant>{t0, t0 + 5s, t0 + 5s + 1ms, t0 + 70min, t0 + 24h}));
}

TEST(TimingWheel, TakesAnInstantBeforeTheOneItStandsAt) {
  Wheel wheel;
  wheel.push({t0 + 24h});
  wheel.push({t0 + 1h});
  wheel.push({t0});
  EXPECT_EQ(wheel.top().next, t0);
  wheel.push({Instant::min()});
  wheel.push({Instant::max()});
  EXPECT_EQ(drained(wheel),
            (std::vector<Instant>{Instant::min(), t0, t0 + 1h, t0 + 24h, Instant::max()}));
}

TEST(TimingWheel, GivesTheEarliestFirstWhateverWasDoneToIt) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::int64_t reach = std::int64_t{1} << (8 + round % 28);  // from a bucket to a year
    Wheel wheel;
    std::vector<Instant> model;
    Instant now = t0;
    for (unsigned step = 0; step < 300; ++step) {
      const Instant at = now + Duration{static_cast<std::int64_t>(random()) % reach};
      if (random() % 3 == 0 && !wheel.empty()) {
        const auto least = std::min_element(model.begin(), model.end());
        now = *least;
        ASSERT_EQ(wheel.top().next, now);
        model.erase(least);
        wheel.pop();
      } else {
        wheel.push({at});
        model.push_back(at);
      }
      ASSERT_EQ(wheel.size(), model.size());
    }
    const auto odd = [](Instant t) { return to_millis(t) % 2 != 0; };
    wheel.erase_if([&](const Node& node) { return odd(node.next); });
    std::erase_if(model, odd);
    std::sort(model.begin(), model.end());
    ASSERT_EQ(drained(wheel), model);
  }
}

}  // namespace
}  // namespace hotclock
