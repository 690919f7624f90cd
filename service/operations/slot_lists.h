// A page of slots, as lists and live lists show it.
#pragma once

#include <string>

#include "service/ledger/slot_list.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

// What a request's filters come to; Errc::invalid: its cursor is none.
Result<ledger::SlotQuery> slot_query(const Call& call);
std::string cursor_of(const ledger::Position& place);

Result<Answer> slots_page(Desk& desk, const ledger::SlotQuery& query);

}  // namespace hotclock::operations
