// Instants as people type them.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/zone/zone.h"
#include "service/operations/next_runs.h"

namespace hotclock::cli {

// "now"; "2026-11-23T13:05:00Z" or with "+11:00"; "2026-11-23T00:05" or "2026-11-23" on the zone's
// wall clock, which is an error inside a gap and the first of two inside an overlap; "24h": that
// long ago. Errc::invalid says what may be written.
Result<Instant> read_instant(std::string_view text, const Zone& zone, Instant now);

using operations::local_text;

// "in 15 h 2 min", "3 min ago", "now"
std::string relative_text(Instant t, Instant now);

}  // namespace hotclock::cli
