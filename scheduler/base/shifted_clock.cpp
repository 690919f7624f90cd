#include "scheduler/base/shifted_clock.h"

namespace hotclock {

bool ShiftedClock::sleep_until(Instant deadline, std::stop_token stop) {
  std::stop_source woken;
  std::stop_callback on_stop(stop, [&woken] { woken.request_stop(); });
  std::list<std::stop_source>::iterator mine;
  Duration ahead{};
  {
    Lock lock(m_);
    mine = sleepers_.insert(sleepers_.end(), woken);
    ahead = ahead_;
  }
  real_.sleep_until(deadline - ahead, woken.get_token());
  Lock lock(m_);
  sleepers_.erase(mine);
  return !stop.stop_requested();
}

Duration ShiftedClock::ahead() const {
  Lock lock(m_);
  return ahead_;
}

void ShiftedClock::set_ahead(Duration ahead) {
  Lock lock(m_);
  ahead_ = ahead;
  for (std::stop_source& sleeper : sleepers_) sleeper.request_stop();
}

}  // namespace hotclock
