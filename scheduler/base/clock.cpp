#include "scheduler/base/clock.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace hotclock {
namespace {

// A timer on the wall clock and a bell that ends its wait. One pair serves a thread for its life.
class Alarm {
 public:
  Alarm()
      : timer_(checked(timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")),
        bell_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}
  ~Alarm() {
    close(timer_);
    close(bell_);
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  void ring() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(bell_, &one, sizeof one);
  }

  // Until the wall clock shows `deadline`, the clock is set, or the bell rings; true iff it was set.
  bool wait(Instant deadline) {
    // The kernel refuses negative times; anything at or before 1970 is long past anyway.
    const auto millis = std::max<std::int64_t>(to_millis(deadline), 1);
    itimerspec when{};
    when.it_value.tv_sec = static_cast<time_t>(millis / 1000);
    when.it_value.tv_nsec = static_cast<long>(millis % 1000) * 1'000'000;
    // CANCEL_ON_SET: a wall clock that is set wakes us at once, so that the deadline is looked at anew.
    timerfd_settime(timer_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr);
    pollfd ready[] = {{timer_, POLLIN, 0}, {bell_, POLLIN, 0}};
    poll(ready, 2, -1);
    std::uint64_t drained = 0;
    const bool set = read(timer_, &drained, sizeof drained) < 0 && errno == ECANCELED;
    [[maybe_unused]] const auto rung = read(bell_, &drained, sizeof drained);
    return set;
  }

 private:
  static int checked(int fd, const char* what) {
    if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
    return fd;
  }

  int timer_;
  int bell_;
};

// A year ahead is as good as for ever, and far from any overflow.
Instant within_reach(Instant deadline, Instant now) {
  return std::min(deadline, now + std::chrono::days{365});
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Steady SystemClock::steady() const { return std::chrono::steady_clock::now(); }

bool SystemClock::sleep_until(Instant deadline, std::stop_token stop) {
  thread_local Alarm alarm;
  std::stop_callback on_stop(stop, [bell = &alarm] { bell->ring(); });
  while (!stop.stop_requested()) {
    const Instant now = this->now();
    if (now >= deadline || alarm.wait(within_reach(deadline, now))) return !stop.stop_requested();
  }
  return false;
}

Instant ManualClock::now() const {
  Lock lock(m_);
  return now_;
}

Steady ManualClock::steady() const {
  Lock lock(m_);
  return Steady{elapsed_};
}

bool ManualClock::sleep_until(Instant deadline, std::stop_token stop) {
  // The callback takes the mutex, so that the request cannot slip in between test and wait.
  std::stop_callback on_stop(stop, [this] {
    Lock lock(m_);
    changed_.notify_all();
  });
  Lock lock(m_);
  sleepers_.push_back(deadline);
  const int settings = settings_;
  while (now_ < deadline && settings == settings_ && !stop.stop_requested()) lock.wait(changed_);
  sleepers_.erase(std::find(sleepers_.begin(), sleepers_.end(), deadline));
  return !stop.stop_requested();
}

void ManualClock::advance(Duration span) {
  Lock lock(m_);
  now_ += span;
  elapsed_ += span;
  changed_.notify_all();
}

void ManualClock::set_wall(Instant t) {
  Lock lock(m_);
  now_ = t;
  ++settings_;
  changed_.notify_all();
}

Instant ManualClock::next_deadline() const {
  Lock lock(m_);
  return sleepers_.empty() ? Instant::max() : *std::min_element(sleepers_.begin(), sleepers_.end());
}

}  // namespace hotclock
