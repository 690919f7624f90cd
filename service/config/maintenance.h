// Stretches of time, as settings write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/core/maintenance.h"
#include "service/config/section.h"

namespace hotclock::config {

struct Stretch {
  Instant from;
  Instant until;  // the first instant that is no longer in it
};
// "2026-12-25", "2026-12-24/2026-12-26" (that day is in it), "2026-12-24T18:00/2026-12-26T06:00" by
// the zone's wall clock. A reading that is skipped is the end of its gap. None where it is no such
// thing.
std::optional<Stretch> read_stretch(std::string_view text, const Zone& zone);

// One of these, or one that comes back: "Sun 02:00-04:00", "Mon-Fri 22:00-01:30", "Sat,Sun
// 03:00-03:10",
// "* 03:00-03:10". One that ends no later than it begins ends on the day after.
std::optional<Maintenance> read_window(const std::string& text,
                                       const std::shared_ptr<const Zone>& zone);

// The windows that stand at `key`; mistakes are recorded, also windows that leave no time between
// them.
std::vector<Maintenance> read_windows(Section& section, std::string_view key,
                                      const std::string& zone_name);

}  // namespace hotclock::config
