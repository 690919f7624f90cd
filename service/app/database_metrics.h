// How this process uses its database, told as numbers: times of statements, errors, pools.
#pragma once

#include "service/metrics/metrics.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// Times of statements are told apart by their names, which are those of the .sql files; every
// statement that was prepared at the start is there at zero. Both outlive each other's use.
void add_database(metrics::Metrics& metrics, sql::Database& database);

}  // namespace hotclock::app
