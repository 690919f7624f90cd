#include "service/metrics/metrics.h"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>

#include "service/metrics/open_metrics.h"

namespace hotclock::metrics {

// What is asked for with a weight of nothing is not wanted.
Format wanted(std::string_view accept) {
  constexpr std::string_view name = "application/openmetrics-text";
  for (auto at = accept.find(name); at != accept.npos; at = accept.find(name, at + 1)) {
    const std::string_view rest = accept.substr(at + name.size());
    const std::string_view parameters = rest.substr(0, rest.find(','));
    const auto weight = parameters.find("q=0");
    if (weight == parameters.npos ||
        parameters.find_first_of("123456789", weight + 3) != parameters.npos)
      return Format::open_metrics;
  }
  return Format::prometheus;
}

std::string_view content_type(Format format) {
  return format == Format::open_metrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

Metrics::Metrics() : registry_(std::make_shared<prometheus::Registry>()) {}
Metrics::~Metrics() = default;

std::vector<prometheus::MetricFamily> Metrics::read() const {
  std::vector<prometheus::MetricFamily> families = registry_->Collect();
  Reading reading;
  for (const Source& source : sources_) source(reading);
  std::ranges::move(std::move(reading).families(), std::back_inserter(families));
  std::ranges::stable_sort(families, {}, &prometheus::MetricFamily::name);
  return families;
}

std::string Metrics::text(Format format) const {
  const auto families = read();
  return format == Format::open_metrics ? open_metrics(families, exemplars_)
                                        : prometheus::TextSerializer().Serialize(families);
}

}  // namespace hotclock::metrics
