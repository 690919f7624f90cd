// Whether every command that the runbook and the pages on alerts name is one, with the options that
// they give it.
#include "service/runbook/runbook.h"

#include <gtest/gtest.h>

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

struct Quoted {
  std::string command;
  bool in_text = false;  // it may be a command's name alone: `hotclock show`
};

std::vector<Quoted> commands_in(const std::string& text) {
  std::vector<Quoted> commands;
  const std::regex command(R"re(\n    (hotclock [^#\n]*)|`(hotclock [^`]*)`)re");
  for (std::sregex_iterator at(text.begin(), text.end(), command), end; at != end; ++at)
    commands.push_back({(*at)[1].matched ? (*at)[1] : (*at)[2], !(*at)[1].matched});
  return commands;
}

std::string mistake_in(const Quoted& quoted) {
  const auto words = words_of(quoted.command);
  // Words in capitals are what somebody puts in; one that is not known here is a slip.
  for (const std::string& word : words)
    if (std::regex_match(word, std::regex("[A-Z]{2,}"))) return "what is meant by " + word + "?";
  const auto read = read_arguments(words);
  if (read || (quoted.in_text && read.error().message().ends_with(" is required"))) return "";
  return read.error().message();
}

void expect_commands(const std::string& where, const std::string& text) {
  for (const Quoted& quoted : commands_in(text))
    EXPECT_EQ(mistake_in(quoted), "") << where << ": " << quoted.command;
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
  for (const bool in_text : {false, true}) {
    EXPECT_NE(mistake_in({"hotclock hisory JOB", in_text}), "");
    EXPECT_NE(mistake_in({"hotclock alerts explian", in_text}), "");
    EXPECT_NE(mistake_in({"hotclock history JOB --stat failed", in_text}), "");
    EXPECT_EQ(mistake_in({"hotclock history JUB", in_text}), "what is meant by JUB?");
  }
  EXPECT_NE(mistake_in({"hotclock show", false}), "");
  EXPECT_EQ(mistake_in({"hotclock show", true}), "");
  EXPECT_EQ(words_of("hotclock run JOB --reason \"it is over\""),
            (std::vector<std::string>{"run", "trust-score", "--reason", "it is over"}));
}

}  // namespace
}  // namespace hotclock::cli
