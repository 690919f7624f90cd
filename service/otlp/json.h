// Numbers and spans as OTLP's messages in their JSON form: ids in hex, 64-bit integers and instants
// in quotes, instants as nanoseconds of Unix time.
#pragma once

#include <prometheus/metric_family.h>

#include <span>
#include <string>
#include <vector>

#include "service/otlp/span.h"

namespace hotclock::otlp {

// An ExportMetricsServiceRequest. `began`: since when counters count.
std::string metrics_json(const std::vector<prometheus::MetricFamily>& families,
                         const Resource& resource, Instant began, Instant now);
// An ExportTraceServiceRequest.
std::string traces_json(std::span<const Span> spans, const Resource& resource);

}  // namespace hotclock::otlp
