// Opening the database as the settings name it, and knowing that it fits this program.
#pragma once

#include <memory>

#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/schema/schema.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// A database whose schema is this program's. Errc::not_found and Errc::unavailable say which command
// would help.
Result<std::unique_ptr<sql::Database>> open_store(const config::Config& settings);

// The same, made where there is none, and brought up to date. `applied` tells what that took.
Result<std::unique_ptr<sql::Database>> make_store(const config::Config& settings, Instant now,
                                                  schema::Applied* applied = nullptr);

}  // namespace hotclock::app
