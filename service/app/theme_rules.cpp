#include "service/app/theme_rules.h"

namespace hotclock::app {

theme::Rules theme_rules(const config::Config& settings) {
  theme::Rules rules;
  for (const config::JobConfig& job : settings.jobs) {
    if (job.name != "festival-activation") continue;
    config::Section section = job.settings;
    rules.hosts = section.texts("hosts", {});
  }
  return rules;
}

}  // namespace hotclock::app
