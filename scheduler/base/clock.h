// Time is handed in, and so is waiting: whoever needs either takes a Clock.
#pragma once

#include <condition_variable>
#include <stop_token>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/base/time.h"

namespace hotclock {

// Threads: all members may be called from any thread at once.
class Clock {
 public:
  virtual ~Clock() = default;

  // The wall clock. May jump, both ways.
  virtual Instant now() const = 0;

  // The monotonic clock: never goes back, is not moved when the wall clock is set.
  virtual Steady steady() const = 0;

  // Waits until now() >= `deadline` or a stop is requested, whichever is first; false iff stopped.
  // Also returns when the wall clock has been set, in either direction: look at now() again.
  virtual bool sleep_until(Instant deadline, std::stop_token stop) = 0;
};

// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Steady steady() const override;
  bool sleep_until(Instant deadline, std::stop_token stop) override;
};

// A clock for tests: time stands still until somebody moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}

  Instant now() const override;
  Steady steady() const override;
  bool sleep_until(Instant deadline, std::stop_token stop) override;

  // Both clocks move on by `span`, and sleepers whose time has come wake.
  void advance(Duration span);
  // Only the wall clock moves (an operator or NTP sets it): `t` may lie before now().
  void set_wall(Instant t);

  // The nearest deadline anyone sleeps for now; Instant::max() where nobody sleeps.
  Instant next_deadline() const;

 private:
  mutable Mutex m_;
  std::condition_variable changed_;
  Instant now_ HOTCLOCK_GUARDED_BY(m_);
  Duration elapsed_ HOTCLOCK_GUARDED_BY(m_) = Duration::zero();
  int settings_ HOTCLOCK_GUARDED_BY(m_) = 0;  // how often the wall clock was set
  std::vector<Instant> sleepers_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock
