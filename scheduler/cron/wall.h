// The search on the wall clock, as inline code for the one hot path. Private to cron/.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "scheduler/cron/plan.h"

namespace hotclock::cron {

inline constexpr int lowest(std::uint64_t set) { return std::countr_zero(set); }
inline constexpr int highest(std::uint64_t set) { return 63 - std::countl_zero(set); }

// Bits above n, bits below n.  REQUIRES: n < 63.
inline constexpr std::uint64_t above(std::uint64_t set, int n) { return set & (~0ULL << n << 1); }
inline constexpr std::uint64_t below(std::uint64_t set, int n) { return set & ((1ULL << n) - 1); }

struct Date {
  int year, month, day;
};

// In 1970 to 2199 every fourth year is a leap year but 2100, so that a calendar of plain four-year
// cycles serves, one day longer from March 2100 on. Years begin in March, the first is 1968;
// 2141/65536 is near enough to 1/30.6, months being 153 days in five.
inline constexpr std::uint32_t kMarch1968 = 671;  // days from then to 1970-01-01
inline constexpr std::uint32_t kMarch2100 = static_cast<std::uint32_t>(days_of(2100, 3, 1));

inline Date date_of(std::uint32_t days) {
  const std::uint32_t quarters = (days + kMarch1968 + (days >= kMarch2100 ? 1 : 0)) * 4 + 3;
  const std::uint32_t year = quarters / 1461;
  const std::uint32_t month = 2141 * (quarters % 1461 / 4) + 197913;  // in the upper half
  const bool next_year = (month >> 16) > 12;
  return {static_cast<int>(1968 + year + (next_year ? 1 : 0)),
          static_cast<int>((month >> 16) - (next_year ? 12 : 0)),
          static_cast<int>((month & 0xFFFF) / 2141 + 1)};
}

inline bool is_leap_here(int year) { return (year & 3) == 0 && year != 2100; }

inline unsigned length_of(int year, int month) {
  if (month == 2) return is_leap_here(year) ? 29 : 28;
  return static_cast<unsigned>(30 + ((month + (month >> 3)) & 1));
}

inline constexpr std::array<std::uint16_t, 13> kDaysBefore{0,   0,   31,  59,  90,  120, 151,
                                                           181, 212, 243, 273, 304, 334};

inline std::uint32_t first_of(int year, int month) {
  const int leaps = (year - 1969) / 4 - (year > 2100 ? 1 : 0);
  const int leap_day = month > 2 && is_leap_here(year) ? 1 : 0;
  return static_cast<std::uint32_t>((year - kFirstYear) * 365 + leaps + leap_day) +
         kDaysBefore[static_cast<unsigned>(month)];
}

// `first` is the day number of the month's first day.
inline std::uint32_t days_in(const DayRule& rule, unsigned length, std::uint32_t first) {
  return rule.in_month(length, (first + 4) % 7);
}

inline std::int64_t second_of(std::uint32_t day, std::uint32_t second_of_day) {
  return std::int64_t{day} * 86400 + second_of_day;
}

// The nearest due second of a day from `second` on, up to it; -1.
inline std::int64_t time_from(const Plan& p, std::uint32_t second) {
  const int h = static_cast<int>(second / 3600);
  const int m = static_cast<int>(second % 3600 / 60);
  const int s = static_cast<int>(second % 60);
  if (((p.hours >> h) & 1) != 0) {
    if (((p.minutes >> m) & 1) != 0)
      if (const std::uint64_t found = p.seconds >> s << s; found != 0)
        return h * 3600 + m * 60 + lowest(found);
    if (const std::uint64_t found = above(p.minutes, m); found != 0)
      return h * 3600 + lowest(found) * 60 + lowest(p.seconds);
  }
  const std::uint64_t found = above(p.hours, h);
  if (found == 0) return -1;
  return lowest(found) * 3600 + p.first_of_day % 3600;
}

// The months after (before) `month` of `year`, and then all other years of the set. A year is in
// the set only if one of its months has a day, so that two years at most are looked at.
std::int64_t in_later_month(const Plan& p, int year, int month);
std::int64_t in_earlier_month(const Plan& p, int year, int month);

// next_wall() where only weekdays matter. Adding 4 makes the day number's remainder a weekday.
inline std::int64_t next_weekly(const Plan& p, std::int64_t wall) {
  const auto day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
  const int weekday = static_cast<int>((day + 4) % 7);
  const std::uint32_t weekdays = p.day.weekdays;
  if (((weekdays >> weekday) & 1) != 0)
    if (const std::int64_t found = time_from(p, of_day); found >= 0)
      return second_of(day, 0) + found;
  const auto ahead =
      static_cast<std::uint32_t>(lowest((weekdays | weekdays << 7) >> weekday >> 1)) + 1;
  const std::int64_t found = second_of(day + ahead, p.first_of_day);
  return found < kWallEnd ? found : kNone;
}

// next_wall() where a month has one day at most.
inline std::int64_t next_monthly(const Plan& p, std::int64_t wall) {
  const auto day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  Date d = date_of(day);
  std::uint32_t first = day - static_cast<std::uint32_t>(d.day) + 1;
  for (unsigned length = length_of(d.year, d.month);; length = length_of(d.year, d.month)) {
    const int due =
        ((p.months >> d.month) & 1) != 0 ? p.one_day.in_month(length, (first + 4) % 7) : 0;
    if (due > d.day) return second_of(first + static_cast<std::uint32_t>(due) - 1, p.first_of_day);
    if (due == d.day && due != 0) {
      const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
      if (const std::int64_t found = time_from(p, of_day); found >= 0)
        return second_of(day, 0) + found;
    }
    first += length;
    d.day = 0;
    if (++d.month <= 12) continue;
    d.month = 1;
    if (++d.year > kLastYear) return kNone;
  }
}

// next_wall(), inline.
inline std::int64_t next_wall_here(const Plan& p, std::int64_t wall) {
  if (wall >= kWallEnd) return kNone;
  if (wall < 0) wall = 0;
  if (p.kind == Kind::weekly) return next_weekly(p, wall);
  if (p.kind == Kind::monthly) return next_monthly(p, wall);
  const auto day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  const Date d = date_of(day);
  if (!p.years.has(d.year)) return in_later_month(p, d.year, d.month);
  const unsigned length = length_of(d.year, d.month);
  const std::uint32_t first = day - static_cast<std::uint32_t>(d.day) + 1;
  if (((p.months >> d.month) & 1) != 0) {
    const std::uint32_t days = days_in(p.day, length, first);
    if (((days >> d.day) & 1) != 0) {
      const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
      if (const std::int64_t found = time_from(p, of_day); found >= 0)
        return second_of(day, 0) + found;
    }
    if (const std::uint64_t later = above(days, d.day); later != 0)
      return second_of(first + static_cast<std::uint32_t>(lowest(later)) - 1, p.first_of_day);
  }
  // The next month of the same year, before the way through all that may come.
  if (((p.months >> d.month) & 2) == 0) return in_later_month(p, d.year, d.month);
  const std::uint32_t days = days_in(p.day, length_of(d.year, d.month + 1), first + length);
  if (days == 0) return in_later_month(p, d.year, d.month + 1);
  return second_of(first + length + static_cast<std::uint32_t>(lowest(days)) - 1, p.first_of_day);
}

}  // namespace hotclock::cron
