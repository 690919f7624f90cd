// The parser as a list of plain descriptions of its commands: what scripts and pages about them are
// made of, so that none can lag behind it.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hotclock::cli {

// What may stand in a place of the command line.
enum class Words { anything, jobs, files, choices };

struct Place {
  Words words = Words::anything;
  std::vector<std::string> choices;
  std::string name;  // "JOB"; of an option's value what it is: "TEXT", "N", "URL"
  std::string help;
  std::string range;  // "1 to 65535"; empty: any
  bool required = false;
};

struct Switch {
  std::vector<std::string> names;  // "--json", "-n"
  std::string help;
  bool takes_value = false;
  bool required = false;
  Place value;
  std::string environment;  // the variable that stands in for it; empty: none
};

struct CommandForm {
  std::string name;    // empty: the program itself
  std::string within;  // the command that it is an act of: "festivals"
  std::string help;
  std::vector<Switch> switches;
  std::vector<Place> places;      // of its words that are no options
  std::vector<std::string> acts;  // of the command, or of the one that it is an act of

  bool is_act() const { return !within.empty(); }
};

// The program first, then its commands, each before its acts; what is hidden from --help is left
// out.
std::vector<CommandForm> walk(const CLI::App& parser);

}  // namespace hotclock::cli
