#include "service/hub/hub_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace hotclock::hub {
namespace {

prometheus::Counter& counter(metrics::Metrics& metrics, const std::string& name,
                             const std::string& help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(metrics.registry()).Add({});
}

double seconds(Duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

HubMetrics::HubMetrics(metrics::Metrics& metrics)
    : lateness_(
          prometheus::BuildHistogram()
              .Name("hotclock_event_lateness_seconds")
              .Help("From the beginning of the transaction that wrote an event until it was "
                    "sent to the clients of this node, of events that some heard.")
              .Register(metrics.registry())
              .Add({}, prometheus::Histogram::BucketBoundaries{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                               0.5, 1, 2.5, 5, 15, 60})),
      deliveries_(counter(metrics, "hotclock_event_deliveries_total",
                          "Events times the clients of this node that each was sent to.")),
      connections_(prometheus::BuildGauge()
                       .Name("hotclock_ws_connections")
                       .Help("Clients connected to this node, by WebSocket or polling.")
                       .Register(metrics.registry())
                       .Add({})),
      violations_(counter(metrics, "hotclock_client_violations_total",
                          "Connections and messages of clients that were refused because there "
                          "were too many, or ended because one was too large.")) {}

void HubMetrics::told(Duration late, std::size_t clients) {
  lateness_.Observe(seconds(late));
  deliveries_.Increment(static_cast<double>(clients));
}

void HubMetrics::connections(std::size_t now) { connections_.Set(static_cast<double>(now)); }

void HubMetrics::violations(std::int64_t in_all) {
  const double more = static_cast<double>(in_all) - violations_.Value();
  if (more > 0) violations_.Increment(more);
}

}  // namespace hotclock::hub
