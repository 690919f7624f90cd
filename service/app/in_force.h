// The settings that this process works by now.
#pragma once

#include <memory>

#include "scheduler/base/mutex.h"
#include "service/config/config.h"

namespace hotclock::app {

// Who asks keeps what it got, whatever is put in force meanwhile. Threads: any.
class InForceSettings {
 public:
  explicit InForceSettings(const config::Config& settings)
      : settings_(std::make_shared<const config::Config>(settings)) {}

  std::shared_ptr<const config::Config> get() const HOTCLOCK_EXCLUDES(m_) {
    Lock lock(m_);
    return settings_;
  }
  void put(const config::Config& settings) HOTCLOCK_EXCLUDES(m_) {
    auto next = std::make_shared<const config::Config>(settings);
    Lock lock(m_);
    settings_.swap(next);
  }

 private:
  mutable Mutex m_;
  std::shared_ptr<const config::Config> settings_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::app
