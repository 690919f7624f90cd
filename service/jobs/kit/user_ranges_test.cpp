#include "service/jobs/kit/user_ranges.h"

#include <gtest/gtest.h>

namespace hotclock::kit {
namespace {

TEST(UserRange, IsReadAsItWasWritten) {
  for (const UserRange& range : {UserRange{}, UserRange{5}, UserRange{-3, 7}, UserRange{1200, 5000}})
    EXPECT_EQ(parse_user_range(to_text(range)), range);
  EXPECT_EQ(to_text(UserRange{1200, 5000}), "1200..5000");
  EXPECT_EQ(to_text(UserRange{1200}), "1200");
}

TEST(UserRange, IsNothingWhereTheTextIsAnother) {
  for (const char* text : {"", "seven", "1..", "..2", "1..2..3", "1 2", "99999999999999999999"})
    EXPECT_EQ(parse_user_range(text), std::nullopt) << text;
}

TEST(Partitions, AreSeveralWhereSeveralWritersWorkAtOnceUnlessTheSettingSaysOtherwise) {
  sql::Dialect one_writer, many_writers;
  many_writers.locks_rows = true;
  EXPECT_EQ(division({}, 10, one_writer).most, 1);
  EXPECT_EQ(division({}, 10, many_writers).most, 8);
  EXPECT_EQ(division(3, 10, one_writer).most, 3);
  EXPECT_EQ(division(1, 10, many_writers).most, 1);
  EXPECT_EQ(division({}, 10, many_writers).smallest, 40);
}

}  // namespace
}  // namespace hotclock::kit
