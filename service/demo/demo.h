// A platform to try Hotclock on: users, streams, thrones, festivals, money and reputation.
//
// Everything follows from the options alone: the same options give the same rows, whatever the
// machine. The money adds up (see service/schema/invariants.h), also coin by coin. Something is
// always about to happen: thrones fall within minutes, a festival has just begun, another ends
// soon.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::demo {

struct DemoOptions {
  std::int64_t users = 5000;
  std::int64_t streams = 400;
  std::uint64_t seed = 1;
  Instant now;                     // what "soon" and "lately" are reckoned from
  int history_days = 3;            // for how many days before today the OG bonus has been paid
  int og_percent = 60;             // how many of the users hold an OG tier that still runs
  int reputation_per_user = 3;     // reputation events, on average
  int thrones_expiring_soon = 25;  // within ten minutes, if there are as many streams
};

struct DemoReport {
  std::int64_t users = 0, streams = 0, thrones = 0, festivals = 0, gifts = 0;
  std::int64_t transactions = 0, bonuses = 0, reputation_events = 0;
};

// Called now and then: what is being made, how much of it is done, how much there will be.
using Progress = std::function<void(std::string_view what, std::int64_t done, std::int64_t total)>;

// Fills a migrated database in chunks; memory does not grow with the number of users.
// Errc::conflict: there are users already; Errc::unsupported: the platform is adopted; nothing is
// touched. Errc::invalid: options that make no sense. After any other error, or a stop, what was made
// is removed again.
Result<DemoReport> create_demo(sql::Database& database, const DemoOptions& options,
                               const Progress& progress = {}, std::stop_token stop = {});

}  // namespace hotclock::demo
