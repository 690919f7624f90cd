// The catalogue: every job of the platform, in one list; and the kinds of those that only settings describe. A program
// of others may hand in another list, of these and of its own (service/cli/program.h).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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
  // What it says to an engine, to be prepared at the start, so that a slip fails there. May be empty.
  std::function<std::vector<const sql::Statement*>(const sql::Dialect&)> statements = {};
};

using Catalogue = std::vector<Entry>;

// The entry of this name; null where there is none.
const Entry* find(const Catalogue& catalogue, std::string_view job);

// In the order in which people list them.
Catalogue catalogue();

// What config::load() is to know of them.
std::vector<config::JobDefaults> defaults(const Catalogue& of = catalogue());

// Of which kinds jobs can be that settings alone define.
std::span<const config::Kind> kinds();

// Makes the job that settings describe, be it of the catalogue or of a kind. `settings` holds it.
Result<std::shared_ptr<Job>> make(work::Desk& desk, const config::JobConfig& job,
                                  const config::Config& settings, const Catalogue& of = catalogue());

// Every statement of every job, to be prepared at the start.
std::vector<const sql::Statement*> statements(const sql::Dialect& dialect, const Catalogue& of = catalogue());

}  // namespace hotclock::jobs
