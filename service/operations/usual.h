// How long an attempt of a job takes as a rule.
#pragma once

#include <optional>
#include <string>

#include "service/operations/operation.h"

namespace hotclock::operations {

// The median of its last 20; none where there was none.
Result<std::optional<Duration>> usual_duration(Desk& desk, const std::string& job);

}  // namespace hotclock::operations
