// When a schedule is due: what `next` shows, and the same as JSON for editors and tools.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/cron/schedule.h"

namespace hotclock::cli {

// One line of a preview: a due instant, or a wall-clock time that a change of the zone took away.
struct PreviewLine {
  Instant at;
  std::string note;   // empty where there is nothing to say
  bool lost = false;  // nothing is due here
};

// The next (or the last, newest first) `n` due instants from `from`, and between them the times
// that gaps and overlaps took away.
std::vector<PreviewLine> preview(const Schedule& schedule, Instant from, int n, bool previous);

// Answers one request of `next --stdin`:
//   {"expr": "5 0 * * *", "tz": "Australia/Sydney", "from": "2026-11-23T00:00:00Z", "n": 3,
//    "dst": "vixie", "previous": false}
// with {"times": ["2026-11-23T13:05:00Z", ...]} in UTC, or {"error": {...}}. All but "expr" may be left out.
boost::json::object answer(std::string_view request, Instant now);

// What is wrong with an expression, for a program.
boost::json::object error_json(const ScheduleError& error);

}  // namespace hotclock::cli
