// One thread's event loop: descriptors, timers, and work handed over by other threads.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <compare>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"

namespace hotclock::http {

// A turn of the loop: what is ready, timers whose time has come, what was posted, what was
// deferred, and then the end of what was buried. Nothing of it runs beside another part of it.
//
// Threads: post(), call(), start(), stop() and on_thread() may be called from any thread; all the
// rest belongs to the loop's thread, and to the owner while the loop does not run.
// What is called must not throw.
class Loop {
 public:
  // Whoever waits for a descriptor. It forgets its descriptor before it closes it.
  class Source {
   public:
    virtual ~Source() = default;
    // `events` as epoll gives them.
    virtual void ready(std::uint32_t events) = 0;
  };

  struct TimerId {
    Steady due{};
    std::uint64_t number = 0;  // 0: no timer
    auto operator<=>(const TimerId&) const = default;
  };

  // `clock` outlives the loop. Waiting is real: its steady() has to move as the machine's does.
  explicit Loop(const Clock& clock);
  // Stops.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs in a thread of its own until stop(). Starting twice is no error.
  Result<void> start();
  // Runs in the caller's thread until stop().
  void run();
  // Returns when nothing runs any more: what was posted before has run. Called on the loop's own
  // thread it returns at once, and the loop ends with its turn.
  void stop();

  // Runs `work` on the loop's thread, in the order of posting; dropped with the loop if it never
  // runs again.
  void post(std::function<void()> work);
  // The same, and waits for it. Runs it here where this is the loop's thread or none runs.
  void call(const std::function<void()>& work);
  bool on_thread() const;

  TimerId after(Duration wait, std::function<void()> work);
  // A timer that is over or none may be cancelled too.
  void cancel(TimerId timer);

  // At the end of this turn; deferred while deferred work runs: at the end of the next, so that
  // long work cut into slices lets everything else have its turn in between.
  void defer(std::function<void()> work);

  // Destroys `what` at the end of this turn, when none of its members is being run any more.
  template <class T>
  void bury(std::unique_ptr<T> what) {
    graves_.push_back(std::shared_ptr<void>(std::move(what)));
  }

  // Level-triggered. A descriptor has one source.
  Result<void> watch(int descriptor, std::uint32_t events, Source& source);
  void change(int descriptor, std::uint32_t events);
  // From here on `source` hears it, of the same events.
  void hand_over(int descriptor, Source& source);
  // One that is not watched, too.
  void forget(int descriptor);

  // When this turn began.
  Steady now() const { return now_; }
  const Clock& clock() const { return clock_; }

  // What is read goes here first, whoever reads: connections have no buffer of their own. It holds
  // for the call in which it was asked for.
  std::span<char> buffer() { return *buffer_; }

 private:
  using Work = std::vector<std::function<void()>>;
  // Who watches a descriptor; its term tells what is said to an earlier one of the same number.
  struct Watch {
    Source* source = nullptr;
    std::uint32_t term = 0;
  };

  void turn();
  int wait();
  void dispatch(int count);
  void run_timers();
  void run_posted() HOTCLOCK_EXCLUDES(m_);
  void run_deferred();
  void close_graves();
  bool ended() HOTCLOCK_EXCLUDES(m_);
  void ring() const;

  const Clock& clock_;
  const int epoll_;
  const int bell_;
  const std::unique_ptr<std::array<char, 65536>> buffer_;
  Steady now_;

  std::array<epoll_event, 256> ready_;
  std::vector<Watch> watches_;  // by descriptor
  std::map<TimerId, std::function<void()>> timers_;
  std::uint64_t last_timer_ = 0;
  Work deferred_;
  std::vector<std::shared_ptr<void>> graves_;

  std::thread thread_;
  mutable Mutex m_;
  std::condition_variable changed_;
  Work posted_ HOTCLOCK_GUARDED_BY(m_);
  bool running_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool stopping_ HOTCLOCK_GUARDED_BY(m_) = false;
  std::thread::id runner_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::http
