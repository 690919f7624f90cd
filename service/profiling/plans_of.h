// Plans of each engine. For plans.cpp alone.
#pragma once

#include "service/profiling/plans.h"

namespace hotclock::profiling {

Result<Plan> sqlite_plan(sql::Database& database, const Asking& asking, const PlanLimits& limits);
Result<Plan> postgres_plan(sql::Database& database, const Asking& asking, const PlanLimits& limits);

// Rows in words: "1,234".
std::string counted(double rows);

}  // namespace hotclock::profiling
