// Where a zone's segments meet, and what the rules say there. Private to cron/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "scheduler/cron/plan.h"

namespace hotclock::cron {

// What the wall clock showed when segment i began, to the old offset and to the new.
struct Border {
  std::int64_t begin, old_wall, new_wall;

  std::int64_t gap() const { return new_wall - old_wall; }
};

inline Border border_at(std::span<const Segment> segments, std::size_t i) {
  const Segment& s = segments[i];
  return {s.begin, s.begin + segments[i - 1].offset, s.begin + s.offset};
}

// The first reading of segment i that counts: later than its own first where it passes once more
// through time that a rule counts once.
inline std::int64_t first_counted(const Plan& p, const Border& b) {
  const bool overlap = b.gap() < 0 && -b.gap() <= p.shift_limit();
  return overlap && p.once ? b.old_wall : b.new_wall;
}

inline bool makes_up(const Plan& p, const Border& b) {
  return p.make_up && b.gap() > 0 && b.gap() <= p.shift_limit();
}

}  // namespace hotclock::cron
