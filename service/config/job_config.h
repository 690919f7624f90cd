// One job's table of settings, as jobs.d/<job>.toml holds it.
#pragma once

#include <optional>
#include <span>

#include "service/config/config.h"

namespace hotclock::config {

// Reads the whole file's section, and checks what only all keys together can tell. Mistakes are
// recorded in `section`; none where the schedule cannot be read. `queues` are all that are declared.
std::optional<JobConfig> read_job(Section section, const JobDefaults& defaults,
                                  std::span<const QueueRule> queues);

}  // namespace hotclock::config
