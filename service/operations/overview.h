// What an operator looks at first: what is wrong, what runs and until when, what comes.
#pragma once

#include <boost/json/object.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

// As the schema Overview says. Jobs in trouble come first, then those that run, then the rest by
// their names; no more than a screen can tell apart are listed, and how many were left off is said.
Result<boost::json::object> overview_json(Desk& desk);

}  // namespace hotclock::operations
