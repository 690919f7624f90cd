// The OpenAPI document: the table of operations, for programs that read it.
#pragma once

#include <string>

namespace hotclock::operations {

// OpenAPI 3.1, one line. Made from the table and the schemas, so it says what the code does;
// sessions and live lists, which are no operations, stand in front_paths.json.
std::string openapi();

}  // namespace hotclock::operations
