// How a row names the line that a slot stands in.
#pragma once

#include "service/sql/sql.h"

namespace hotclock::ledger {

// The line of the queue whose id is in a column; of the default queue, where there is none.
inline std::int64_t line_of_queue(const sql::Rows& row, int column) {
  return row.is_null(column) ? 0 : -row.integer(column);
}
// The other way round.
inline sql::Param queue_of_line(std::int64_t line) {
  return line == 0 ? sql::Param(nullptr) : sql::Param(-line);
}

}  // namespace hotclock::ledger
