#include "service/app/alerting.h"

#include <system_error>

namespace hotclock::app {

std::filesystem::path watched_disk(const std::string& database_url) {
  constexpr std::string_view sqlite = "sqlite:";
  std::error_code failed;
  const auto here = std::filesystem::current_path(failed);
  if (!database_url.starts_with(sqlite)) return here;
  const auto file = std::filesystem::absolute(database_url.substr(sqlite.size()), failed);
  return failed ? here : file.parent_path();
}

Alerting::Alerting(sql::Database& database, Clock& clock, log::Logger& logger,
                   const AlertingOptions& options)
    : evaluator_(database, clock, logger,
                 {.node = options.node, .settings = options.settings, .passed = options.passed}),
      eyes_(database, clock, logger,
            {.node = options.node,
             .name = options.name,
             .disk = watched_disk(options.settings()->database.url),
             .settings = options.settings,
             .reload_refused = options.reload_refused,
             .tell = options.tell}) {}

void Alerting::start() {
  eyes_.start();
  evaluator_.start();
}

void Alerting::stop() {
  evaluator_.stop();
  eyes_.stop();
}

}  // namespace hotclock::app
