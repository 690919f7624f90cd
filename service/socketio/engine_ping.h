// When clients are pinged, so that those who came together are not all pinged together.
#pragma once

#include <cstddef>
#include <random>

#include "scheduler/base/time.h"

namespace hotclock::socketio {

// Draws how long after its beginning, or after a pong, a session is pinged: after the interval or
// sooner, never later. A crowd's first pings are spread over the whole interval, for its pongs keep
// whatever distance they have; a session among few is pinged when the interval is over. Threads:
// one.
class PingSpread {
 public:
  // From so many sessions on it is a crowd.
  static constexpr std::size_t crowd = 1024;

  explicit PingSpread(Duration interval) : interval_(interval), random_(std::random_device{}()) {}

  // `sessions`: that there are.
  Duration first(std::size_t sessions);
  Duration next();

 private:
  Duration sooner_by(Duration most);

  const Duration interval_;
  std::minstd_rand random_;
};

}  // namespace hotclock::socketio
