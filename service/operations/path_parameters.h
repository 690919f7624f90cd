// What stands in the paths of operations.
#pragma once

#include <string_view>
#include <vector>

#include "service/operations/operation.h"

namespace hotclock::operations {

// Of "/jobs/{job}/pause": job, in their order.
std::vector<Parameter> path_parameters(std::string_view path);

}  // namespace hotclock::operations
