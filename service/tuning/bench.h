// What this machine and its database can carry, measured in a database of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/tuning/figure.h"

namespace hotclock::tuning {

struct BenchOptions {
  Duration span = std::chrono::seconds{20};  // of measuring, in all; making a platform comes on top
  int rounds = 5;                            // of each figure
  std::int64_t users = 20'000;               // of the platform whose bonus is paid
  std::function<void(std::string_view what)> tell = {};
};

struct BenchReport {
  std::string where;  // the database that it lies beside, without a password
  std::vector<Figure> figures;
  double load = 0;  // what else ran here at the beginning: processes by each processor
};

// Commits of one row a second by one connection, and how long each takes; slots a second through
// the whole scheduler; from asking for a slot until its job begins; users a second that
// og-daily-bonus pays, by committed chunks. `settings`: those of this node, so that it measures
// what they make of the machine. Blocks; nothing of it is left behind. Threads: one.
Result<BenchReport> bench(const config::Config& settings, Clock& machine,
                          const BenchOptions& options);

// What a commit of one row costs beside that database. Errors are Scratch's.
Result<std::chrono::microseconds> commit_cost(const config::DatabaseConfig& beside, Clock& machine);

}  // namespace hotclock::tuning
