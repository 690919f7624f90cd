// One execution on a person's screen.
#pragma once

#include "service/cli/console.h"
#include "service/ledger/history.h"

namespace hotclock::cli {

void show_execution(Console& console, const ledger::ExecutionView& view);

}  // namespace hotclock::cli
