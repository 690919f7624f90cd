#include "service/operations/next_runs.h"

#include <algorithm>

#include <fmt/format.h>

namespace hotclock::operations {
namespace {

std::vector<NextRun> due(const Schedule& schedule, Instant from, int n, bool previous) {
  std::vector<NextRun> runs;
  for (Instant at = from; static_cast<int>(runs.size()) < n;) {
    const auto found = previous ? schedule.previous(at) : schedule.next(at);
    if (!found) break;
    at = *found;
    runs.push_back({at, schedule.note(at).text(), false});
  }
  return runs;
}

std::string lost_text(const LostFire& lost) {
  const std::string wall = to_string(lost.wall);
  return lost.kind == LostFire::Kind::swallowed
             ? fmt::format("{} does not exist: the clocks go forward, and nothing is due", wall)
             : fmt::format("{} comes a second time, and nothing is due", wall);
}

// Between them, what is lost from `begin` to `end`.
void add_lost(const Schedule& schedule, Instant begin, Instant end, std::vector<NextRun>& runs) {
  for (const LostFire& lost : schedule.lost(begin, end))
    runs.push_back({lost.at, lost_text(lost), true});
}

}  // namespace

std::vector<NextRun> next_runs(const Schedule& schedule, Instant from, int n, bool previous) {
  auto runs = due(schedule, from, n, previous);
  if (runs.empty()) return runs;
  const Instant far = runs.back().at;
  const auto [begin, end] = previous ? std::pair(far, from) : std::pair(from, far);
  add_lost(schedule, begin, end, runs);
  std::stable_sort(runs.begin(), runs.end(), [previous](const NextRun& a, const NextRun& b) {
    return previous ? a.at > b.at : a.at < b.at;
  });
  return runs;
}

std::vector<NextRun> runs_between(const Schedule& schedule, Instant from, Instant to,
                                  std::size_t most) {
  std::vector<NextRun> runs;
  for (auto at = schedule.next(from - Duration{1}); at && *at < to && runs.size() < most;
       at = schedule.next(*at))
    runs.push_back({*at, schedule.note(*at).text(), false});
  add_lost(schedule, from, runs.size() < most ? to : runs.back().at, runs);
  std::ranges::stable_sort(runs, {}, &NextRun::at);
  return runs;
}

const Blackout* blackout_at(const Policy& policy, Instant t) {
  const auto found = std::ranges::find_if(policy.blackouts, [t](const Blackout& blackout) {
    return blackout.from <= t && t < blackout.until;
  });
  return found == policy.blackouts.end() ? nullptr : &*found;
}

void mark_what_is_kept_back(const Policy& policy, const Zone& zone, std::vector<NextRun>& runs) {
  for (NextRun& run : runs) {
    if (const auto held = held_up(policy.maintenance, run.at); held && !run.lost)
      run.note =
          fmt::format("waits until {}: maintenance {}", local_text(held->until, zone), held->by);
    if (const Blackout* blackout = blackout_at(policy, run.at)) {
      run.note = "refused: blackout " + blackout->name;
      run.lost = true;
    }
  }
}

std::string local_text(Instant t, const Zone& zone) {
  std::string wall = to_string(zone.to_civil(t));
  wall[wall.find('T')] = ' ';
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(zone.offset_at(t)).count();
  const auto size = minutes < 0 ? -minutes : minutes;
  return fmt::format("{} {}{:02}:{:02}", wall, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace hotclock::operations
