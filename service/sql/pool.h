// A bounded set of connections handed out in order of asking, so that nobody starves. A wait for
// one ends at its watch's stop or deadline.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/base/mutex.h"
#include "service/sql/bell.h"
#include "service/sql/usage.h"
#include "service/sql/watch.h"

namespace hotclock::sql {

// The order of asking alone. Threads: all members may be called from any thread at once.
class Turns {
 public:
  // `held` says in an error what the waiting was for.
  Turns(int places, std::string held) : held_(std::move(held)), places_(places), free_(places) {}

  // Errc::stopped or Errc::busy where the watch ended first; then nothing is held.
  Result<> take(const Watch& watch);
  void give();
  // How many wait now.
  std::size_t waiting();
  // How they are used; `pool` is what they are called.
  PoolUse use(std::string pool);

 private:
  struct Waiter {
    Bell& bell;
    bool granted = false;
  };

  bool granted(const Waiter& waiter) HOTCLOCK_EXCLUDES(m_);
  // Until it is this one's turn, or the watch ends.
  Result<> wait(Waiter& me, const Watch& watch) HOTCLOCK_EXCLUDES(m_);
  // Leaves the queue; true where the turn came in the last moment after all.
  bool leave(const Waiter& waiter) HOTCLOCK_EXCLUDES(m_);

  const std::string held_;
  const int places_;
  Mutex m_;
  std::uint64_t waits_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::chrono::nanoseconds waited_ HOTCLOCK_GUARDED_BY(m_){};
  int free_ HOTCLOCK_GUARDED_BY(m_);
  std::deque<Waiter*> queue_ HOTCLOCK_GUARDED_BY(m_);
};

// Connections of type C, opened when first needed and kept.
// Threads: all members may be called from any thread at once.
template <class C>
class Pool {
 public:
  using Open = std::function<Result<std::unique_ptr<C>>(const Watch&)>;

  Pool(int size, std::string held, Open open)
      : open_(std::move(open)), turns_(size, std::move(held)) {}

  // REQUIRES: what was taken is given back before the pool ends.
  Result<std::unique_ptr<C>> take(const Watch& watch) {
    if (auto turn = turns_.take(watch); !turn) return std::move(turn).error();
    if (auto idle = take_idle()) return idle;
    auto opened = open_(watch);
    if (!opened) turns_.give();
    return opened;
  }

  void give(std::unique_ptr<C> connection) {
    {
      Lock lock(m_);
      idle_.push_back(std::move(connection));
    }
    turns_.give();
  }
  // Gives back the right to one, and ends the connection.
  void drop(std::unique_ptr<C> connection) {
    connection.reset();
    turns_.give();
  }
  PoolUse use(std::string pool) { return turns_.use(std::move(pool)); }
  // Ends those that nobody has taken.
  void forget_idle() {
    std::vector<std::unique_ptr<C>> idle;
    {
      Lock lock(m_);
      idle.swap(idle_);
    }
  }

 private:
  std::unique_ptr<C> take_idle() {
    Lock lock(m_);
    if (idle_.empty()) return nullptr;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  const Open open_;
  Turns turns_;
  Mutex m_;
  std::vector<std::unique_ptr<C>> idle_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::sql
