// Control: the API of this process, on a server and a loop of its own, so that no crowd of clients
// holds up who operates the node.
#pragma once

#include <memory>
#include <string>

#include "scheduler/base/result.h"
#include "service/api/access.h"
#include "service/api/ground.h"
#include "service/api/health_pages.h"
#include "service/api/rest.h"
#include "service/config/api.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/log/logger.h"
#include "service/operations/operation.h"

namespace hotclock::app {

// Threads: the thread that made it; news() any.
class Control {
 public:
  // What is handed in outlives it.
  Control(const config::ApiConfig& settings, operations::Desk& desk, log::Logger& logger,
          metrics::Metrics& metrics);
  ~Control();

  // Whoever has a token may ask when it returns; an error says what could not be had. Files of a
  // directory are served to this machine alone: Errc::invalid for another address.
  Result<> start();
  // Nothing of it runs when it returns. Twice is no error.
  void stop();
  // Something may have changed that live lists show.
  void news() { rest_.news(); }

  // "http://127.0.0.1:8081/api/v1". REQUIRES: it was started.
  std::string where() const;
  // "http://127.0.0.1:8081/"; empty: it is not served. REQUIRES: the same.
  std::string dashboard() const;

 private:
  Result<> serve_pages();
  std::string origin() const;

  const config::ApiConfig settings_;
  http::Loop loop_;
  api::Workers workers_;
  api::Access nobody_;  // of pages for clients, of which there are none here
  const api::Ground ground_;
  api::HealthPages health_;
  api::RequestMetrics requests_;
  api::Rest rest_;
  http::Server server_;
};

}  // namespace hotclock::app
