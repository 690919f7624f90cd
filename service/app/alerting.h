// Alerts on this node: it evaluates them where it is its turn, and writes down what it sees of
// itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "scheduler/base/clock.h"
#include "service/alerts/evaluator.h"
#include "service/alerts/eyes.h"
#include "service/config/config.h"
#include "service/log/logger.h"
#include "service/sql/sql.h"

namespace hotclock::app {

struct AlertingOptions {
  std::int64_t node = 0;
  std::string name;  // the node's
  alerts::SettingsInForce settings;
  std::function<std::string()> reload_refused = {};          // see EyesOptions
  std::function<void()> passed = {};                         // all of it was looked after
  std::function<void(const notices::AlertText&)> tell = {};  // without the database
};

// Where the database lies on this machine, or else where this process works: the disk that must not
// fill.
std::filesystem::path watched_disk(const std::string& database_url);

// Threads: the thread that made it.
class Alerting {
 public:
  // What is handed in outlives it.
  Alerting(sql::Database& database, Clock& clock, log::Logger& logger,
           const AlertingOptions& options);

  void start();
  // The turn is given up, so that another node need not wait for it. Twice is no error.
  void stop();

 private:
  alerts::Evaluator evaluator_;
  alerts::Eyes eyes_;
};

}  // namespace hotclock::app
