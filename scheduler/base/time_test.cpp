#include "scheduler/base/time.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

TEST(Time, AnInstantIsPrintedInUtc) {
  EXPECT_EQ(to_string(from_millis(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_string(from_millis(1'795'611'900'250)), "2026-11-25T13:05:00.250Z");
  EXPECT_EQ(to_string(from_millis(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_string(from_millis(7'258'118'399'007)), "2199-12-31T23:59:59.007Z");
  EXPECT_EQ(to_string(from_millis(-62'167'219'200'001)), "-0001-12-31T23:59:59.999Z");
}

TEST(Time, ASpanIsPrintedInTheTwoUnitsThatMatter) {
  EXPECT_EQ(to_words(0ms), "0 ms");
  EXPECT_EQ(to_words(4'250ms), "4.2 s");
  EXPECT_EQ(to_words(5min), "5 min");
  EXPECT_EQ(to_words(90min), "1 h 30 min");
  EXPECT_EQ(to_words(74h), "3 d 2 h");
  EXPECT_EQ(to_words(-30s), "-30 s");
}

}  // namespace
}  // namespace hotclock
