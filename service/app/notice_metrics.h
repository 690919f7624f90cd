// What notifiers were told, in numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/config/notifiers.h"
#include "service/metrics/metrics.h"
#include "service/notices/courier.h"

namespace prometheus {
class Counter;
class Gauge;
template <class T>
class Family;
}  // namespace prometheus

namespace hotclock::app {

// Every notifier of the settings with every outcome, at zero. Threads: any.
class NoticeMetrics {
 public:
  NoticeMetrics(metrics::Metrics& metrics, const std::vector<config::NotifierConfig>& notifiers);

  notices::Heard heard();
  void beat(std::string_view outcome);

 private:
  prometheus::Family<prometheus::Counter>& notices_;
  prometheus::Family<prometheus::Gauge>& depth_;
  prometheus::Family<prometheus::Counter>& beats_;
};

}  // namespace hotclock::app
