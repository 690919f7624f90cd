// The service manager that started this process, where one did and wants to hear of it: systemd, by
// the datagrams of sd_notify(3).
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::app {

// Threads: any. Says nothing where nobody listens, and never fails: a manager that cannot be
// reached is not worth stopping for.
class ServiceManager {
 public:
  // By NOTIFY_SOCKET and WATCHDOG_USEC; the latter counts only where WATCHDOG_PID is this process
  // or is not set.
  explicit ServiceManager(const config::Environment& environment);
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready(std::string_view status) const;
  void stopping() const;
  // This process works; to be said more often than each watchdog().
  void alive() const;
  void status(std::string_view text) const;

  // After how long a silence the process is killed; zero: never.
  Duration watchdog() const { return watchdog_; }

 private:
  void say(const std::string& message) const;

  std::string address_;  // of a socket in the file system, or, with '@' in front, an abstract one
  Duration watchdog_ = Duration::zero();
  int socket_ = -1;
};

}  // namespace hotclock::app
