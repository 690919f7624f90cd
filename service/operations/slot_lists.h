// A page of slots, as lists and live lists show it.
#pragma once

#include "service/ledger/history.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

Result<Answer> slots_page(Desk& desk, ledger::SlotQuery query);

}  // namespace hotclock::operations
