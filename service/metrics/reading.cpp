#include "service/metrics/reading.h"

#include <limits>

namespace hotclock::metrics {

using prometheus::MetricType;

void Reading::counters(std::string_view name, std::string_view help) {
  open(name, help, MetricType::Counter);
}
void Reading::gauges(std::string_view name, std::string_view help) {
  open(name, help, MetricType::Gauge);
}
void Reading::histograms(std::string_view name, std::string_view help) {
  open(name, help, MetricType::Histogram);
}

void Reading::open(std::string_view name, std::string_view help, MetricType type) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = type;
  families_.push_back(std::move(family));
}

prometheus::ClientMetric& Reading::labelled(const Labels& labels) {
  prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
  for (const auto& [name, value] : labels) metric.label.push_back({name, value});
  return metric;
}

void Reading::add(double value, const Labels& labels) {
  const MetricType type = families_.back().type;
  prometheus::ClientMetric& metric = labelled(labels);
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
}

void Reading::add(std::span<const double> bounds, std::span<const std::uint64_t> counts, double sum,
                  const Labels& labels) {
  prometheus::ClientMetric::Histogram& histogram = labelled(labels).histogram;
  histogram.sample_sum = sum;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    histogram.sample_count += counts[i];
    const double bound = i < bounds.size() ? bounds[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
}

}  // namespace hotclock::metrics
