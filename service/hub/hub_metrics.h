// What the hub counts.
#pragma once

#include <cstddef>

#include "scheduler/base/time.h"
#include "service/metrics/metrics.h"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace hotclock::hub {

// Threads: any.
class HubMetrics {
 public:
  explicit HubMetrics(metrics::Metrics& metrics);

  // An event that some clients heard, so long after it was written.
  void told(Duration late, std::size_t clients);
  void connections(std::size_t now);
  // In which somebody is.
  void rooms(std::size_t now);
  // Refused or cut off, in all.
  void violations(std::int64_t in_all);

 private:
  prometheus::Histogram& lateness_;
  prometheus::Counter& deliveries_;
  prometheus::Gauge& connections_;
  prometheus::Gauge& rooms_;
  prometheus::Counter& violations_;
};

}  // namespace hotclock::hub
