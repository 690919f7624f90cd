#include "scheduler/core/maintenance.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace hotclock {
namespace {

constexpr std::int64_t day = 24 * 60 * 60;
constexpr Duration week = std::chrono::days{7};
// Of windows that follow one another: never_ends() keeps those out that would go on for longer.
constexpr int most_in_a_row = 1000;

Civil reading(std::int64_t date, int minutes) { return civil_of(date * day + minutes * 60); }

// The end of the window that began on `date`, where `t` lies in that.
std::optional<Instant> end_of(const Maintenance::Weekly& window, std::int64_t date, Instant t) {
  if (((window.days >> weekday_of(date)) & 1) == 0) return std::nullopt;
  const std::int64_t last = window.until > window.from ? date : date + 1;
  const Instant from = window.zone->from_civil(reading(date, window.from)).first;
  const Instant until = window.zone->from_civil(reading(last, window.until)).last;
  return from <= t && t < until ? std::optional(until) : std::nullopt;
}

// It began on the day of the zone's wall clock, or on the one before; where that clock went back
// over midnight, on the one after.
std::optional<Instant> end_of(const Maintenance::Weekly& window, Instant t) {
  const Civil civil = window.zone->to_civil(t);
  const std::int64_t today = days_of(civil.year, civil.month, civil.day);
  std::optional<Instant> end;
  for (const std::int64_t date : {today - 1, today, today + 1})
    if (const auto found = end_of(window, date, t); found && (!end || *end < *found)) end = found;
  return end;
}

std::optional<Instant> end_of(const Maintenance::Once& window, Instant t) {
  return window.from <= t && t < window.until ? std::optional(window.until) : std::nullopt;
}

std::optional<HeldUp> held_up_by_one(std::span<const Maintenance> windows, Instant t) {
  std::optional<HeldUp> longest;
  for (const Maintenance& window : windows) {
    const auto end = std::visit([t](const auto& when) { return end_of(when, t); }, window.when);
    if (end && (!longest || longest->until < *end)) longest = HeldUp{*end, window.name};
  }
  return longest;
}

}  // namespace

std::optional<HeldUp> held_up(std::span<const Maintenance> windows, Instant t) {
  auto held = held_up_by_one(windows, t);
  for (int i = 0; held && i < most_in_a_row; ++i) {
    const auto next = held_up_by_one(windows, held->until);
    if (!next) break;
    held->until = next->until;
  }
  return held;
}

bool never_ends(std::span<const Maintenance> windows) {
  std::vector<Maintenance> weekly;
  std::ranges::copy_if(windows, std::back_inserter(weekly), [](const Maintenance& window) {
    return std::holds_alternative<Maintenance::Weekly>(window.when);
  });
  // A Monday in winter and one in summer: zones differ in their offsets.
  constexpr std::array mondays{from_millis(1'767'571'200'000), from_millis(1'783'296'000'000)};
  return std::ranges::any_of(mondays, [&weekly](Instant monday) {
    const auto held = held_up(weekly, monday);
    return held && held->until > monday + 2 * week;
  });
}

}  // namespace hotclock
