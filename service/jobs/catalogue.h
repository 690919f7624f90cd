// The catalogue: every job of the platform, in one list; and the kinds of those that only settings
// describe.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/core/job.h"
#include "service/config/config.h"
#include "service/sql/statement.h"
#include "service/work/chunk.h"

namespace hotclock::jobs {

// One job as it is known to the service.
struct Entry {
  config::JobDefaults defaults;
  // Makes the job of its settings; they were checked when the settings were read.
  std::function<Result<std::shared_ptr<Job>>(work::Desk&, const config::JobConfig&)> make;
  std::string does;  // "pays the daily bonus of OG tiers"
};

// In the order in which people list them.
std::vector<Entry> catalogue();

// What config::load() is to know of them.
std::vector<config::JobDefaults> defaults();

// Of which kinds jobs can be that settings alone define.
std::span<const config::Kind> kinds();

// Makes the job that settings describe, be it of the catalogue or of a kind. `settings` holds it.
Result<std::shared_ptr<Job>> make(work::Desk& desk, const config::JobConfig& job,
                                  const config::Config& settings);

// Every statement of every job, to be prepared at the start.
std::vector<const sql::Statement*> statements(const sql::Dialect& dialect);

}  // namespace hotclock::jobs
