// The sign of life that goes out: whoever gets it tells when it stays away.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>
#include <thread>

#include "scheduler/base/clock.h"
#include "service/config/notifiers.h"
#include "service/log/logger.h"
#include "service/sql/bell.h"

namespace hotclock::notices {

// Goes out once in its interval, and only for a pass of the alerts that succeeded since the last
// one: no pass, no beat. A slow or dead receiver holds up no pass. Threads: start() and stop() in
// one, passed() in any.
class Beat {
 public:
  // All outlive it. `heard` is told "sent" or "away" of each; may be empty.
  Beat(const Clock& clock, log::Logger& logger, config::BeatConfig settings,
       std::function<void(std::string_view outcome)> heard = {});
  // Stops.
  ~Beat();
  Beat(const Beat&) = delete;
  Beat& operator=(const Beat&) = delete;

  // Nothing where there is no URL.
  void start();
  void stop();
  // The alerts were looked after, all of them.
  void passed();

  // One step, and how long to wait before the next: what its thread does.
  Duration turn();

 private:
  void work();
  bool send();

  const Clock& clock_;
  log::Logger& logger_;
  const config::BeatConfig settings_;
  const std::function<void(std::string_view outcome)> heard_;
  std::atomic<bool> passed_ = false;
  Instant next_;
  sql::Bell bell_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace hotclock::notices
