// The settings in force: what the jobs are by themselves, the files, the environment, and what was
// typed, each over the one before.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/jobs/catalogue.h"

namespace hotclock::app {

struct SettingsSource {
  std::string config_file;   // empty: hotclock.toml beside us, where there is one
  std::string database_url;  // empty: the settings' own
  config::Environment environment;
  jobs::Catalogue catalogue = jobs::catalogue();  // of the jobs there are
};

Result<config::Config> read_settings(const SettingsSource& source);
// The main file that is read; none where there is none.
std::optional<std::filesystem::path> main_file(const SettingsSource& source);

// Errc::not_found names the nearest job.
Result<const config::JobConfig*> find_job(const config::Config& settings, const std::string& name);

}  // namespace hotclock::app
