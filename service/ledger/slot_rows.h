// Rows of slot_states, as the statements of history.sql name its columns.
#pragma once

#include "service/ledger/history.h"

namespace hotclock::ledger {

SlotView slot_of_row(const sql::Rows& row);

}  // namespace hotclock::ledger
