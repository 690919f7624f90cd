// What becomes of a crontab in Hotclock: a verdict per line.
//
// Hotclock works the jobs it knows and runs no commands. So what is imported is each entry's time:
// its schedule in its zone, proven to mean here what it means to cron, ready to be put into the
// file of the job that takes the command's place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/base/time.h"
#include "service/cli/table.h"

namespace hotclock::cli {

struct ImportOptions {
  bool system = false;       // entries name their user, as in /etc/crontab
  std::string zone = "UTC";  // whose wall clock cron goes by; CRON_TZ= in the file goes before it
  Instant now;               // "next" is from here, and warnings look a year ahead
};

enum class LineVerdict {
  ok,       // means the same here
  warning,  // so it does, but its author should read the remarks
  refused,  // cannot be taken over; the remarks say why and what would be right
};

std::string_view name_of(LineVerdict verdict);

struct ImportedLine {
  int line = 0;
  int column = 1;  // where what the first remark is about stands
  LineVerdict verdict = LineVerdict::ok;
  std::vector<std::string> remarks;
  std::string text;  // the line as it is

  // Of entries; empty for NAME=value lines and for what could not be read.
  std::string name;
  std::string user;
  std::string command;
  std::string input;     // the command's standard input
  std::string schedule;  // as Hotclock writes it
  std::string zone;
  std::string description;    // "at 00:05 every day"
  std::vector<Instant> next;  // up to three
  std::string toml;           // the schedule part of jobs.d/<name>.toml
};

struct ImportReport {
  std::vector<ImportedLine> lines;

  int count(LineVerdict verdict) const;
};

ImportReport import_crontab(std::string_view text, const ImportOptions& options);

// One row per line and next time, with the remarks.
Table table_of(const ImportReport& report);

// The suggestions for jobs.d, one after the other, each with the name of its file.
std::string suggestions(const ImportReport& report);

// {"lines": [{"line", "column", "verdict", "remarks", "text", "name", ...}], "ok", "warning",
// "refused"}
boost::json::object as_json(const ImportReport& report);

}  // namespace hotclock::cli
