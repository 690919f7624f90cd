#include "service/app/settings.h"

#include <unistd.h>

#include <filesystem>

namespace hotclock::app {
namespace {

std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "localhost";
}

void lay_typed(config::Config& settings, const SettingsSource& source) {
  if (!source.database_url.empty()) settings.database.url = source.database_url;
  if (settings.node.empty()) settings.node = host_name();
}

}  // namespace

Result<config::Config> read_settings(const SettingsSource& source) {
  auto settings = config::load(main_file(source), source.environment,
                               config::Jobs(jobs::defaults(source.catalogue), jobs::kinds()));
  if (settings) lay_typed(*settings, source);
  return settings;
}

Result<live::Laid> lay_live(const config::Config& settings, const SettingsSource& source,
                            const live::InForce& in_force) {
  const auto sources = settings.sources ? *settings.sources : config::Sources();
  auto laid = live::lay_over(sources, source.environment,
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
