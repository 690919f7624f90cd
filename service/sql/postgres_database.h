// A PostgreSQL database as a Database: connections for work, one for the ledger's acts, which run
// one at a time among all nodes, and one that listens for other processes' news.
#pragma once

#include <memory>
#include <string_view>

#include "service/sql/sql.h"

namespace hotclock::sql {

// `url` is postgresql://..., as libpq takes it. See open().
Result<std::unique_ptr<Database>> open_postgres(std::string_view url, const OpenOptions& options);

}  // namespace hotclock::sql
