#include "service/auditor/rules.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/zone/zone.h"

namespace hotclock::auditor {
namespace {

namespace json = boost::json;

constexpr int minutes_of_a_day = 24 * 60;

Rules::Window window_of(const Maintenance& maintenance) {
  Rules::Window window{.name = maintenance.name};
  if (const auto* once = std::get_if<Maintenance::Once>(&maintenance.when)) {
    window.from = once->from;
    window.until = once->until;
  } else {
    const auto& weekly = std::get<Maintenance::Weekly>(maintenance.when);
    window.days = weekly.days;
    window.minutes_from = weekly.from;
    window.minutes_until = weekly.until;
    window.zone = weekly.zone->name();
  }
  return window;
}

json::array json_of(const std::vector<Rules::Window>& windows) {
  json::array out;
  for (const Rules::Window& one : windows)
    out.push_back(json::array{one.name, to_millis(one.from), to_millis(one.until), one.days,
                              one.minutes_from, one.minutes_until, one.zone});
  return out;
}

// What a member is; 0, "" or empty where it is something else.
std::int64_t number_in(const json::value* value) {
  const auto* number = value ? value->if_int64() : nullptr;
  return number ? *number : 0;
}
std::string text_in(const json::value* value) {
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

std::vector<Rules::Window> windows_in(const json::value* value) {
  std::vector<Rules::Window> out;
  const json::array* all = value ? value->if_array() : nullptr;
  for (std::size_t i = 0; all && i < all->size(); ++i) {
    const json::array* w = (*all)[i].if_array();
    if (!w) continue;
    const auto number = [w](std::size_t at) { return number_in(w->if_contains(at)); };
    out.push_back({text_in(w->if_contains(0)), from_millis(number(1)), from_millis(number(2)),
                   static_cast<int>(number(3)), static_cast<int>(number(4)),
                   static_cast<int>(number(5)), text_in(w->if_contains(6))});
  }
  return out;
}

bool begins_on(const Rules::Window& window, std::int64_t day) {
  return (window.days >> weekday_of(day) & 1) != 0;
}

bool holds_weekly(const Rules::Window& window, Instant t) {
  const auto zone = load_zone(window.zone);
  if (!zone) return false;
  const Civil wall = (*zone)->to_civil(t);
  const std::int64_t today = days_of(wall.year, wall.month, wall.day);
  const int minute = wall.hour * 60 + wall.minute;
  const int length = window.minutes_until - window.minutes_from;
  const int end = window.minutes_from + (length > 0 ? length : length + minutes_of_a_day);
  const auto inside = [&](int at) { return window.minutes_from <= at && at < end; };
  return (begins_on(window, today) && inside(minute)) ||
         (begins_on(window, today - 1) && inside(minute + minutes_of_a_day));
}

bool holds(const Rules::Window& window, Instant t) {
  return window.days != 0 ? holds_weekly(window, t) : window.from <= t && t < window.until;
}

}  // namespace

Rules rules_of(const config::JobConfig& job) {
  const Policy& policy = *job.policy;
  Rules rules{.catch_up = std::string(to_string(policy.catch_up.kind)),
              .window = policy.catch_up.window,
              .max_slots = policy.catch_up.max_slots,
              .grace = policy.catch_up.grace};
  for (const Blackout& one : policy.blackouts)
    rules.blackouts.push_back({.name = one.name, .from = one.from, .until = one.until});
  for (const Maintenance& one : policy.maintenance) rules.maintenance.push_back(window_of(one));
  return rules;
}

std::string to_json(const Rules& rules) {
  return json::serialize(json::object{{"catch_up", rules.catch_up},
                                      {"window", rules.window.count()},
                                      {"max_slots", rules.max_slots},
                                      {"grace", rules.grace.count()},
                                      {"blackouts", json_of(rules.blackouts)},
                                      {"maintenance", json_of(rules.maintenance)}});
}

Result<Rules> rules_in(std::string_view text) {
  json::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::object* o = parsed.if_object();
  if (failed || !o)
    return Error(Errc::corrupt, "what the auditor saw of a job's rules is no JSON object");
  return Rules{text_in(o->if_contains("catch_up")),
               Duration{number_in(o->if_contains("window"))},
               static_cast<int>(number_in(o->if_contains("max_slots"))),
               Duration{number_in(o->if_contains("grace"))},
               windows_in(o->if_contains("blackouts")),
               windows_in(o->if_contains("maintenance"))};
}

const Rules::Window* window_at(const std::vector<Rules::Window>& windows, Instant t) {
  const auto found = std::ranges::find_if(windows, [t](const auto& w) { return holds(w, t); });
  return found == windows.end() ? nullptr : &*found;
}

}  // namespace hotclock::auditor
