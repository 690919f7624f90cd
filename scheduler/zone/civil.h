// Wall-clock readings, and the calendar arithmetic below them (proleptic Gregorian).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock {

// What a clock on a wall shows; which instant that is, only a Zone can say.
struct Civil {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;

  friend auto operator<=>(const Civil&, const Civil&) = default;
};

// "2026-11-23T00:05:00".
std::string to_string(const Civil& c);

// Reads "2026-11-23", "2026-11-23T00:05" or "2026-11-23T00:05:07" (a space may stand for the T).
// Errc::invalid for anything else, and for a date that no calendar has.
Result<Civil> parse_civil(std::string_view text);

// Days since 1970-01-01 of a date.  REQUIRES: 1 <= month <= 12.
constexpr std::int64_t days_of(std::int64_t year, int month, int day) {
  // Years begin in March here, so that the leap day is the last one; eras are of 400 years.
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

constexpr bool is_leap(std::int64_t year) {
  return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int month_length(std::int64_t year, int month) {
  return month == 2 ? (is_leap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
}

// 0 is Sunday.
constexpr int weekday_of(std::int64_t days) {
  const std::int64_t w = (days + 4) % 7;
  return static_cast<int>(w < 0 ? w + 7 : w);
}

// A wall-clock reading as seconds since 1970-01-01T00:00 on that same clock, and back.
constexpr std::int64_t wall_seconds(const Civil& c) {
  return days_of(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
}
Civil civil_of(std::int64_t wall_seconds);

}  // namespace hotclock
