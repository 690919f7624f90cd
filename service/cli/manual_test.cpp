#include "service/cli/manual.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "service/cli/arguments.h"

namespace hotclock::cli {
namespace {

constexpr std::string_view book =
    "hotclock(1)\n\n# NAME\n\nhotclock - a scheduler\n\n# COMMANDS\n\n"
    "*pause* _JOB_ --reason _WHY_, *resume* _JOB_ --reason _WHY_\n\tSlots are refused, and say by "
    "whom.\n\n"
    "*festivals* [*list*]\n\tThe festivals, by id.\n\n"
    "*festivals validate* _FILE_, *festivals create* _FILE_\n\tReads a festival.\n\n"
    "*config* [show [_KEY_]]\n\tEvery setting.\n\n*config* check\n\tEvery mistake.\n\n"
    "# EXIT STATUS\n\n*pause* 0\n\tIs no command's paragraph.\n";

struct Manual : testing::Test {
  Invocation invocation;
  std::shared_ptr<CLI::App> parser = make_parser(invocation);
  std::vector<CommandForm> commands = walk(*parser);

  std::string page(std::string_view name) {
    const auto made = manual_page(commands, name, book);
    return made ? *made : "no page: " + made.error().message();
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Manual, HasAPageOfEveryCommandAndOfEveryAct) {
  const auto pages = manual_pages(commands);
  for (const CommandForm& command : commands) {
    if (command.name.empty()) continue;
    const std::string name = command.is_act() ? command.within + "-" + command.name : command.name;
    EXPECT_EQ(std::ranges::count(pages, name), 1) << name;
    EXPECT_TRUE(
        page(name).starts_with("hotclock-" + name + "(1)\n\n# NAME\n\nhotclock-" + name + " - "));
  }
  EXPECT_EQ(std::ranges::count(pages, "festivals-activate"), 1);
}

TEST_F(Manual, HasNoPageOfWhatIsHidden) {
  EXPECT_TRUE(page("__complete").starts_with("no page: there is no page \"__complete\""));
  EXPECT_EQ(page(""), "no page: there is no page \"\"");
}

TEST_F(Manual, NamesTheNearestPage) {
  EXPECT_EQ(page("festivals-shwo"),
            "no page: there is no page \"festivals-shwo\"; did you mean festivals-show?");
}

TEST_F(Manual, TellsEveryOptionWithItsMeaning) {
  for (const CommandForm& command : commands) {
    if (command.name.empty()) continue;
    const std::string text =
        page(command.is_act() ? command.within + "-" + command.name : command.name);
    for (const Switch& s : command.switches) {
      if (s.names.back() == "--help") continue;
      EXPECT_TRUE(has(text, "*" + s.names.back() + "*")) << command.name << " " << s.names.back();
    }
  }
  EXPECT_TRUE(has(page("run"), "*--dry-run*\n\tSay what it would do, and change nothing.\n"));
}

TEST_F(Manual, PutsInBracketsWhatMayBeLeftOut) {
  EXPECT_TRUE(has(page("pause"),
                  "*hotclock pause* [_JOB_] [*--all*] *--reason* _TEXT_ [*--until* _TEXT_] [*--by* "
                  "_TEXT_]\n"));
  EXPECT_TRUE(has(page("history"), "*hotclock history* [_JOB_] "));
}

TEST_F(Manual, NamesTheBoundsAndTheChoices) {
  EXPECT_TRUE(has(page("serve"),
                  "*--port* _N_\n\tWhere clients connect; otherwise realtime.port. 0 to 65535.\n"));
  EXPECT_TRUE(has(page("run"), "*--log-format* _text|json_"));
}

TEST_F(Manual, TakesOverWhatTheBookSaysOfACommand) {
  EXPECT_TRUE(has(page("resume"),
                  "\n*pause* _JOB_ --reason _WHY_, *resume* _JOB_ --reason _WHY_\n"
                  "\tSlots are refused, and say by whom.\n"));
  EXPECT_TRUE(has(page("festivals-create"), "\tReads a festival.\n"));
  EXPECT_TRUE(has(page("festivals"), "\tThe festivals, by id.\n"));
  EXPECT_FALSE(has(page("festivals"), "Reads a festival"));
  EXPECT_FALSE(has(page("pause"), "Is no command's paragraph"));
}

TEST_F(Manual, TellsACommandFromItsActs) {
  EXPECT_TRUE(has(page("config"), "\tEvery setting.\n"));
  EXPECT_FALSE(has(page("config"), "\tEvery mistake.\n"));
  EXPECT_TRUE(has(page("config-check"), "\tEvery mistake.\n"));
  EXPECT_TRUE(
      has(page("config"), "# COMMANDS\n\n*hotclock-config-show*(1)\n\tThe settings in force.\n"));
  EXPECT_TRUE(has(page("config-show"), "*hotclock-config*(1), *hotclock-config-check*(1)"));
}

TEST_F(Manual, LetsNoWordBecomeMarkup) {
  CLI::App odd("", "odd");
  odd.add_subcommand("star", "a_b*c\\d")->add_option("--x_y", "# no heading");
  const auto made = manual_page(walk(odd), "star", "");
  ASSERT_TRUE(made);
  EXPECT_TRUE(has(*made, "hotclock-star - a\\_b\\*c\\\\d\n"));
  EXPECT_TRUE(has(*made, "\n\t\\# no heading.\n"));
}

}  // namespace
}  // namespace hotclock::cli
