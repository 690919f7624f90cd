// Every notice of the scheduler as one line of the log, with job, slot and execution where it
// concerns one.
#pragma once

#include "scheduler/core/observer.h"
#include "service/log/logger.h"

namespace hotclock::app {

// Threads: any. `logger` must outlive it.
class LogObserver final : public Observer {
 public:
  explicit LogObserver(log::Logger& logger) : log_(logger) {}

  void on(const Notice& notice) override;

 private:
  log::Logger& log_;
};

}  // namespace hotclock::app
