// Whether every command that the runbook and the pages on alerts name is one, with the options that
// they give it.
#include "service/runbook/runbook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>

#include "service/cli/arguments.h"

namespace hotclock::cli {
namespace {

// What a reader puts in their place.
const std::map<std::string, std::string> meant{
    {"EXECUTION", "1201"}, {"SLOT", "17"},         {"ALERT", "17"},
    {"ID", "17"},          {"JOB", "trust-score"}, {"QUEUE", "default"},
    {"NODE", "node-a"},    {"NOTIFIER", "oncall"}, {"RULE", "failed"},
    {"ROLE", "hotclock"},  {"WHY", "it is known"}, {"INSTANT", "2026-11-23T00:05Z"}};

std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  const std::regex word(R"re("[^"]*"|\S+)re");
  for (std::sregex_iterator at(command.begin(), command.end(), word), end; at != end; ++at) {
    std::string one = at->str();
    std::erase(one, '"');
    const auto known = meant.find(one);
    words.push_back(known == meant.end() ? one : known->second);
  }
  words.erase(words.begin());  // hotclock
  return words;
}

// Those in lines of code and those in the text.
std::vector<std::string> commands_in(const std::string& text) {
  std::vector<std::string> commands;
  const std::regex command(R"re(\n    (hotclock [^#\n]*)|`(hotclock [^`]*)`)re");
  for (std::sregex_iterator at(text.begin(), text.end(), command), end; at != end; ++at)
    commands.push_back((*at)[1].matched ? (*at)[1] : (*at)[2]);
  return commands;
}

void expect_commands(const std::string& where, const std::string& text) {
  for (std::string command : commands_in(text)) {
    std::ranges::replace(command, '\n', ' ');
    // Words in capitals are what somebody puts in; one that is not known here is a slip.
    for (const std::string& word : words_of(command))
      EXPECT_FALSE(std::regex_match(word, std::regex("[A-Z]{2,}"))) << where << ": " << command;
    const auto read = read_arguments(words_of(command));
    EXPECT_TRUE(read) << where << ": " << command << ": " << (read ? "" : read.error().message());
  }
}

TEST(RunbookCommands, AreCommands) {
  std::size_t seen = 0;
  for (const runbook::Page& page : runbook::pages()) {
    expect_commands(std::string(page.name), std::string(page.text));
    seen += commands_in(std::string(page.text)).size();
  }
  EXPECT_GT(seen, 150u);
}

TEST(RunbookCommands, OfThePageOnMonitoringAreCommands) {
  std::ifstream file(HOTCLOCK_SOURCE_DIR "/docs/monitoring.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_GT(commands_in(page).size(), 3u);
  expect_commands("docs/monitoring.md", page);
}

TEST(RunbookCommands, ThatAreNoneAreFound) {
  EXPECT_FALSE(read_arguments(words_of("hotclock hisory JOB")));
  EXPECT_FALSE(read_arguments(words_of("hotclock history JOB --stat failed")));
  EXPECT_EQ(words_of("hotclock run JOB --reason \"it is over\""),
            (std::vector<std::string>{"run", "trust-score", "--reason", "it is over"}));
}

}  // namespace
}  // namespace hotclock::cli
