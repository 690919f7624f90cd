// The table of all operations: what the API can do.
#pragma once

#include <vector>

#include "service/operations/operation.h"

namespace hotclock::operations {

const std::vector<Operation>& table();

}  // namespace hotclock::operations
