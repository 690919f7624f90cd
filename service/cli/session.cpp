#include "service/cli/session.h"

#include "service/app/settings.h"
#include "service/app/store.h"

namespace hotclock::cli {

Result<config::Config> read_settings(const Console& console, const Common& common) {
  return app::read_settings({common.config, common.database, console.environment});
}

Result<Session> open_session(const Console& console, const Common& common) {
  auto settings = read_settings(console, common);
  if (!settings) return std::move(settings).error();
  auto database = app::open_store(settings.value());
  if (!database) return std::move(database).error();
  return Session{std::move(settings).value(), std::move(database).value()};
}

std::string asking(const Console& console, const std::string& by) {
  return by.empty() ? console.user : by;
}

log::LoggerSettings log_settings(const config::Config& settings, const Common& common) {
  log::LoggerSettings out;
  const bool json = common.log_format.empty() ? settings.log.format == config::LogFormat::json
                                              : common.log_format == "json";
  out.format = json ? log::Format::json : log::Format::text;
  out.level = static_cast<log::Level>(settings.log.level);
  if (common.log_level == "debug") out.level = log::Level::debug;
  if (common.log_level == "info") out.level = log::Level::info;
  if (common.log_level == "warn") out.level = log::Level::warning;
  if (common.log_level == "error") out.level = log::Level::error;
  out.node = settings.node;
  return out;
}

}  // namespace hotclock::cli
