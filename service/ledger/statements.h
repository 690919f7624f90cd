// Every statement of this folder, for sql::prepare_all at the start.
#pragma once

#include <vector>

#include "service/sql/sql.h"

namespace hotclock::ledger {

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect);

}  // namespace hotclock::ledger
