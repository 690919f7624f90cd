// Alerts as JSON: what the schema Alert says.
#pragma once

#include <boost/json/array.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

// Those that stand, newest first, 500 at most.
Result<boost::json::array> alerts_json(Desk& desk);

}  // namespace hotclock::operations
