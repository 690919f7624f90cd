#include "scheduler/base/result.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return Error(Errc::invalid, std::to_string(n) + " is odd");
  return n / 2;
}

TEST(Result, HoldsTheValueOrTheError) {
  EXPECT_EQ(half(4).value(), 2);
  ASSERT_FALSE(half(3));
  EXPECT_EQ(half(3).error(), Error(Errc::invalid, "3 is odd"));
}

TEST(Result, AnErrorTellsTheWayDown) {
  const Error error = half(3).error().within("split the gift").within("run festival");
  EXPECT_EQ(error.message(), "run festival: split the gift: 3 is odd");
  EXPECT_EQ(error.code(), Errc::invalid);
}

}  // namespace
}  // namespace hotclock
