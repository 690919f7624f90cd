// Instants as the API writes and reads them: RFC 3339, in UTC, with milliseconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "scheduler/base/time.h"

namespace hotclock::operations {

// "2026-11-23T13:05:00.000Z"
std::string rfc3339(Instant t);
// The same, or null.
boost::json::value rfc3339_or_null(const std::optional<Instant>& t);

// With "Z" or an offset; seconds and fractions may be left out. From 1970 to 9999.
std::optional<Instant> instant_in(std::string_view text);

}  // namespace hotclock::operations
