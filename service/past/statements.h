#pragma once

#include <vector>

#include "service/sql/sql.h"

namespace hotclock::past {

// All that this folder says to that engine, to be prepared at the start.
std::vector<const sql::Statement*> statements(const sql::Dialect& dialect);

}  // namespace hotclock::past
