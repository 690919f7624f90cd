// A PostgreSQL URL for people.
#pragma once

#include <string>

#include "scheduler/base/result.h"

namespace hotclock::sql {

// "postgresql://ops@db:5432/platform": what libpq makes of the URL and the environment, without a
// password. Errc::invalid, in words without one, where the URL cannot be read.
Result<std::string> postgres_where(const std::string& url);

}  // namespace hotclock::sql
