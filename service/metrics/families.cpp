#include "service/metrics/families.h"

#include <prometheus/registry.h>

namespace hotclock::metrics {

Counters& counters(Metrics& metrics, const std::string& name, const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(metrics.registry());
}
Gauges& gauges(Metrics& metrics, const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(metrics.registry());
}
Histograms& histograms(Metrics& metrics, const std::string& name, const std::string& help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(metrics.registry());
}

prometheus::Counter& counter(Metrics& metrics, const std::string& name, const std::string& help) {
  return counters(metrics, name, help).Add({});
}
prometheus::Gauge& gauge(Metrics& metrics, const std::string& name, const std::string& help) {
  return gauges(metrics, name, help).Add({});
}

}  // namespace hotclock::metrics
