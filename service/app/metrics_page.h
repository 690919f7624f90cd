// Where Prometheus reads this process's numbers: a server of its own, beside that of the clients.
#pragma once

#include <string>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/realtime.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/metrics/metrics.h"

namespace hotclock::app {

// Threads: the thread that made it.
class MetricsPage {
 public:
  // What is handed in outlives it.
  MetricsPage(const metrics::Metrics& metrics, const Clock& clock,
              const config::MetricsConfig& settings);
  ~MetricsPage();

  Result<> start();
  void stop();
  // "http://127.0.0.1:9464/metrics".
  std::string where() const;

 private:
  const std::string address_;
  http::Loop loop_;
  http::Server server_;
};

}  // namespace hotclock::app
