#include "service/socketio/engine_wheel.h"

#include <algorithm>

namespace hotclock::socketio {

HeartbeatWheel::HeartbeatWheel(Duration slot, Duration span, Steady now)
    : slot_(slot), origin_(now), slots_(static_cast<std::size_t>(span / slot) + 2) {}

std::int64_t HeartbeatWheel::number_of(Steady t) const {
  const auto elapsed = t - origin_;
  return (elapsed + slot_ - Steady::duration{1}) / slot_;
}

FiledList& HeartbeatWheel::slot_at(std::int64_t number) {
  return slots_[static_cast<std::size_t>(number) % slots_.size()];
}

void HeartbeatWheel::file(Filed& one, Steady deadline) {
  if (one.is_linked()) one.unlink();
  one.filed_for_ = deadline;
  const auto size = static_cast<std::int64_t>(slots_.size());
  const auto farthest = origin_ + (passed_ + size) * slot_;
  const std::int64_t number = deadline >= farthest ? passed_ + size : number_of(deadline);
  slot_at(std::max(number, passed_ + 1)).push_back(one);
}

void HeartbeatWheel::take_due(Steady now, FiledList& due) {
  const std::int64_t until = (now - origin_) / slot_;
  // After a long pause every slot is due, once.
  passed_ = std::max(passed_, until - static_cast<std::int64_t>(slots_.size()));
  while (passed_ < until) due.splice(due.end(), slot_at(++passed_));
}

}  // namespace hotclock::socketio
