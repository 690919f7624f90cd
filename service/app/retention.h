// Hotclock's own job: forgets old history and old events, once a day.
#pragma once

#include "scheduler/core/policy.h"
#include "service/config/config.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// What no node that serves has removed; sinks that have not heard it yet hold it.
constexpr Duration event_retention = std::chrono::days{7};

// The job "history-retention". `database` must outlive it.
JobSpec retention_spec(sql::Database& database, const config::HistoryConfig& settings);

}  // namespace hotclock::app
