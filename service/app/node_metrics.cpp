#include "service/app/node_metrics.h"

#include <memory>

#include "scheduler/zone/zone.h"
#include "service/app/database_metrics.h"
#include "service/app/engine.h"
#include "service/metrics/process.h"

namespace hotclock::app {
namespace {

using metrics::Labels;
using metrics::Reading;

metrics::Counters& reloads(metrics::Metrics& metrics) {
  return metrics::counters(metrics, "hotclock_config_reloads_total",
                           "Times that the files of settings were read again.");
}

}  // namespace

NodeMetrics::NodeMetrics(metrics::Metrics& metrics, const config::Config& settings,
                         sql::Database& database, const Clock& clock)
    : metrics_(metrics),
      database_(database),
      clock_(clock),
      scheduler_(metrics, settings),
      reloads_done_(reloads(metrics).Add({{"outcome", "done"}})),
      reloads_refused_(reloads(metrics).Add({{"outcome", "refused"}})),
      reload_well_(metrics::gauge(metrics, "hotclock_config_last_reload_successful",
                                  "1 unless the last files that were read could not be used.")),
      reloaded_at_(metrics::gauge(metrics, "hotclock_config_last_reload_success_timestamp_seconds",
                                  "When the files of settings in force were read, as Unix time.")),
      workers_(
          metrics::gauge(metrics, "hotclock_workers", "Executions that may run here at once.")),
      turned_at_(metrics::gauge(metrics, "hotclock_last_turn_timestamp_seconds",
                                "When the scheduler last went round, as Unix time; it does so each "
                                "10 seconds at least.")) {
  turned();
  reload_well_.Set(1);
  reloaded_at_.Set(metrics::unix_seconds(clock.now()));
  workers_.Set(settings.scheduler.workers);
  tell_build();
  metrics::add_process(metrics);
  add_database(metrics, database);
}

void NodeMetrics::tell_build() {
  metrics::gauges(metrics_, "hotclock_build_info", "Which program this is; always 1.")
      .Add({{"version", HOTCLOCK_VERSION}, {"engine", std::string(database_.dialect().engine)}})
      .Set(1);
  metrics::gauges(metrics_, "hotclock_zone_data_info",
                  "Which data about time zones this node reckons with; always 1.")
      .Add({{"version", zone_data_version()}})
      .Set(1);
}

void NodeMetrics::watch(const Engine& engine, ClusterMetrics::Settings settings) {
  metrics_.add([&engine](Reading& out) {
    out.gauges(
        "hotclock_executions_claimed",
        "Executions that are claimed here: they run, or wait for a worker or to be recorded.");
    out.add(static_cast<double>(engine.claimed()));
  });
  const auto cluster = std::make_shared<ClusterMetrics>(database_, clock_, std::move(settings));
  metrics_.add([cluster](Reading& out) { cluster->tell(out); });
}

void NodeMetrics::reloaded(bool well) {
  (well ? reloads_done_ : reloads_refused_).Increment();
  reload_well_.Set(well ? 1 : 0);
  if (well) reloaded_at_.Set(metrics::unix_seconds(clock_.now()));
}

}  // namespace hotclock::app
