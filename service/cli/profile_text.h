// A profile, as people read it.
#pragma once

#include "service/cli/console.h"
#include "service/operations/seen.h"

namespace hotclock::cli {

// What the API says of it (schema Profile).
void show_profile(Console& console, const operations::Seen& profile);

// "480 us", "12.3 ms", "4.21 s".
std::string span_words(std::int64_t microseconds);

}  // namespace hotclock::cli
