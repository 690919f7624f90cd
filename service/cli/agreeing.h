// Asking whoever sits at the terminal before something is done.
#pragma once

#include <string>

#include "scheduler/base/result.h"
#include "service/cli/console.h"

namespace hotclock::cli {

// Nothing where they agree, or did already (`--yes`). Errc::conflict: they do not; Errc::invalid:
// nobody is there to be asked.
Result<> agreed(Console& console, bool yes, const std::string& question);

}  // namespace hotclock::cli
