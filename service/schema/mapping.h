// Whether the platform's tables, or the views through which an adopted platform is reached, are what the jobs
// need: asked by `doctor`. For PostgreSQL, where there are views to write through; on other engines
// Hotclock's migrations alone make these tables, and there is nothing to find.
#pragma once

#include <vector>

#include "scheduler/base/result.h"
#include "service/schema/invariants.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

// Tables and columns that are missing, of the wrong type or not to be written; the unique index on which the
// payment once a day rests, found through the views; rights of the views. One finding each, with what to
// do; where nothing is wrong, one that says so. What is merely slow is told, and is no fault.
// Changes nothing, and needs no right on the tables behind the views.
Result<std::vector<Finding>> check_mapping(sql::Database& database);

}  // namespace hotclock::schema
