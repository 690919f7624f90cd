// Hotclock's own job: sums up days that are over and forgets old history, old events, and sessions
// and approvals that ended, once a day.
#pragma once

#include "scheduler/core/policy.h"
#include "service/config/config.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// Events that a sink has not heard are kept so long, and no longer: one that stays away does not
// fill the disk.
constexpr Duration event_retention = std::chrono::days{7};

constexpr const char* retention_job = "history-retention";

// The job of that name. `database` must outlive it.
JobSpec retention_spec(sql::Database& database, const config::Config& settings);

}  // namespace hotclock::app
