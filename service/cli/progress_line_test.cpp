#include "service/cli/progress_line.h"

#include <gtest/gtest.h>

#include <sstream>

namespace hotclock::cli {
namespace {

using namespace std::chrono_literals;

struct ProgressLineTest : testing::Test {
  ManualClock clock{Instant{}};
  std::ostringstream out;

  // What was drawn since the last look.
  std::string drawn() {
    std::string text = out.str();
    out.str("");
    return text;
  }
};

TEST_F(ProgressLineTest, TellsShareRateAndTimeLeft) {
  ProgressLine line(out, true, clock, "og-daily-bonus", "users");
  line.at(0, 1'000'000);
  EXPECT_EQ(drawn(), "\r\033[Kog-daily-bonus  0 of 1,000,000 users  0 %");
  clock.advance(2s);
  line.at(250'000, 1'000'000);
  EXPECT_EQ(drawn(),
            "\r\033[Kog-daily-bonus  250,000 of 1,000,000 users  25 %  125,000/s  6 s left");
}

TEST_F(ProgressLineTest, TellsWhatItCanWithoutATotal) {
  ProgressLine line(out, true, clock, "demo", "rows");
  clock.advance(1s);
  line.at(1500, 0);
  EXPECT_EQ(drawn(), "\r\033[Kdemo  1,500 rows  1,500/s");
}

TEST_F(ProgressLineTest, DrawsAFewTimesASecond) {
  ProgressLine line(out, true, clock, "a", "rows");
  line.at(1, 10);
  drawn();
  clock.advance(199ms);
  line.at(2, 10);
  EXPECT_EQ(drawn(), "");
  clock.advance(1ms);
  line.at(3, 10);
  EXPECT_NE(drawn(), "");
}

TEST_F(ProgressLineTest, RatesTheLastSecondsNotTheWholeTime) {
  ProgressLine line(out, true, clock, "a", "rows", 200);
  std::int64_t done = 0;
  for (int second = 0; second < 20; ++second) {  // 1000 a second, then 10
    clock.advance(1s);
    done += second < 8 ? 1000 : 10;
    line.at(done, 0);
  }
  EXPECT_TRUE(drawn().ends_with("  10/s"));
}

TEST_F(ProgressLineTest, WritesNothingWhereThereIsNoTerminal) {
  {
    ProgressLine line(out, false, clock, "a", "rows");
    clock.advance(1s);
    line.at(5, 10);
    line.clear();
  }
  EXPECT_EQ(drawn(), "");
}

TEST_F(ProgressLineTest, LeavesNoLineBehind) {
  {
    ProgressLine line(out, true, clock, "a", "rows");
    line.at(1, 10);
  }
  EXPECT_TRUE(drawn().ends_with("\r\033[K"));
  ProgressLine line(out, true, clock, "a", "rows");
  line.clear();
  EXPECT_EQ(drawn(), "");
}

TEST_F(ProgressLineTest, FitsTheTerminal) {
  ProgressLine line(out, true, clock, "og-daily-bonus", "users", 20);
  line.at(1, 10);
  EXPECT_EQ(drawn(), "\r\033[Kog-daily-bonus  1 o");
}

TEST_F(ProgressLineTest, NeverTellsMoreThanAll) {
  ProgressLine line(out, true, clock, "a", "rows");
  line.at(12, 10);
  EXPECT_EQ(drawn(), "\r\033[Ka  12 of 10 rows  100 %");
}

TEST(Grouped, SetsCommasByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(-100), "-100");
}

}  // namespace
}  // namespace hotclock::cli
