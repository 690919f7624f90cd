// Sees slots through to their ends: follows whoever serves the database, or, where this machine's
// database is served by nobody, works them here.
#pragma once

#include <string>
#include <vector>

#include "service/cli/door.h"
#include "service/ledger/history.h"

namespace hotclock::cli {

// Waits until every one of `slots`, by their ids, has ended or waits for a person's decision; what
// the API answers of each as it then stands.
Result<std::vector<Answer>> see_through(Console& console, const Common& common, Door& door,
                                        const std::vector<std::string>& slots);

// The exit code an end comes to.
int exit_code_of(const ledger::SlotView& slot);

}  // namespace hotclock::cli
