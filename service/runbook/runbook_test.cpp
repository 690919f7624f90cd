#include "service/runbook/runbook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "service/config/alerts.h"
#include "service/runbook/html.h"

namespace hotclock::runbook {
namespace {

constexpr std::array<std::string_view, 6> headings{"What it means",     "What users notice",
                                                   "Look first",        "What to do",
                                                   "When it is normal", "Its threshold"};

// What stands beneath each heading of the second level, in their order.
std::vector<std::pair<std::string_view, std::string_view>> sections(std::string_view text) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  for (auto at = text.find("\n## "); at != text.npos;) {
    const auto title = at + 4, line = text.find('\n', title), next = text.find("\n## ", line);
    out.emplace_back(text.substr(title, line - title),
                     text.substr(line, next == text.npos ? next : next - line));
    at = next;
  }
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Runbook, HasAPageOfEachOfHotclocksRules) {
  for (const config::Rule rule : config::all_rules())
    EXPECT_TRUE(find(config::to_string(rule))) << config::to_string(rule);
}

TEST(Runbook, HasNoPageOfOthersThanItsRulesAndPrometheus) {
  config::Rule rule{};
  for (const Page& page : pages())
    EXPECT_TRUE(page.name.starts_with("Hotclock") || from_string(page.name, rule)) << page.name;
}

TEST(Runbook, SaysOnEachPageWhatOneAsksAtThreeInTheMorning) {
  for (const Page& page : pages()) {
    EXPECT_TRUE(page.text.starts_with("# " + std::string(page.name) + "\n\n## What it means\n"));
    const auto found = sections(page.text);
    ASSERT_EQ(found.size(), headings.size()) << page.name;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].first, headings[i]) << page.name;
      EXPECT_NE(found[i].second.find_first_not_of(" \n"), std::string_view::npos)
          << page.name << ": " << found[i].first;
    }
    EXPECT_NE(found[2].second.find("\n    hotclock "), std::string_view::npos)
        << page.name << " names no command to look with";
  }
}

TEST(Runbook, BreaksNoCodeOverTwoLines) {
  for (const Page& page : pages())
    for (const std::string& line : lines_of(page.text))
      EXPECT_EQ(std::ranges::count(line, '`') % 2, 0) << page.name << ": " << line;
}

TEST(Runbook, IsShort) {
  for (const Page& page : pages()) EXPECT_LE(std::ranges::count(page.text, '\n'), 60) << page.name;
}

TEST(Runbook, NamesTheSettingOfEachOfHotclocksRules) {
  for (const config::Rule rule : config::all_rules()) {
    const std::string name(config::to_string(rule));
    const std::string_view how = sections(find(name)->text).back().second;
    EXPECT_NE(how.find("`[alerts.rules." + name + "]`"), how.npos) << name;
    EXPECT_EQ(how.find("`[alerts." + name + "]`") != how.npos, config::is_of_jobs(rule)) << name;
  }
}

TEST(Runbook, FindsNothingOfAnotherName) {
  EXPECT_FALSE(find(""));
  EXPECT_FALSE(find("faile"));
  EXPECT_FALSE(find("failed.md"));
}

TEST(Runbook, LeadsAnAlertToItsPage) {
  EXPECT_EQ(link("https://h.example/api/v1/runbook/{rule}", "failed"),
            "https://h.example/api/v1/runbook/failed");
  EXPECT_EQ(link("{rule} and {rule}", "late"), "late and late");
  EXPECT_EQ(link("", "failed"), "");
}

TEST(RunbookHtml, IsMadeOfWhatThePagesHave) {
  const Page page{"failed",
                  "# failed\n\n## Look first\n\nTwo lines <of>\none & `hotclock x > y`.\n\n"
                  "    hotclock a\n    hotclock b\n\n- see `failing`\n  anew\n- two\n"};
  EXPECT_NE(
      html(page).find("<h1>failed</h1>\n<h2>Look first</h2>\n"
                      "<p>Two lines &lt;of&gt; one &amp; <code>hotclock x &gt; y</code>.</p>\n"
                      "<pre>hotclock a\nhotclock b</pre>\n"
                      "<ul><li>see <a href=\"failing\"><code>failing</code></a> anew\n"
                      "<li>two</ul>\n"),
      std::string::npos)
      << html(page);
}

TEST(RunbookHtml, EndsAPageHoweverItEnds) {
  for (const char* text : {"", "# x", "text `open", "    code", "- item", " \n\n  \n"})
    EXPECT_TRUE(html({"x", text}).ends_with("</html>\n")) << text;
}

TEST(RunbookHtml, LeadsToEveryPage) {
  const std::string all = html_of_all();
  for (const Page& page : pages()) {
    EXPECT_NE(all.find("<a href=\"" + std::string(page.name) + "\">"), all.npos) << page.name;
    EXPECT_NE(html(page).find("<h2>What to do</h2>"), std::string::npos) << page.name;
  }
}

}  // namespace
}  // namespace hotclock::runbook
