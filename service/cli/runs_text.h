// Runs that are due, as people read them.
#pragma once

#include "service/cli/console.h"
#include "service/operations/seen.h"

namespace hotclock::cli {

// The member "runs", a line for each; before what is due at another time than a clock would show
// it, or not at all, stands a mark.
void show_runs(Console& console, const operations::Seen& schedule, Instant now);

}  // namespace hotclock::cli
