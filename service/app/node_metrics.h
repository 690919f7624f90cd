// All numbers of one node beside those of its clients: built before the engine, which tells it of
// its work, and read by the page for Prometheus.
#pragma once

#include <string>

#include "service/app/cluster_metrics.h"
#include "service/app/scheduler_metrics.h"
#include "service/config/config.h"
#include "service/metrics/families.h"
#include "service/sql/sql.h"

namespace hotclock::app {

class Engine;

// Threads: any, once it is built. What is handed in outlives it.
class NodeMetrics {
 public:
  NodeMetrics(metrics::Metrics& metrics, const config::Config& settings, sql::Database& database,
              const Clock& clock);

  SchedulerMetrics& scheduler() { return scheduler_; }
  // What can be told once the engine is there; before the numbers are first read. `settings` gives
  // those in force.
  void watch(const Engine& engine, ClusterMetrics::Settings settings);
  // The scheduler went round.
  void turned() { turned_at_.Set(metrics::unix_seconds(clock_.now())); }
  // The files of settings were read again.
  void reloaded(bool well);

 private:
  void tell_build();

  metrics::Metrics& metrics_;
  sql::Database& database_;
  const Clock& clock_;
  SchedulerMetrics scheduler_;
  prometheus::Counter& reloads_done_;
  prometheus::Counter& reloads_refused_;
  prometheus::Gauge& reload_well_;
  prometheus::Gauge& reloaded_at_;
  prometheus::Gauge& workers_;
  prometheus::Gauge& turned_at_;
};

}  // namespace hotclock::app
