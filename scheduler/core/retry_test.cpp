#include "scheduler/core/retry.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant due = from_millis(1'795'611'900'000);

RetryRule rule(int retries, Backoff backoff) {
  return {.retries = retries, .first_delay = 1min, .backoff = backoff, .longest_delay = 10min,
          .max_age = 24h};
}

TEST(Retry, IsAlwaysCounted) {
  const RetryRule twice = rule(2, Backoff::fixed);
  EXPECT_TRUE(next_attempt(twice, 1, due, due, 7));
  EXPECT_TRUE(next_attempt(twice, 2, due, due, 7));
  EXPECT_FALSE(next_attempt(twice, 3, due, due, 7));
  EXPECT_FALSE(next_attempt(rule(0, Backoff::fixed), 1, due, due, 7));
}

TEST(Retry, FixedDelaysStayTheSame) {
  EXPECT_EQ(next_attempt(rule(5, Backoff::fixed), 1, due, due, 7), due + 1min);
  EXPECT_EQ(next_attempt(rule(5, Backoff::fixed), 4, due, due, 7), due + 1min);
}

TEST(Retry, ExponentialDelaysDoubleUpToTheLongest) {
  const RetryRule r = rule(9, Backoff::exponential);
  EXPECT_EQ(next_attempt(r, 1, due, due, 7), due + 1min);
  EXPECT_EQ(next_attempt(r, 2, due, due, 7), due + 2min);
  EXPECT_EQ(next_attempt(r, 4, due, due, 7), due + 8min);
  EXPECT_EQ(next_attempt(r, 5, due, due, 7), due + 10min);
}

TEST(Retry, JitterStaysBetweenTheFirstAndTheLongestDelayAndSpreads) {
  const RetryRule r = rule(9, Backoff::jittered);
  bool spread = false;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (int attempt = 1; attempt <= 6; ++attempt) {
      const auto at = next_attempt(r, attempt, due, due, seed);
      ASSERT_TRUE(at);
      ASSERT_GE(*at, due + 1min);
      ASSERT_LE(*at, due + 10min);
      spread = spread || *at != *next_attempt(r, attempt, due, due, seed + 1);
    }
  }
  EXPECT_TRUE(spread);
}

TEST(Retry, JitterOfOneSlotIsRepeatable) {
  const RetryRule r = rule(3, Backoff::jittered);
  EXPECT_EQ(next_attempt(r, 2, due, due, 99), next_attempt(r, 2, due, due, 99));
}

TEST(Retry, ASlotGrowsTooOldToBeTriedAgain) {
  const RetryRule r = rule(3, Backoff::fixed);
  EXPECT_TRUE(next_attempt(r, 1, due, due + 24h - 1min, 7));
  EXPECT_FALSE(next_attempt(r, 1, due, due + 24h, 7));
}

}  // namespace
}  // namespace hotclock
