#include "service/cli/session.h"

#include <functional>
#include <ostream>

#include "service/app/store.h"

namespace hotclock::cli {

app::SettingsSource settings_source(const Console& console, const Common& common) {
  return {common.config, common.database, console.environment, console.catalogue};
}

Result<config::Config> read_settings(const Console& console, const Common& common) {
  return app::read_settings(settings_source(console, common));
}

Result<config::Config> read_settings_in_force(Console& console, const Common& common) {
  auto files = read_settings(console, common);
  if (!files) return files;
  const auto laid = [&]() -> Result<live::Laid> {
    auto database = app::open_store(*files);
    if (!database) return std::move(database).error();
    auto in_force = live::in_force(**database);
    if (!in_force) return std::move(in_force).error();
    return app::lay_live(*files, settings_source(console, common), *in_force);
  }();
  if (laid) return laid->settings;
  if (laid.error().code() != Errc::not_found)
    console.err << "what was changed live is not shown: " << laid.error().message() << '\n';
  return files;
}

namespace {

using InForce = std::function<Result<live::InForce>(sql::Database&)>;

Result<Session> opened(const Console& console, const Common& common, const InForce& in_force_in) {
  auto settings = read_settings(console, common);
  if (!settings) return std::move(settings).error();
  auto database = app::open_store(settings.value());
  if (!database) return std::move(database).error();
  auto clock = std::make_unique<sql::DatabaseClock>(console.clock);
  if (auto told = clock->ask(**database); !told) return std::move(told).error();
  auto live = in_force_in(**database);
  if (!live) return std::move(live).error();
  auto in_force = app::lay_live(*settings, settings_source(console, common), *live);
  if (!in_force) return std::move(in_force).error();
  return Session{std::move(in_force->settings), std::move(live).value(), std::move(database).value(),
                 std::move(clock), console.catalogue};
}

}  // namespace

Result<Session> open_session(const Console& console, const Common& common) {
  return opened(console, common, live::in_force);
}

Result<Session> open_session_to_ask(Console& console, const Common& common) {
  return opened(console, common, [&console](sql::Database& database) -> Result<live::InForce> {
    auto in_force = live::in_force(database);
    if (in_force || in_force.error().code() != Errc::conflict) return in_force;
    console.err << "what was changed live is not known: " << in_force.error().message() << '\n';
    return live::InForce{};
  });
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
  if (common.log_level == "warning") out.level = log::Level::warning;
  if (common.log_level == "error") out.level = log::Level::error;
  if (json) out.node = settings.node;  // a person knows which machine is being looked at
  return out;
}

}  // namespace hotclock::cli
