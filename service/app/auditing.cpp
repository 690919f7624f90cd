#include "service/app/auditing.h"

namespace hotclock::app {
namespace {

std::optional<auditor::SigningKey> key_of(const config::Config& settings,
                                          const std::string& state_directory, log::Logger& logger) {
  const auto file = auditor::key_file(settings.auditor.key, state_directory, settings.database.url);
  if (file.empty()) {
    logger.warning("the auditor's reports are not signed: set auditor.key to a file for its key");
    return std::nullopt;
  }
  auto key = auditor::SigningKey::in_file(file);
  if (!key) {
    logger.error("the auditor's reports are not signed", {{"error", key.error().message()}});
    return std::nullopt;
  }
  logger.info("the auditor signs its reports",
              {{"public_key", key->public_key()}, {"key", file.string()}});
  return std::move(key).value();
}

}  // namespace

std::unique_ptr<auditor::Auditor> make_auditor(const InForceSettings& in_force,
                                               sql::Database& database, Clock& clock,
                                               log::Logger& logger,
                                               const std::string& state_directory,
                                               std::int64_t node) {
  const auto settings = in_force.get();
  if (!settings->auditor.enabled) return nullptr;
  return std::make_unique<auditor::Auditor>(
      database, clock, logger, [&in_force] { return in_force.get(); },
      key_of(*settings, state_directory, logger),
      auditor::AuditorSettings{.node = node, .every = settings->auditor.every});
}

}  // namespace hotclock::app
