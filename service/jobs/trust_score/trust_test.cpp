#include "service/jobs/trust_score/trust.h"

#include <gtest/gtest.h>

#include "service/jobs/trust_score/memo.h"

namespace hotclock::trust_score {
namespace {

using std::chrono::days;
using std::chrono::hours;

TEST(Score, IsATenthOfTheSumFromNothingToAHundred) {
  EXPECT_EQ(score_of(455), 45.5);
  EXPECT_EQ(score_of(0), 0);
  EXPECT_EQ(score_of(-30), 0);
  EXPECT_EQ(score_of(1000), 100);
  EXPECT_EQ(score_of(1001), 100);
}

TEST(Level, BeginsAtThirtySixtyAndEighty) {
  EXPECT_EQ(level_of(0), "low");
  EXPECT_EQ(level_of(29.9), "low");
  EXPECT_EQ(level_of(30), "medium");
  EXPECT_EQ(level_of(59.9), "medium");
  EXPECT_EQ(level_of(60), "high");
  EXPECT_EQ(level_of(79.9), "high");
  EXPECT_EQ(level_of(80), "verified");
  EXPECT_EQ(level_of(100), "verified");
}

TEST(WholeDays, CountOnlyDaysThatAreOver) {
  const Instant t = from_millis(1'790'000'000'000);
  EXPECT_EQ(whole_days(t, t + days{3} - Duration{1}), 2);
  EXPECT_EQ(whole_days(t, t + days{3}), 3);
  EXPECT_EQ(whole_days(t, t - days{3}), 0);
}

TEST(Fading, HalvesWithEachHalfLifeAndNotAtAllWhereItIsOff) {
  EXPECT_DOUBLE_EQ(faded(80, days{10}, days{10}), 40);
  EXPECT_DOUBLE_EQ(faded(80, days{30}, days{10}), 10);
  EXPECT_DOUBLE_EQ(faded(80, days{30}, Duration::zero()), 80);
  EXPECT_DOUBLE_EQ(faded(80, Duration::zero(), days{10}), 80);
  EXPECT_DOUBLE_EQ(faded(80, -hours{5}, days{10}), 80);  // an event of the future has not begun to
}

TEST(Factors, AreAJsonObject) {
  EXPECT_EQ(to_json({true, false, true, false, 12, 3, 4, 5}),
            R"({"kycVerified":true,"phoneVerified":false,"emailVerified":true,)"
            R"("socialConnected":false,"activeDays":12,"streamsHosted":3,"giftsSent":4,)"
            R"("reportsReceived":5})");
}

TEST(Memo, IsReadAsItWasWritten) {
  const Memo memo{4711, 20'780, hours{5}};
  EXPECT_EQ(parse_memo(to_text(memo)), memo);
  EXPECT_EQ(parse_underway(to_text(memo)), std::nullopt);
  const Underway underway{17, 4711, 20'780, Duration::zero()};
  EXPECT_EQ(parse_underway(to_text(underway)), underway);
  EXPECT_EQ(parse_memo(to_text(underway)), std::nullopt);
  const Shared shared{99, 3, 4711, 20'780, hours{1}};
  EXPECT_EQ(parse_shared(to_text(shared)), shared);
  EXPECT_EQ(parse_memo(to_text(shared)), std::nullopt);
  EXPECT_EQ(parse_underway(to_text(shared)), std::nullopt);
}

TEST(Memo, IsNothingWhereTheTextIsAnother) {
  for (const char* text : {"", "watermark=5", "watermark=5 full_day=x half_life=0",
                           "watermark=5 full_day=1 half_life=0 more"})
    EXPECT_EQ(parse_memo(text), std::nullopt) << text;
}

TEST(UtcDay, BeginsAtMidnightUtc) {
  const Instant midnight = from_millis(20'000LL * 86'400'000);
  EXPECT_EQ(utc_day(midnight), 20'000);
  EXPECT_EQ(utc_day(midnight - Duration{1}), 19'999);
}

}  // namespace
}  // namespace hotclock::trust_score
