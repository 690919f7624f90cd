#include "service/app/node_traces.h"

#include <unistd.h>

namespace hotclock::app {
namespace {

std::string name_of_machine() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "";
}

otlp::Resource resource_of(const config::Config& settings) {
  const std::string machine = name_of_machine();
  return {{"service.name", std::string("hotclock")},
          {"service.version", std::string(HOTCLOCK_VERSION)},
          {"service.instance.id", settings.node.empty() ? machine : settings.node},
          {"host.name", machine}};
}

}  // namespace

Result<std::unique_ptr<NodeTraces>> NodeTraces::build(const config::Config& settings,
                                                      metrics::Metrics& metrics, Clock& clock,
                                                      log::Logger& logger) {
  const config::OtlpConfig& otlp = settings.otlp;
  if (otlp.endpoint.empty()) return std::unique_ptr<NodeTraces>();
  otlp::ExporterSettings exporter{.endpoint = otlp.endpoint,
                                  .headers = {},
                                  .every = otlp.every,
                                  .resource = resource_of(settings)};
  if (otlp.headers.given()) {
    const auto headers = otlp.headers.reveal();
    if (!headers) return Error(headers.error()).within("otlp.headers");
    exporter.headers = otlp::headers_of(*headers);
  }
  return std::unique_ptr<NodeTraces>(
      new NodeTraces(std::move(exporter), otlp.traces, metrics, clock, logger));
}

NodeTraces::NodeTraces(otlp::ExporterSettings settings, bool traces, metrics::Metrics& metrics,
                       Clock& clock, log::Logger& logger)
    : exporter_(metrics, clock, logger, std::move(settings)) {
  if (traces) traces_.emplace(clock, [this](otlp::Span span) { exporter_.add(std::move(span)); });
}

}  // namespace hotclock::app
