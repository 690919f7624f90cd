// A bell that ends a wait of the monotonic clock: what a thread hears while it queues for a
// connection or for another process's lock. One bell serves a thread for its life.
#pragma once

#include <chrono>

#include "scheduler/base/time.h"

namespace hotclock::sql {

// Threads: ring() from any thread; wait() from the owner's alone.
class Bell {
 public:
  Bell();
  ~Bell();
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  // This thread's own. A ring meant for an earlier wait may still sound: wait in a loop.
  static Bell& mine();

  void ring();
  // Until somebody rings or `until` has passed, whichever is first.
  void wait(Steady until);

  // For whoever waits for something else besides: readable once it was rung, until drained.
  int descriptor() const { return fd_; }
  void drain();

 private:
  int fd_;
};

}  // namespace hotclock::sql
