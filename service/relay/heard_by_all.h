// How far every server of the platform has heard.
#pragma once

#include <cstdint>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::relay {

// The last event that was handed to every sink; the greatest number where there is no sink. One
// that no node tried to serve for an hour counts no more: it is gone from the settings.
Result<std::int64_t> heard_by_all(sql::Database& database, Instant now);

}  // namespace hotclock::relay
