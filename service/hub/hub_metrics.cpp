#include "service/hub/hub_metrics.h"

#include "service/metrics/families.h"

namespace hotclock::hub {

HubMetrics::HubMetrics(metrics::Metrics& metrics)
    : lateness_(
          metrics::histograms(metrics, "hotclock_event_lateness_seconds",
                              "From the beginning of the transaction that wrote an event "
                              "until it was sent to the clients of this node, of events "
                              "that some heard.")
              .Add({}, prometheus::Histogram::BucketBoundaries{0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                               0.5, 1, 2.5, 5, 15, 60})),
      deliveries_(metrics::counter(metrics, "hotclock_event_deliveries_total",
                                   "Events times the clients of this node that each was sent to.")),
      connections_(metrics::gauge(metrics, "hotclock_ws_connections",
                                  "Clients connected to this node, by WebSocket or polling.")),
      rooms_(
          metrics::gauge(metrics, "hotclock_ws_rooms", "Rooms in which a client of this node is.")),
      violations_(metrics::counter(metrics, "hotclock_client_violations_total",
                                   "Connections and messages of clients that were refused because "
                                   "there were too many, or ended because one was "
                                   "too large.")) {}

void HubMetrics::told(Duration late, std::size_t clients) {
  lateness_.Observe(metrics::seconds(late));
  deliveries_.Increment(static_cast<double>(clients));
}

void HubMetrics::connections(std::size_t now) { connections_.Set(static_cast<double>(now)); }

void HubMetrics::rooms(std::size_t now) { rooms_.Set(static_cast<double>(now)); }

void HubMetrics::violations(std::int64_t in_all) {
  const double more = static_cast<double>(in_all) - violations_.Value();
  if (more > 0) violations_.Increment(more);
}

}  // namespace hotclock::hub
