#include "service/auditor/schedules.h"

#include <algorithm>

namespace hotclock::auditor {

Result<Schedule> stored_schedule(std::string_view stored, std::string_view job) {
  std::string_view words[3];
  for (std::string_view& word : words) {
    const std::size_t end = std::min(stored.find(' '), stored.size());
    word = stored.substr(0, end);
    stored.remove_prefix(std::min(end + 1, stored.size()));
  }
  const auto dst = parse_dst_rule(words[0]);
  if (!dst) return dst.error();
  const auto dialect = parse_dialect(words[1]);
  if (!dialect) return dialect.error();
  return Schedule::parse(stored,
                         {.zone = words[2], .dst = *dst, .dialect = *dialect, .hash_key = job});
}

std::optional<Instant> Timeline::next(Instant after, Instant until) const {
  for (const Stretch& stretch : stretches_) {
    if (stretch.until <= after) continue;
    if (stretch.since >= until) break;
    const auto next = stretch.schedule.next(std::max(after, stretch.since));
    if (next && *next <= stretch.until) return *next <= until ? next : std::nullopt;
  }
  return std::nullopt;
}

std::int64_t Timeline::count(Instant after, Instant before) const {
  std::int64_t count = 0;
  for (auto t = next(after, before); t && *t < before; t = next(*t, before)) ++count;
  return count;
}

const Stretch* Timeline::at(Instant t) const {
  for (const Stretch& stretch : stretches_)
    if (stretch.since < t && t <= stretch.until) return &stretch;
  return nullptr;
}

Instant Timeline::known_from() const {
  return stretches_.empty() ? Instant::max() : stretches_.front().since;
}

}  // namespace hotclock::auditor
