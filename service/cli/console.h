// Where a command speaks: everything of the process that a command may touch, handed in.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/section.h"
#include "service/jobs/catalogue.h"

namespace hotclock::cli {

// Data goes to `out`, everything said about it to `err`.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Clock& clock;
  config::Environment environment;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  int width = 80;       // of the terminal
  std::string user;     // who is logged in: who asks, where nobody else is named
  jobs::Catalogue catalogue = jobs::catalogue();  // of the jobs there are
};

// What a command ends with; hotclock(1) documents them.
enum ExitCode {
  exit_done = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_database = 3,
  exit_not_found = 4,
  exit_not_now = 5,
  exit_forbidden = 6,
};

ExitCode exit_code_of(Errc code);

// Says the error on `err` ("hotclock: ..."), as JSON on `out` where that was asked for, and gives
// the exit code it comes to.
int fail(Console& console, bool json, const Error& error);

// One JSON value, one line.
void print(Console& console, const boost::json::value& value);

}  // namespace hotclock::cli
