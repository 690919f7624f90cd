// Spans of time and amounts of memory, as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock::config {

// "90s", "5 min", "1h30m", "1 d 12 h", "4.2 s", "250ms". Units: ms, s, m or min, h, d, w; each
// unit once, the larger first; a fraction in the last part only, and in whole milliseconds.
// "0" needs no unit. None for anything else, for negative spans and for more than 10,000 years.
std::optional<Duration> parse_duration(std::string_view text);

// The same span, exactly and as parse_duration() reads it: "1 h 30 min", "4 s 250 ms", "0 s".
std::string duration_text(Duration d);

// "64 MiB", "512 KiB", "1GiB", "2 MB" (10^6), "4096" and "4096 B" (bytes).
std::optional<std::int64_t> parse_bytes(std::string_view text);

// The same amount, in the largest binary unit that holds it exactly: "64 MiB".
std::string bytes_text(std::int64_t bytes);

}  // namespace hotclock::config
