// A crontab taken apart, as cron itself reads it: what each line is, and where its parts stand.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hotclock::cli {

// A part of a line. Columns count characters' bytes from 1, as editors do for ASCII.
struct CrontabPart {
  std::string text;
  int column = 1;
};

// NAME=value: holds for the entries below it.
struct CrontabSetting {
  CrontabPart name;
  std::string value;  // without its quotes
};

struct CrontabEntry {
  std::vector<CrontabPart> fields;  // five, or one that begins with `@`
  CrontabPart user;                 // of system crontabs; else empty
  CrontabPart command;              // up to the first bare `%`, `\%` being a `%`
  std::string input;                // what follows it: the command's standard input, line by line
  std::string name;                 // from the comment above it; else from its command
  std::string comment;              // the comment itself
};

struct CrontabFault {
  int column = 1;
  std::string why;
};

struct CrontabItem {
  int line = 0;  // from 1
  std::string text;
  std::variant<CrontabSetting, CrontabEntry, CrontabFault> what;
};

// Reads every line; `system`: entries have a user behind their times, as in /etc/crontab. Comments
// and empty lines are no items. Names are unique among the entries.
std::vector<CrontabItem> read_crontab(std::string_view text, bool system);

// "Nightly backup (big)!" -> "nightly-backup-big"; empty where no letter or digit is in it.
std::string name_of_words(std::string_view words);

}  // namespace hotclock::cli
