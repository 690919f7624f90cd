// A file that a person names, or what comes in on standard input.
#pragma once

#include <string>

#include "scheduler/base/result.h"
#include "service/cli/console.h"

namespace hotclock::cli {

// "-" is standard input. Errc::not_found where it cannot be read.
Result<std::string> read_text(Console& console, const std::string& file);

}  // namespace hotclock::cli
