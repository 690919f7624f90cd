#include "scheduler/zone/zone.h"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <utility>

#include "scheduler/base/mutex.h"
#include "scheduler/base/nearest.h"

namespace hotclock {
namespace {

// Wall clocks of 1970 and 2199 reach up to 26 hours beyond those years in UTC.
constexpr std::int64_t kFirst = -2 * 86400;
constexpr std::int64_t kLast = 7'258'118'400 + 2 * 86400;

using Seconds = std::chrono::time_point<std::chrono::system_clock, cctz::seconds>;

Seconds at(std::int64_t s) { return Seconds(cctz::seconds(s)); }

std::int64_t floor_seconds(Instant t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

Instant instant(std::int64_t s) { return Instant(std::chrono::seconds(s)); }

std::vector<Segment> read_segments(const cctz::time_zone& tz) {
  std::vector<Segment> segments{{kFirst, tz.lookup(at(kFirst)).offset}};
  cctz::time_zone::civil_transition change;
  for (Seconds t = at(kFirst); tz.next_transition(t, &change);) {
    t = std::chrono::time_point_cast<cctz::seconds>(tz.lookup(change.to).trans);
    const std::int64_t begin = t.time_since_epoch().count();
    if (begin >= kLast) break;
    const int offset = tz.lookup(t).offset;
    if (offset != segments.back().offset) segments.push_back({begin, offset});
  }
  return segments;
}

// All zones this process has asked for. They are constants once read, so that they stay for good.
class Loaded {
 public:
  Result<std::shared_ptr<const Zone>> get(std::string_view name) {
    {
      Lock lock(m_);
      if (auto it = zones_.find(name); it != zones_.end()) return it->second;
    }
    auto zone = read(name);
    if (!zone) return zone;
    Lock lock(m_);
    return zones_.emplace(std::string(name), std::move(*zone)).first->second;
  }

 private:
  static Result<std::shared_ptr<const Zone>> read(std::string_view name);

  Mutex m_;
  std::map<std::string, std::shared_ptr<const Zone>, std::less<>> zones_ HOTCLOCK_GUARDED_BY(m_);
};

Error unknown(std::string_view name) {
  std::string message = "unknown time zone \"" + std::string(name.substr(0, 60)) + "\"";
  const std::string_view meant = nearest(name, std::span<const std::string>(zone_names()));
  if (!meant.empty()) message += "; did you mean \"" + std::string(meant) + "\"?";
  return Error(Errc::invalid, std::move(message));
}

Result<std::shared_ptr<const Zone>> Loaded::read(std::string_view name) {
  // cctz takes paths and fixed offsets too; a zone here is a name of the database and no more.
  const auto& names = zone_names();
  if (!std::binary_search(names.begin(), names.end(), name)) return unknown(name);
  cctz::time_zone tz = cctz::utc_time_zone();
  if (name != "UTC" && !cctz::load_time_zone(std::string(name), &tz))
    return Error(Errc::unavailable,
                 "the system's data of time zone \"" + std::string(name) + "\" cannot be read");
  return std::shared_ptr<const Zone>(std::make_shared<Zone>(std::string(name), read_segments(tz)));
}

GapHabits habits_of(std::span<const Segment> segments) {
  GapHabits habits;
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const std::int64_t begin = segments[i].begin + segments[i - 1].offset;
    const std::int64_t end = segments[i].begin + segments[i].offset;
    habits.longest = std::max(habits.longest, end - begin);
    for (std::int64_t wall = begin; wall < end; wall += 3600 - wall % 3600) {
      const Civil c = civil_of(wall);
      habits.hours |= 1U << c.hour;
      habits.months = static_cast<std::uint16_t>(habits.months | 1U << c.month);
    }
  }
  return habits;
}

Local::Kind kind_of(int found) {
  return found == 0   ? Local::Kind::skipped
         : found == 1 ? Local::Kind::unique
                      : Local::Kind::repeated;
}

}  // namespace

Zone::Zone(std::string name, std::vector<Segment> segments)
    : name_(std::move(name)), segments_(std::move(segments)) {
  segments_.push_back({kForever, segments_.back().offset});
  segments_.shrink_to_fit();
  guide_.push_back(0);
  for (std::int64_t slot = 1, i = 0; slot <= kGuideLast; ++slot) {
    while (end_of(static_cast<std::size_t>(i)) <= slot << kGuideShift) ++i;
    guide_.push_back(static_cast<std::uint16_t>(i));
  }
  gap_habits_ = habits_of(this->segments());
}

Duration Zone::offset_at(Instant t) const {
  return std::chrono::seconds(segments_[segment_at(floor_seconds(t))].offset);
}

Civil Zone::to_civil(Instant t) const {
  const std::int64_t s = floor_seconds(t);
  return civil_of(s + segments_[segment_at(s)].offset);
}

Local Zone::from_civil(const Civil& c) const {
  const std::int64_t wall = wall_seconds(c);
  std::size_t i = segment_at(wall - 2 * 86400);
  int found = 0;
  std::int64_t first = 0, last = 0, gap_end = kForever;
  for (; i < segments().size() && segments_[i].begin <= wall + 2 * 86400; ++i) {
    const std::int64_t s = wall - segments_[i].offset;
    const bool begun = i == 0 || s >= segments_[i].begin;
    if (begun && s < end_of(i)) {
      if (++found == 1) first = s;
      last = s;
    }
    if (!begun) gap_end = std::min(gap_end, segments_[i].begin);
  }
  if (found == 0) first = last = gap_end;
  return {kind_of(found), instant(first), instant(last)};
}

std::vector<Transition> Zone::transitions(Instant from, Instant to) const {
  std::vector<Transition> found;
  for (std::size_t i = 1; i < segments().size(); ++i) {
    const Instant t = instant(segments_[i].begin);
    if (t >= to) break;
    if (t >= from)
      found.push_back({t, std::chrono::seconds(segments_[i - 1].offset),
                       std::chrono::seconds(segments_[i].offset)});
  }
  return found;
}

Result<std::shared_ptr<const Zone>> load_zone(std::string_view name) {
  static Loaded loaded;
  // Expressions read one after another mostly name one zone.
  thread_local std::shared_ptr<const Zone> latest;
  if (latest && latest->name() == name) return latest;
  auto found = loaded.get(name);
  if (found) latest = found.value();
  return found;
}

}  // namespace hotclock
