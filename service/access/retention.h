// Forgetting sessions and approvals that are over. Tokens are kept: they are few, and the audit
// names them.
#pragma once

#include <cstdint>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::access {

// Those that ended before then; how many.
Result<std::int64_t> forget_ended(sql::Database& database, Instant before);

}  // namespace hotclock::access
