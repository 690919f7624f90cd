// The settings in force: what the jobs are by themselves, the files, the environment, what was
// changed live, and what was typed, each over the one before.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/jobs/catalogue.h"
#include "service/live/layer.h"

namespace hotclock::app {

struct SettingsSource {
  std::string config_file;   // empty: hotclock.toml beside us, where there is one
  std::string database_url;  // empty: the settings' own
  config::Environment environment;
  jobs::Catalogue catalogue = jobs::catalogue();  // of the jobs there are
};

// All but what was changed live: that takes the database, which these name.
Result<config::Config> read_settings(const SettingsSource& source);
Result<std::shared_ptr<const config::Config>> read_shared_settings(const SettingsSource& source);
// `settings`, as they were read before, with live changes over them: see live::lay_over().
Result<live::Laid> lay_live(const config::Config& settings, const SettingsSource& source,
                            const live::InForce& in_force);

// The main file that is read; none where there is none.
std::optional<std::filesystem::path> main_file(const SettingsSource& source);

}  // namespace hotclock::app
