// Whether there is something to see of where the time of an execution went.
#pragma once

#include <string>

#include "service/ledger/history.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

// Of the attempt that `id` names, else of any at the slot; never before the slot has ended.
Result<bool> is_profiled(Desk& desk, const ledger::ExecutionView& view, const std::string& id);

}  // namespace hotclock::operations
