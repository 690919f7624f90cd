#include "service/config/maintenance.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "scheduler/zone/civil.h"

namespace hotclock::config {
namespace {

constexpr std::uint8_t every_day = 0x7f;
constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::optional<Instant> read_edge(std::string_view text, const Zone& zone, bool end) {
  const bool day = text.size() == 10;
  auto civil = parse_civil(text);
  if (!civil) return std::nullopt;
  if (day && end) civil = civil_of(wall_seconds(*civil) + 24 * 60 * 60);
  return zone.from_civil(*civil).first;
}

std::optional<int> read_day(std::string_view text) {
  const auto found = std::ranges::find(days, text);
  if (found == days.end()) return std::nullopt;
  return static_cast<int>(found - days.begin());
}

// "Sun", or "Fri-Mon".
std::optional<std::uint8_t> read_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = read_day(text.substr(0, dash));
  const auto last = dash == text.npos ? first : read_day(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  std::uint8_t mask = 0;
  for (int day = *first;; day = (day + 1) % 7) {
    mask = static_cast<std::uint8_t>(mask | (1 << day));
    if (day == *last) return mask;
  }
}

std::optional<std::uint8_t> read_days(std::string_view text) {
  if (text == "*") return every_day;
  std::uint8_t mask = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const auto some = read_range(text.substr(at, comma - at));
    if (!some) return std::nullopt;
    mask = static_cast<std::uint8_t>(mask | *some);
    at = comma + 1;
  }
  return mask;
}

std::optional<int> read_two_digits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// "02:00" in minutes; "24:00" is the end of the day.
std::optional<int> read_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = read_two_digits(text.substr(0, 2));
  const auto minute = read_two_digits(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<Maintenance::Weekly> read_weekly(std::string_view text,
                                               const std::shared_ptr<const Zone>& zone) {
  const auto space = text.find(' ');
  if (space == text.npos || text.size() != space + 12 || text[space + 6] != '-')
    return std::nullopt;
  const auto on = read_days(text.substr(0, space));
  const auto from = read_minute(text.substr(space + 1, 5));
  const auto until = read_minute(text.substr(space + 7));
  if (!on || !from || !until || *from == 24 * 60) return std::nullopt;
  return Maintenance::Weekly{*on, *from, *until % (24 * 60), zone};
}

}  // namespace

std::optional<Stretch> read_stretch(std::string_view text, const Zone& zone) {
  const auto slash = text.find('/');
  const auto from = read_edge(text.substr(0, slash), zone, false);
  const auto until = read_edge(slash == text.npos ? text : text.substr(slash + 1), zone, true);
  const bool one_instant = slash == text.npos && text.size() != 10;
  if (!from || !until || one_instant || *until <= *from) return std::nullopt;
  return Stretch{*from, *until};
}

std::optional<Maintenance> read_window(const std::string& text,
                                       const std::shared_ptr<const Zone>& zone) {
  if (const auto weekly = read_weekly(text, zone)) return Maintenance{text, *weekly};
  if (const auto once = read_stretch(text, *zone))
    return Maintenance{text, Maintenance::Once{once->from, once->until}};
  return std::nullopt;
}

std::vector<Maintenance> read_windows(Section& section, std::string_view key,
                                      const std::string& zone_name) {
  std::vector<Maintenance> out;
  const auto zone = load_zone(zone_name);
  for (const std::string& text : section.texts(key, {})) {
    if (!zone) break;  // is refused where it stands
    if (auto window = read_window(text, *zone))
      out.push_back(*std::move(window));
    else
      section.refuse(key, fmt::format("\"{}\" is no window of time", text),
                     "write \"Sun 02:00-04:00\", \"* 03:00-03:10\" or"
                     " \"2026-12-24T18:00/2026-12-25T06:00\"");
  }
  if (never_ends(out))
    section.refuse(key, "these windows leave no time between them", "nothing would ever run");
  return out;
}

}  // namespace hotclock::config
