// What gaps and overlaps did: to one run, and to those that never came.
#include "scheduler/cron/border.h"
#include "scheduler/cron/plan.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

using cron::Border;
using cron::Plan;

Instant instant(std::int64_t s) { return from_millis(s * 1000); }

std::string clock_of(const Civil& c) {
  const std::string text = to_string(c);  // 2026-11-23T00:05:00
  return text.substr(11, c.second == 0 ? 5 : 8);
}

std::string date_of(const Civil& c) { return to_string(c).substr(0, 10); }

FireNote::Kind pass_of(const Zone& zone, const Civil& wall, Instant fire) {
  const Local local = zone.from_civil(wall);
  if (local.kind != Local::Kind::repeated) return FireNote::Kind::plain;
  return fire == local.first ? FireNote::Kind::first_pass : FireNote::Kind::second_pass;
}

// Matches in [begin, end) of the wall clock, `found` of them already taken.
template <class Add>
void each_match(const Plan& p, std::int64_t begin, std::int64_t end, Add add) {
  for (std::int64_t wall = cron::next_wall(p, begin); wall < end;
       wall = cron::next_wall(p, wall + 1))
    if (!add(wall)) return;
}

// One run at the gap's end stands for all that lay in it: for the first of them, or for the time
// the wall clock shows there, if that is due too.
void add_swallowed(const Plan& p, const Border& b, std::size_t most, std::vector<LostFire>& out) {
  bool made_up = cron::makes_up(p, b) && cron::next_wall(p, b.new_wall) != b.new_wall;
  each_match(p, b.old_wall, b.new_wall, [&](std::int64_t wall) {
    if (made_up) return !(made_up = false);
    if (out.size() >= most) return false;
    out.push_back({LostFire::Kind::swallowed, civil_of(wall), instant(b.begin)});
    return true;
  });
}

void add_dropped(const Plan& p, const Border& b, std::size_t most, std::vector<LostFire>& out) {
  each_match(p, b.new_wall, cron::first_counted(p, b), [&](std::int64_t wall) {
    if (out.size() >= most) return false;
    out.push_back({LostFire::Kind::dropped, civil_of(wall), instant(b.begin + wall - b.new_wall)});
    return true;
  });
}

}  // namespace

std::string FireNote::text() const {
  switch (kind) {
    case Kind::plain:
      return "";
    case Kind::made_up:
      return clock_of(due) + " does not exist on " + date_of(due) +
             ": it runs at the end of the gap";
    case Kind::first_pass:
      return clock_of(wall) + " comes twice on " + date_of(wall) + ": this is the first";
    case Kind::second_pass:
      return clock_of(wall) + " comes twice on " + date_of(wall) + ": this is the second";
  }
  return "";
}

FireNote Schedule::note(Instant fire) const {
  const Plan& p = *plan_;
  const std::int64_t s = to_millis(fire) / 1000;
  const std::size_t i = p.zone->segment_at(s);
  const std::int64_t wall = s + p.zone->segments()[i].offset;
  FireNote note{.wall = civil_of(wall), .due = civil_of(wall)};
  if (!p.has_fields()) return note;
  if (cron::next_wall(p, wall) == wall) {
    note.kind = pass_of(*p.zone, note.wall, fire);
  } else if (i > 0) {
    note.kind = FireNote::Kind::made_up;
    note.due = civil_of(cron::next_wall(p, cron::border_at(p.zone->segments(), i).old_wall));
  }
  return note;
}

std::vector<LostFire> Schedule::lost(Instant from, Instant to, std::size_t most) const {
  std::vector<LostFire> out;
  const Plan& p = *plan_;
  if (!p.has_fields()) return out;
  const auto segments = p.zone->segments();
  for (std::size_t i = 1; i < segments.size() && instant(segments[i].begin) < to; ++i) {
    if (instant(segments[i].begin) < from) continue;
    const Border b = cron::border_at(segments, i);
    if (b.gap() > 0) {
      add_swallowed(p, b, most, out);
    } else {
      add_dropped(p, b, most, out);
    }
  }
  return out;
}

}  // namespace hotclock
