// All that this folder says to the database, to be prepared at the start.
#pragma once

#include <vector>

#include "service/sql/sql.h"

namespace hotclock::access {

std::vector<const sql::Statement*> statements();

}  // namespace hotclock::access
