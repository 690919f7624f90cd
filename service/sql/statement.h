// A statement as it stands in a .sql file: its name for logs and metrics, and its text.
#pragma once

#include <string_view>

namespace hotclock::sql {

// The text serves both engines; parameters are $1, $2, ... Made by cmake/embed_sql.cmake, so that
// each statement is one constant and its address is its identity in a connection's cache.
struct Statement {
  std::string_view name;
  std::string_view text;
};

}  // namespace hotclock::sql
