// One execution on a person's screen.
#pragma once

#include <string>
#include <string_view>

#include "service/cli/console.h"
#include "service/ledger/history.h"

namespace hotclock::cli {

// A line of a stranger's, that moves no cursor and rings no bell.
std::string harmless(std::string_view line);

void show_execution(Console& console, const ledger::ExecutionView& view);

}  // namespace hotclock::cli
