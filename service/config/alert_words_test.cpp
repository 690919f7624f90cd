#include "service/config/alert_words.h"

#include <gtest/gtest.h>

#include "service/config/alert_thresholds.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

TEST(RulesInWords, SayFromWhereOnItIsTooMuch) {
  const AlertRules shipped;
  const auto words = [&](Rule rule) { return in_words(rule, shipped[rule]); };
  EXPECT_EQ(words(Rule::failing), "5 of the last 20 failed, or 3 in a row");
  EXPECT_EQ(words(Rule::missed), "1 or more within 1 h");
  EXPECT_EQ(words(Rule::late), "5 min after it was due");
  EXPECT_EQ(words(Rule::failed), "one is enough; told 15 min longer once another was completed");
  EXPECT_EQ(words(Rule::too_long), "longer than 2 times its 99th percentile, once 10 are known");
  EXPECT_EQ(words(Rule::touched_nothing),
            "3 in a row, where 80 % of 20 or more before them touched some");
  EXPECT_EQ(words(Rule::notifier_failing), "one waits for 15 min, or was tried 5 times");
  EXPECT_EQ(words(Rule::unknown_outcome), "");
}

TEST(RulesInWords, FollowWhatTheSettingsMakeOfThem) {
  EXPECT_EQ(in_words(Rule::too_long, {.after = 20min}), "longer than 20 min");
  EXPECT_EQ(in_words(Rule::too_short, {.after = 2s}), "shorter than 2 s");
  EXPECT_EQ(in_words(Rule::failing, {.count = 5, .of = 20}), "5 of the last 20 failed");
  EXPECT_EQ(in_words(Rule::failing, {.in_a_row = 3}), "3 in a row failed");
  EXPECT_EQ(in_words(Rule::failing, {}), "never: its threshold is 0");
  EXPECT_EQ(in_words(Rule::notifier_failing, {.after = 1min}), "one waits for 1 min");
}

// Whoever adds a rule with a threshold says it in words as well.
TEST(RulesInWords, LeaveNoThresholdUnsaid) {
  const AlertRules shipped;
  for (const Rule rule : all_rules())
    EXPECT_EQ(in_words(rule, shipped[rule]).empty(), thresholds_of(rule, shipped[rule]).empty())
        << to_string(rule);
}

}  // namespace
}  // namespace hotclock::config
