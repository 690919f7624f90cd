// An SQLite file as a Database: one writing connection, some reading ones, and one that only
// listens for other processes' commits.
#pragma once

#include <memory>
#include <string_view>

#include "service/sql/sql.h"

namespace hotclock::sql {

// `path` is what followed "sqlite:". See open().
Result<std::unique_ptr<Database>> open_sqlite(std::string_view path, const OpenOptions& options);

}  // namespace hotclock::sql
