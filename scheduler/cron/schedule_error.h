// What is wrong with a cron expression: where it stands and what would be right.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hotclock {

struct ScheduleError {
  // Of the token's first character in the text, in characters; the first is 1. 0 where what is
  // wrong stands beside the text (the zone given with it).
  std::size_t column = 1;
  std::string token;       // what is wrong, as it stands there; empty where something is missing
  std::string field;       // "minute", ..., "year", "zone"; empty where no one field is to blame
  std::string problem;     // "hour 24 is out of range"
  std::string accepted;    // what may stand there: "0-23"; empty where `problem` says it all
  std::string suggestion;  // the nearest text that would be right: "23"; empty where none is near

  // One line for a person: "column 3: hour 24 is out of range (0-23); did you mean 23?"
  std::string message() const;

  friend bool operator==(const ScheduleError&, const ScheduleError&) = default;
};

// `text` with a line of carets below the token, for a terminal:
//   0 24 * * *
//     ^^
std::string caret(std::string_view text, const ScheduleError& error);

}  // namespace hotclock
