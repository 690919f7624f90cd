#include "service/app/settings.h"

#include <filesystem>

#include "service/ledger/node.h"

namespace hotclock::app {
namespace {

void lay_typed(config::Config& settings, const SettingsSource& source) {
  if (!source.database_url.empty()) settings.database.url = source.database_url;
  if (settings.node.empty()) settings.node = ledger::host_name();
}

}  // namespace

Result<config::Config> read_settings(const SettingsSource& source) {
  auto settings = config::load(main_file(source), source.environment,
                               config::Jobs(jobs::defaults(source.catalogue), jobs::kinds()));
  if (settings) lay_typed(*settings, source);
  return settings;
}

Result<std::shared_ptr<const config::Config>> read_shared_settings(const SettingsSource& source) {
  auto read = read_settings(source);
  if (!read) return std::move(read).error();
  return std::make_shared<const config::Config>(std::move(read).value());
}

Result<live::Laid> lay_live(const config::Config& settings, const SettingsSource& source,
                            const live::InForce& in_force) {
  const auto sources = settings.sources ? *settings.sources : config::Sources();
  auto laid =
      live::lay_over(sources, source.environment,
                     config::Jobs(jobs::defaults(source.catalogue), jobs::kinds()), in_force);
  if (laid) lay_typed(laid->settings, source);
  return laid;
}

std::optional<std::filesystem::path> main_file(const SettingsSource& source) {
  if (!source.config_file.empty()) return source.config_file;
  if (std::filesystem::exists("hotclock.toml")) return "hotclock.toml";
  return std::nullopt;
}

}  // namespace hotclock::app
