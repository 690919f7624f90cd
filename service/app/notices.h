// Notices on this node: who is told of alerts, and the sign of life that goes out.
#pragma once

#include <cstdint>

#include "scheduler/base/clock.h"
#include "service/app/notice_metrics.h"
#include "service/config/config.h"
#include "service/log/logger.h"
#include "service/metrics/metrics.h"
#include "service/notices/beat.h"
#include "service/notices/couriers.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// Threads: start() and stop() in the one that made it, the others in any.
class Notices {
 public:
  // What is handed in outlives it.
  Notices(const config::Config& settings, sql::Database& database, const Clock& clock,
          log::Logger& logger, metrics::Metrics& metrics, std::int64_t node);

  void start();
  void stop();

  // Alerts were looked after, and notices may have been put in line.
  void passed();
  void wake() { couriers_.wake(); }
  // What cannot be written, since the database is lost.
  void tell_directly(const notices::AlertText& alert) { couriers_.tell_directly(alert); }

 private:
  NoticeMetrics metrics_;
  notices::Couriers couriers_;
  notices::Beat beat_;
};

}  // namespace hotclock::app
