// Whether docs/access.md shows the roles as they are.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "service/access/principal.h"

namespace hotclock::access {
namespace {

// The lines of the page's table of rights: "look" -> "| yes | yes | yes |".
std::vector<std::pair<std::string, std::string>> rows_of_the_page() {
  std::ifstream page(HOTCLOCK_SOURCE_DIR "/docs/access.md");
  std::vector<std::pair<std::string, std::string>> rows;
  bool in_table = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| right |")) in_table = true;
    if (!line.starts_with('|')) in_table = false;
    if (!in_table || !line.starts_with("| `")) continue;
    const auto end = line.find('`', 3), cells = line.find(" | ", end + 4);
    rows.emplace_back(line.substr(3, end - 3), line.substr(cells + 1));
  }
  return rows;
}

TEST(AccessPageTest, ShowsEveryRightWithTheRolesThatHoldIt) {
  std::vector<std::pair<std::string, std::string>> expected;
  const auto word = [](Role role, Right right) { return has(role, right) ? "yes" : "no"; };
  for (const Right right : all_rights())
    expected.emplace_back(to_string(right),
                          fmt::format("| {} | {} | {} |", word(Role::viewer, right),
                                      word(Role::operator_, right), word(Role::admin, right)));
  EXPECT_EQ(rows_of_the_page(), expected);
}

}  // namespace
}  // namespace hotclock::access
