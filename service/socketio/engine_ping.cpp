#include "service/socketio/engine_ping.h"

#include <algorithm>

namespace hotclock::socketio {
namespace {

// What a ping may come sooner by where there is no crowd, as a part of the interval.
constexpr int small_part = 32;

}  // namespace

Duration PingSpread::first(std::size_t sessions) {
  const auto many = static_cast<Duration::rep>(
      std::clamp(sessions, crowd / static_cast<std::size_t>(small_part), crowd));
  return sooner_by(interval_ * many / static_cast<Duration::rep>(crowd));
}

Duration PingSpread::next() { return sooner_by(interval_ / small_part); }

Duration PingSpread::sooner_by(Duration most) {
  std::uniform_int_distribution<Duration::rep> draw(0,
                                                    std::max<Duration::rep>(most.count() - 1, 0));
  return interval_ - Duration{draw(random_)};
}

}  // namespace hotclock::socketio
