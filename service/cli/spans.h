// Spans of time as people type them for a command.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::cli {

// "30s"; `otherwise` where nothing was typed. Errc::invalid, with the option's name, for anything
// that is no span or is none at all.
Result<Duration> read_span(const std::string& text, std::string_view option, Duration otherwise);

}  // namespace hotclock::cli
