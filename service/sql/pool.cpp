#include "service/sql/pool.h"

#include <algorithm>

namespace hotclock::sql {

Result<> Turns::take(const Watch& watch) {
  if (watch.stopped()) return watch.waited_for(held_);
  Waiter me{Bell::mine()};
  std::stop_callback on_stop(watch.stop(), [&me] { me.bell.ring(); });
  {
    Lock lock(m_);
    if (free_ > 0) return --free_, Result<>();
    queue_.push_back(&me);
  }
  const Steady began = std::chrono::steady_clock::now();
  auto done = wait(me, watch);
  Lock lock(m_);
  ++waits_;
  waited_ += std::chrono::steady_clock::now() - began;
  return done;
}

Result<> Turns::wait(Waiter& me, const Watch& watch) {
  while (!granted(me)) {
    if (watch.over() && !leave(me)) return watch.waited_for(held_);
    if (!granted(me)) me.bell.wait(watch.deadline());
  }
  return {};
}

void Turns::give() {
  Lock lock(m_);
  if (queue_.empty()) {
    ++free_;
    return;
  }
  // Handed over, not put back: whoever asks next cannot overtake. The bell is rung under the lock
  // because its waiter may leave as soon as it is granted.
  queue_.front()->granted = true;
  queue_.front()->bell.ring();
  queue_.pop_front();
}

std::size_t Turns::waiting() {
  Lock lock(m_);
  return queue_.size();
}

PoolUse Turns::use(std::string pool) {
  Lock lock(m_);
  return {.pool = std::move(pool),
          .size = places_,
          .taken = places_ - free_,
          .waiting = queue_.size(),
          .waits = waits_,
          .waited_seconds = std::chrono::duration<double>(waited_).count()};
}

bool Turns::granted(const Waiter& waiter) {
  Lock lock(m_);
  return waiter.granted;
}

bool Turns::leave(const Waiter& waiter) {
  Lock lock(m_);
  if (!waiter.granted) std::erase(queue_, &waiter);
  return waiter.granted;
}

}  // namespace hotclock::sql
