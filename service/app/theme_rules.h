// What looks may show, as the settings have it.
#pragma once

#include "service/config/config.h"
#include "service/theme/look.h"

namespace hotclock::app {

// The hosts that festival-activation may show things of: jobs.d/festival-activation.toml, `hosts`.
theme::Rules theme_rules(const config::Config& settings);

}  // namespace hotclock::app
