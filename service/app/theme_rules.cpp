#include "service/app/theme_rules.h"

#include "service/jobs/festival_activation/festival_activation.h"

namespace hotclock::app {

theme::Rules theme_rules(const config::Config& settings) {
  theme::Rules rules;
  for (const config::JobConfig& job : settings.jobs) {
    if (job.name != "festival-activation") continue;
    config::Section section = job.settings;
    if (auto read = festival_activation::read_settings(section)) rules.hosts = read->hosts;
  }
  return rules;
}

}  // namespace hotclock::app
