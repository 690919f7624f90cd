// From the wall clock to instants. A zone is a row of segments with one offset each; within one the
// wall clock runs on evenly, so the search is the wall clock's own. What a rule says about gaps and
// overlaps happens where one segment ends and the next begins, and only there.
#include <algorithm>

#include "scheduler/cron/border.h"
#include "scheduler/cron/plan.h"
#include "scheduler/cron/wall.h"

namespace hotclock::cron {
namespace {

// A wall clock is never further from UTC than this, either way.
constexpr std::int64_t kFarthest = 2 * 86400;

// Where segment i holds no match from `from` on; `wall`, the first one, is beyond it.
[[gnu::noinline]] std::int64_t next_in_later_segment(const Plan& p, std::size_t i,
                                                     std::int64_t from, std::int64_t wall) {
  const Zone& zone = *p.zone;
  const auto segments = zone.segments();
  // Invariant: `wall` is the first match at or after `from`.
  for (bool near = true; wall - segments[i].offset >= zone.end_of(i); near = false) {
    if (i + 1 == segments.size()) return kNone;
    if (!near && wall - kFarthest > zone.end_of(i)) {
      // No wall clock on the way there goes back before `from`, for none goes back by a segment.
      if (wall == kNone) return kNone;
      i = zone.segment_at(wall - kFarthest);
      continue;
    }
    const Border b = border_at(segments, ++i);
    if (makes_up(p, b) && wall < b.new_wall) return b.begin;
    const std::int64_t start = first_counted(p, b);
    if (wall < start || start < from) wall = next_wall(p, start);
    from = start;
  }
  return wall - segments[i].offset;
}

inline std::int64_t next_field(const Plan& p, std::int64_t s) {
  const Zone& zone = *p.zone;
  // The segment before s: what a gap that ends at s swallowed is then seen on the way out of it.
  const std::size_t i = zone.segment_at(s - 1);
  const std::int64_t offset = zone.offset_of(i);
  std::int64_t from = s + offset;
  // Only soon after a change is there a second pass to start in.
  if (p.once && i > 0 && s < zone.begin_of(i) + kFarthest)
    from = std::max(from, first_counted(p, border_at(zone.segments(), i)));
  const std::int64_t wall = next_wall_here(p, from);
  if (wall - offset < zone.end_of(i)) return wall - offset;
  return next_in_later_segment(p, i, from, wall);
}

// As next_in_later_segment(), backwards: segment i may hold no match that counts up to `from`.
[[gnu::noinline]] std::int64_t previous_in_earlier_segment(const Plan& p, std::size_t i,
                                                           std::int64_t from, std::int64_t wall) {
  const Zone& zone = *p.zone;
  const auto segments = zone.segments();
  // Invariant: `wall` is the last match at or before `from`.
  for (bool near = true; i > 0; near = false) {
    const Border b = border_at(segments, i);
    if (wall >= first_counted(p, b)) break;
    if (makes_up(p, b) && wall >= b.old_wall) return b.begin;
    if (!near && wall + kFarthest < b.begin) {
      i = zone.segment_at(wall + kFarthest);
      continue;
    }
    --i;
    const std::int64_t end = b.old_wall - 1;
    if (wall > end || from < end) wall = previous_wall(p, end);
    from = end;
  }
  return wall == kNoneBefore ? kNoneBefore : wall - segments[i].offset;
}

inline std::int64_t previous_field(const Plan& p, std::int64_t s) {
  const Zone& zone = *p.zone;
  const std::size_t i = zone.segment_at(s);
  const std::int64_t offset = zone.offset_of(i);
  const std::int64_t wall = previous_wall(p, s + offset);
  // Later than its beginning by more than an overlap that might count once: nothing else to see.
  if (wall - offset >= zone.begin_of(i) + kFarthest) return wall - offset;
  return previous_in_earlier_segment(p, i, s + offset, wall);
}

std::int64_t next_multiple(const Plan& p, std::int64_t s) {
  const std::int64_t found = s <= 0 ? 0 : (s + p.every - 1) / p.every * p.every;
  return found < kWallEnd ? found : kNone;
}

std::int64_t previous_multiple(const Plan& p, std::int64_t s) {
  return s < 0 ? kNoneBefore : std::min(s, kWallEnd - 1) / p.every * p.every;
}

}  // namespace

std::int64_t next_second(const Plan& p, std::int64_t s) {
  if (p.has_fields()) [[likely]]
    return next_field(p, s);
  return p.kind == Kind::every ? next_multiple(p, s) : kNone;
}

std::int64_t previous_second(const Plan& p, std::int64_t s) {
  if (p.has_fields()) [[likely]]
    return previous_field(p, s);
  return p.kind == Kind::every ? previous_multiple(p, s) : kNoneBefore;
}

}  // namespace hotclock::cron
