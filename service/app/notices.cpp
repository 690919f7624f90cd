#include "service/app/notices.h"

#include "service/alerts/store.h"

namespace hotclock::app {

Notices::Notices(const config::Config& settings, sql::Database& database, const Clock& clock,
                 log::Logger& logger, metrics::Metrics& metrics, std::int64_t node)
    : metrics_(metrics, settings.notifiers),
      couriers_(database, clock, logger,
                {.notifiers = settings.notifiers,
                 .node = node,
                 .firing = [&database] { return alerts::firing(database); },
                 .heard = metrics_.heard()}),
      beat_(clock, logger, settings.beat,
            [this](std::string_view outcome) { metrics_.beat(outcome); }) {}

void Notices::start() {
  couriers_.start();
  beat_.start();
}

void Notices::stop() {
  beat_.stop();
  couriers_.stop();
}

void Notices::passed() {
  couriers_.wake();
  beat_.passed();
}

}  // namespace hotclock::app
