#include "scheduler/core/jitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant noon = from_millis(1'795'608'000'000);

TEST(Jitter, IsTheSameForTheSameSlotAndAnotherForAnother) {
  EXPECT_EQ(jitter_of("trust-score", noon, 1h), jitter_of("trust-score", noon, 1h));
  EXPECT_NE(jitter_of("trust-score", noon, 1h), jitter_of("trust-score", noon + 30min, 1h));
  EXPECT_NE(jitter_of("trust-score", noon, 1h), jitter_of("stream-ranking", noon, 1h));
  EXPECT_EQ(jitter_of("trust-score", noon, 0s), 0s);
}

TEST(Jitter, IsSpreadOverTheWholeSpanEvenly) {
  std::vector<int> tenths(10);
  for (int slot = 0; slot < 10'000; ++slot) {
    const Duration jitter = jitter_of("stream-ranking", noon + slot * 10min, 10s);
    ASSERT_GE(jitter, 0s);
    ASSERT_LE(jitter, 10s);
    ++tenths[static_cast<std::size_t>(std::min<std::int64_t>(jitter / 1s, 9))];
  }
  for (const int tenth : tenths) EXPECT_NEAR(tenth, 1000, 150);
}

}  // namespace
}  // namespace hotclock
