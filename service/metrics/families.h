// Short ways to make families of numbers, at zero from the start.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <chrono>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "service/metrics/metrics.h"

namespace hotclock::metrics {

using Counters = prometheus::Family<prometheus::Counter>;
using Gauges = prometheus::Family<prometheus::Gauge>;
using Histograms = prometheus::Family<prometheus::Histogram>;

Counters& counters(Metrics& metrics, const std::string& name, const std::string& help);
Gauges& gauges(Metrics& metrics, const std::string& name, const std::string& help);
Histograms& histograms(Metrics& metrics, const std::string& name, const std::string& help);

// Of one number without labels.
prometheus::Counter& counter(Metrics& metrics, const std::string& name, const std::string& help);
prometheus::Gauge& gauge(Metrics& metrics, const std::string& name, const std::string& help);

inline double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }
// As Unix time; 0 where there is none.
inline double unix_seconds(Instant at) { return static_cast<double>(to_millis(at)) / 1000; }

}  // namespace hotclock::metrics
