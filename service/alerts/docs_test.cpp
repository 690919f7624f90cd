// Whether docs/alerts.md has a section for each rule. What to do is in the runbook.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "service/config/alerts.h"

namespace hotclock::alerts {
namespace {

TEST(AlertsPage, HasASectionOfEachRule) {
  std::ifstream file(HOTCLOCK_SOURCE_DIR "/docs/alerts.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::size_t at = page.find("## The rules\n");
  ASSERT_NE(at, page.npos);
  for (const config::Rule rule : config::all_rules()) {
    const std::string heading = "\n### " + std::string(config::to_string(rule)) + "\n";
    at = page.find(heading, at);
    ASSERT_NE(at, page.npos) << heading;
    const std::string section = page.substr(at + 1, page.find("\n### ", at + 1) - at);
    EXPECT_NE(section.find("\nShipped: "), section.npos) << heading;
  }
}

}  // namespace
}  // namespace hotclock::alerts
