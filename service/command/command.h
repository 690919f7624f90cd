// One command while it runs: its process, its output, its end.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/execution_log.h"
#include "service/command/keeper.h"

namespace hotclock::command {

// How a command came to its end.
struct CommandEnd {
  int status = 0;  // as waitpid() gives it, of the leader
  bool asked_to_stop = false;
  bool killed_by_us = false;  // it did not stop in time
  int left_behind = 0;        // processes that outlived it until they were killed
  Duration cpu = {};          // of it and those it waited for
  std::int64_t peak_kib = 0;
};

// "exit 1", "killed by SIGSEGV".
std::string to_words(const CommandEnd& end);

// What ends it early: SIGTERM to all of its group at once, SIGKILL after the grace.
struct Stopping {
  std::stop_token stop;
  Duration grace;
  // Asked when the stop is requested: whether there is no grace at all. May be empty.
  std::function<bool()> without_grace = {};
};

// Runs it; returns when none of its processes is left. What it says goes into `log`.
// Errc::invalid: it cannot be started, and trying again would not help; Errc::unavailable: not now;
// Errc::unknown: it was started, and how it ended nobody knows.
Result<CommandEnd> run_command(const Launch& launch, const Stopping& stopping, ExecutionLog& log);

}  // namespace hotclock::command
