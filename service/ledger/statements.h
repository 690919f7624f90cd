// Every statement of this folder, for sql::prepare_all at the start.
#pragma once

#include <vector>

#include "service/sql/statement.h"

namespace hotclock::ledger {

std::vector<const sql::Statement*> statements();

}  // namespace hotclock::ledger
