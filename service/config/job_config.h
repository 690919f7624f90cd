// One job's table of settings, as jobs.d/<job>.toml holds it.
#pragma once

#include <optional>

#include "service/config/config.h"

namespace hotclock::config {

// Reads the whole file's section, and checks what only all keys together can tell. Mistakes are
// recorded in `section`; none where the schedule cannot be read. `main` is what the main file says:
// the queues that are declared, the alerts' rules for all jobs.
std::optional<JobConfig> read_job(Section section, const JobDefaults& defaults, const Config& main);

}  // namespace hotclock::config
