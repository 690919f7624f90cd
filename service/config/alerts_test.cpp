#include "service/config/alerts.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hotclock::config
