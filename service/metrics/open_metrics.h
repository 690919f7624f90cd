// The text form of OpenMetrics 1.0.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "service/metrics/exemplars.h"

namespace hotclock::metrics {

// Counters whose names end with _total, gauges, histograms with their exemplars; a gauge whose name
// ends with _info is told as information. Ends with the mark that nothing is missing.
std::string open_metrics(const std::vector<prometheus::MetricFamily>& families,
                         const Exemplars& exemplars);

}  // namespace hotclock::metrics
