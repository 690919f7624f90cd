// When a schedule is due: what `next` shows, and the same as JSON for editors and tools.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/cron/schedule.h"
#include "service/operations/next_runs.h"

namespace hotclock::cli {

using operations::next_runs;
using operations::NextRun;

// Answers one request of `next --stdin`:
//   {"expr": "5 0 * * *", "tz": "Australia/Sydney", "from": "2026-11-23T00:00:00Z", "n": 3,
//    "dst": "vixie", "previous": false}
// with {"times": ["2026-11-23T13:05:00Z", ...]} in UTC, or {"error": {...}}. All but "expr" may be left out.
boost::json::object answer(std::string_view request, Instant now);

// What is wrong with an expression, for a program.
boost::json::object error_json(const ScheduleError& error);

}  // namespace hotclock::cli
