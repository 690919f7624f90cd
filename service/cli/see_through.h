// Sees slots through to their ends: follows the process that serves the database, or, where none does,
// works them here.
#pragma once

#include <cstdint>
#include <vector>

#include "service/cli/session.h"
#include "service/ledger/history.h"

namespace hotclock::cli {

// Waits until every one of `slots` has ended or waits for a person's decision; as they then stand.
Result<std::vector<ledger::ExecutionView>> see_through(Console& console, const Common& common,
                                                       Session& session,
                                                       const std::vector<std::int64_t>& slots);

// The exit code an end comes to.
int exit_code_of(const ledger::SlotView& slot);

}  // namespace hotclock::cli
