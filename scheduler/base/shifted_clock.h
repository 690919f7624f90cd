// Another clock, ahead of it by a span that somebody may change: time for a demonstration.
#pragma once

#include <list>

#include "scheduler/base/clock.h"

namespace hotclock {

// Threads: all members may be called from any thread at once.
class ShiftedClock final : public Clock {
 public:
  // `real` must outlive it.
  explicit ShiftedClock(Clock& real, Duration ahead = {}) : real_(real), ahead_(ahead) {}

  Instant now() const override { return real_.now() + ahead(); }
  // A jump does not move it: what runs does not time out because of one.
  Steady steady() const override { return real_.steady(); }
  bool sleep_until(Instant deadline, std::stop_token stop) override;

  Duration ahead() const;
  // As if the wall clock were set: whoever sleeps wakes and looks anew.
  void set_ahead(Duration ahead);

 private:
  Clock& real_;
  mutable Mutex m_;
  Duration ahead_ HOTCLOCK_GUARDED_BY(m_);
  std::list<std::stop_source> sleepers_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock
