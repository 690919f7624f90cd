#include "service/app/notice_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace hotclock::app {

NoticeMetrics::NoticeMetrics(metrics::Metrics& metrics,
                             const std::vector<config::NotifierConfig>& notifiers)
    : notices_(prometheus::BuildCounter()
                   .Name("hotclock_notifications_total")
                   .Help("Notices by what came of telling them: sent, away (the notifier took "
                         "nothing), refused (it did not take this one), given_up.")
                   .Register(metrics.registry())),
      depth_(prometheus::BuildGauge()
                 .Name("hotclock_notification_queue_depth")
                 .Help("Notices that wait for a notifier that this node serves.")
                 .Register(metrics.registry())),
      beats_(prometheus::BuildCounter()
                 .Name("hotclock_beats_total")
                 .Help("Signs of life sent outward, by whether they arrived: sent, away.")
                 .Register(metrics.registry())) {
  for (const config::NotifierConfig& one : notifiers) {
    for (const char* outcome : {"sent", "away", "refused", "given_up"})
      notices_.Add({{"notifier", one.name}, {"outcome", outcome}});
    depth_.Add({{"notifier", one.name}});
  }
  for (const char* outcome : {"sent", "away"}) beats_.Add({{"outcome", outcome}});
}

notices::Heard NoticeMetrics::heard() {
  return {.told =
              [this](const std::string& notifier, std::string_view outcome, std::int64_t notices) {
                notices_.Add({{"notifier", notifier}, {"outcome", std::string(outcome)}})
                    .Increment(static_cast<double>(notices));
              },
          .waits =
              [this](const std::string& notifier, std::int64_t notices) {
                depth_.Add({{"notifier", notifier}}).Set(static_cast<double>(notices));
              }};
}

void NoticeMetrics::beat(std::string_view outcome) {
  beats_.Add({{"outcome", std::string(outcome)}}).Increment();
}

}  // namespace hotclock::app
