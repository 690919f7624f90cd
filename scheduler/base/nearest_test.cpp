#include "scheduler/base/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace hotclock {
namespace {

constexpr std::array<std::string_view, 4> kWords{"history", "jobs", "pause", "UTC"};

std::string_view meant(std::string_view word) {
  return nearest(word, std::span<const std::string_view>(kWords));
}

TEST(NearestTest, OneSlipIsForgiven) {
  EXPECT_EQ(meant("histroy"), "history");
  EXPECT_EQ(meant("job"), "jobs");
  EXPECT_EQ(meant("pausee"), "pause");
}

TEST(NearestTest, TheWrongCaseIsNearerThanAWrongLetter) {
  EXPECT_EQ(meant("utc"), "UTC");
  EXPECT_EQ(meant("PAUSE"), "pause");
}

TEST(NearestTest, AStrangeWordIsNotExplainedAway) {
  EXPECT_EQ(meant("cancel"), "");
  EXPECT_EQ(meant("x"), "");
  EXPECT_EQ(meant(""), "");
  EXPECT_EQ(meant(std::string(1'000'000, 'h')), "");
}

}  // namespace
}  // namespace hotclock
