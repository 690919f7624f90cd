#include "service/config/alerts.h"

#include <gtest/gtest.h>

#include "service/config/alert_thresholds.h"

namespace hotclock::config {
namespace {

std::string mistake_in(std::string_view toml) {
  Section section = Section::parse(toml, "alerts");
  Section rules = section.section("rules");
  static_cast<void>(read_alerts(section, rules));
  static_cast<void>(rules.finish());
  const auto read = section.finish();
  return read ? "" : read.error().message();
}

TEST(AlertSettings, LeadEachRuleToAPageOfItsOwn) {
  EXPECT_EQ(mistake_in("runbook = \"https://wiki.example/alerts#{rule}\""), "");
  EXPECT_EQ(mistake_in("runbook = \"\""), "");
  EXPECT_NE(
      mistake_in("runbook = \"https://wiki.example/alerts\"")
          .find("it leads all rules to one place; write {rule} where the rule's name belongs"),
      std::string::npos);
}

TEST(AlertSettings, LeadToTheCommandThatWorksWithoutAnything) {
  EXPECT_EQ(AlertsConfig{}.runbook, "hotclock alerts explain {rule}");
}

using Words = std::vector<std::pair<std::string_view, std::string>>;

TEST(AlertSettings, SayTheThresholdsThatARuleHasAndNoOther) {
  const AlertRules shipped;
  EXPECT_EQ(thresholds_of(Rule::missed, shipped[Rule::missed]),
            (Words{{"within", "1 h"}, {"count", "1"}}));
  EXPECT_EQ(thresholds_of(Rule::too_long, shipped[Rule::too_long]),
            (Words{{"after", "0 ms"}, {"samples", "10"}, {"times", "2"}}));
  EXPECT_EQ(thresholds_of(Rule::unknown_outcome, shipped[Rule::unknown_outcome]), Words{});
}

}  // namespace
}  // namespace hotclock::config
