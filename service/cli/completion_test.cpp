#include "service/cli/completion.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "service/cli/arguments.h"

namespace hotclock::cli {
namespace {

struct CompletionTest : testing::Test {
  Invocation invocation;
  std::shared_ptr<CLI::App> parser = make_parser(invocation);

  std::string script(std::string_view shell) {
    const auto made = completion_script(*parser, shell);
    return made ? *made : "no script: " + made.error().message();
  }

  std::vector<const CLI::App*> commands() {
    const auto all = parser->get_subcommands([](const CLI::App*) { return true; });
    return {all.begin(), all.end()};
  }
};

// What the script offers when `words` stand on the line and the last one is being typed.
std::vector<std::string> offered(const std::string& script, const std::string& words) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("hotclock-completion-" + std::to_string(getpid()) + ".bash");
  std::ofstream(file) << "hotclock() { echo og-daily-bonus; echo throne-expiry; }\n"
                      << script << "COMP_WORDS=(" << words << ")\n"
                      << "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                      << "_hotclock\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
  std::vector<std::string> out;
  FILE* bash = popen(("bash --norc " + file.string()).c_str(), "r");
  for (std::array<char, 256> line; fgets(line.data(), line.size(), bash);) {
    out.emplace_back(line.data());
    out.back().pop_back();
  }
  EXPECT_EQ(pclose(bash), 0);
  std::filesystem::remove(file);
  return out;
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

TEST_F(CompletionTest, KnowsEveryCommandAndOptionInEveryShell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string text = script(shell);
    for (const CLI::App* command : commands()) {
      if (command->get_group().empty()) continue;
      EXPECT_NE(text.find(command->get_name()), std::string::npos) << shell;
      for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames())
          EXPECT_NE(text.find(shell == std::string("fish") ? " -l " + name : "--" + name),
                    std::string::npos)
              << shell << " " << command->get_name() << " " << name;
    }
  }
}

TEST_F(CompletionTest, KnowsTheActsOfACommandAndTheirOptions) {
  const auto acts = offered(script("bash"), "hotclock festivals ''");
  EXPECT_EQ(acts, (std::vector<std::string>{"list", "show", "create", "edit", "validate", "preview", "activate",
                                            "end", "remove"}));
  EXPECT_EQ(offered(script("bash"), "hotclock --json festivals act"), std::vector<std::string>{"activate"});
  const auto options = offered(script("bash"), "hotclock festivals activate 3 --");
  EXPECT_TRUE(contains(options, "--reason"));
  EXPECT_TRUE(contains(options, "--database"));
  EXPECT_FALSE(contains(options, "--css"));
  EXPECT_TRUE(contains(offered(script("bash"), "hotclock festivals --"), "--running"));
  EXPECT_FALSE(contains(offered(script("bash"), "hotclock ''"), "activate"));
  for (const char* shell : {"zsh", "fish"}) {
    const std::string text = script(shell);
    EXPECT_NE(text.find(shell == std::string("fish") ? " -l css " : "--css["), std::string::npos) << shell;
  }
  EXPECT_NE(script("fish").find("'__fish_seen_subcommand_from festivals; and __fish_seen_subcommand_from "
                                "preview' -l css"),
            std::string::npos);
  EXPECT_NE(script("zsh").find("    festivals/preview) _arguments"), std::string::npos);
}

TEST_F(CompletionTest, OffersFilesWhereAFestivalIsRead) {
  const auto directory = std::filesystem::temp_directory_path() / ("hotclock-files-" + std::to_string(getpid()));
  std::filesystem::create_directory(directory);
  std::ofstream(directory / "tihar.json") << "{}";
  const std::string typed = (directory / "ti").string();
  const std::vector<std::string> file{(directory / "tihar.json").string()};
  EXPECT_EQ(offered(script("bash"), "hotclock festivals create " + typed), file);
  EXPECT_EQ(offered(script("bash"), "hotclock festivals edit 3 " + typed), file);
  std::filesystem::remove_all(directory);
}

TEST_F(CompletionTest, AsksForTheNamesOfTheJobs) {
  for (const char* shell : {"bash", "zsh", "fish"})
    EXPECT_NE(script(shell).find("hotclock __complete jobs"), std::string::npos) << shell;
}

TEST_F(CompletionTest, OffersNothingHidden) {
  EXPECT_EQ(script("fish").find("-a __complete"), std::string::npos);
  EXPECT_EQ(script("zsh").find("'__complete:"), std::string::npos);
  EXPECT_FALSE(contains(offered(script("bash"), "hotclock ''"), "__complete"));
}

TEST_F(CompletionTest, IsValidBash) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("hotclock-syntax-" + std::to_string(getpid()) + ".bash");
  std::ofstream(file) << script("bash");
  EXPECT_EQ(std::system(("bash -n " + file.string()).c_str()), 0);
  std::filesystem::remove(file);
}

TEST_F(CompletionTest, OffersCommandsFirst) {
  const auto words = offered(script("bash"), "hotclock ''");
  EXPECT_TRUE(contains(words, "serve"));
  EXPECT_TRUE(contains(words, "backfill"));
  EXPECT_TRUE(contains(words, "--json"));
  EXPECT_EQ(offered(script("bash"), "hotclock import"), std::vector<std::string>{"import-crontab"});
}

TEST_F(CompletionTest, OffersJobsWhereAJobBelongs) {
  const std::vector<std::string> jobs{"og-daily-bonus", "throne-expiry"};
  EXPECT_EQ(offered(script("bash"), "hotclock run ''"), jobs);
  EXPECT_EQ(offered(script("bash"), "hotclock --json pause th"),
            std::vector<std::string>{"throne-expiry"});
}

TEST_F(CompletionTest, OffersTheOptionsOfTheCommand) {
  const auto words = offered(script("bash"), "hotclock run --");
  EXPECT_TRUE(contains(words, "--dry-run"));
  EXPECT_TRUE(contains(words, "--database"));
  EXPECT_FALSE(contains(words, "--until"));
}

TEST_F(CompletionTest, OffersTheValuesOfAnOption) {
  EXPECT_EQ(offered(script("bash"), "hotclock --log-format ''"),
            (std::vector<std::string>{"text", "json"}));
  EXPECT_EQ(offered(script("bash"), "hotclock jobs --log-format j"),
            std::vector<std::string>{"json"});
  EXPECT_EQ(offered(script("bash"), "hotclock completion ''"),
            (std::vector<std::string>{"bash", "zsh", "fish"}));
}

TEST_F(CompletionTest, NamesTheNearestShell) {
  EXPECT_EQ(script("fisch"), "no script: there is no completion for \"fisch\"; did you mean fish?");
  EXPECT_EQ(script("tcsh7"),
            "no script: there is no completion for \"tcsh7\"; "
            "write bash, zsh or fish");
}

}  // namespace
}  // namespace hotclock::cli
