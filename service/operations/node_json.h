// The nodes as the API shows them.
#pragma once

#include <boost/json/array.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

Result<boost::json::array> nodes_json(Desk& desk);

}  // namespace hotclock::operations
