// What nearly every command begins with: the settings in force, and the database they name.
#pragma once

#include <memory>
#include <string>

#include "scheduler/base/result.h"
#include "service/app/settings.h"
#include "service/cli/arguments.h"
#include "service/cli/console.h"
#include "service/config/config.h"
#include "service/log/logger.h"
#include "service/sql/database_clock.h"
#include "service/sql/sql.h"

namespace hotclock::cli {

struct Session {
  config::Config settings;  // in force: live changes are on top
  live::InForce live;
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<sql::DatabaseClock> clock;  // what "now" is for whatever is asked of the database
  jobs::Catalogue catalogue;
};

// Where they come from.
app::SettingsSource settings_source(const Console& console, const Common& common);

// The settings alone: files, environment, and over them what was typed.
Result<config::Config> read_settings(const Console& console, const Common& common);

// The same, and over the files what was changed live, where the database is there to be asked. One that
// cannot be reached is told on the console; without a database nothing was ever changed live.
Result<config::Config> read_settings_in_force(Console& console, const Common& common);

// Both. The database must be there and up to date.
Result<Session> open_session(const Console& console, const Common& common);

// The same for whoever only asks: a role that may not read what was changed live is told so, and goes by
// the files. `doctor` says which rights it lacks.
Result<Session> open_session_to_ask(Console& console, const Common& common);

// Who asks: `--by`, else the user who is logged in.
std::string asking(const Console& console, const std::string& by);

// The log as the settings and the options have it.
log::LoggerSettings log_settings(const config::Config& settings, const Common& common);

}  // namespace hotclock::cli
