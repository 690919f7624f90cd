// The search on the wall clock: from one reading to the nearest that an expression names.
#include "scheduler/cron/wall.h"

#include <bit>

namespace hotclock::cron {
namespace {

std::int64_t time_until(const Plan& p, std::uint32_t second) {
  const int h = static_cast<int>(second / 3600);
  const int m = static_cast<int>(second % 3600 / 60);
  const int s = static_cast<int>(second % 60);
  if (((p.hours >> h) & 1) != 0) {
    if (((p.minutes >> m) & 1) != 0)
      if (const std::uint64_t found = below(p.seconds, s + 1); found != 0)
        return h * 3600 + m * 60 + highest(found);
    if (const std::uint64_t found = below(p.minutes, m); found != 0)
      return h * 3600 + highest(found) * 60 + highest(p.seconds);
  }
  const std::uint64_t found = below(p.hours, h);
  if (found == 0) return -1;
  return highest(found) * 3600 + p.last_of_day % 3600;
}

}  // namespace

std::int64_t in_later_month(const Plan& p, int year, int month) {
  std::uint64_t months = p.years.has(year) ? above(p.months, month) : 0;
  for (;;) {
    for (; months != 0; months &= months - 1) {
      const std::uint32_t first = first_of(year, lowest(months));
      const std::uint32_t days = days_in(p.day, length_of(year, lowest(months)), first);
      if (days != 0)
        return second_of(first + static_cast<std::uint32_t>(lowest(days)) - 1, p.first_of_day);
    }
    year = p.years.after(year);
    if (year == 0) return kNone;
    months = p.months;
  }
}

std::int64_t in_earlier_month(const Plan& p, int year, int month) {
  std::uint64_t months = p.years.has(year) ? below(p.months, month) : 0;
  for (;;) {
    for (; months != 0; months &= ~(1ULL << highest(months))) {
      const std::uint32_t first = first_of(year, highest(months));
      const std::uint32_t days = days_in(p.day, length_of(year, highest(months)), first);
      if (days != 0)
        return second_of(first + static_cast<std::uint32_t>(highest(days)) - 1, p.last_of_day);
    }
    year = p.years.before(year);
    if (year == 0) return kNoneBefore;
    months = p.months;
  }
}

int YearSet::after(int year) const {
  const unsigned y = static_cast<unsigned>(year - kFirstYear) + 1;
  if (y >= static_cast<unsigned>(kYears)) return 0;
  std::uint64_t word = bits[y / 64] >> (y % 64) << (y % 64);
  for (unsigned i = y / 64;; word = bits[i]) {
    if (word != 0) return kFirstYear + static_cast<int>(i) * 64 + lowest(word);
    if (++i == bits.size()) return 0;
  }
}

int YearSet::before(int year) const {
  const unsigned y = static_cast<unsigned>(year - kFirstYear);
  std::uint64_t word = bits[y / 64] & ((1ULL << (y % 64)) - 1);
  for (unsigned i = y / 64;; word = bits[i]) {
    if (word != 0) return kFirstYear + static_cast<int>(i) * 64 + highest(word);
    if (i-- == 0) return 0;
  }
}

std::int64_t next_wall(const Plan& p, std::int64_t wall) { return next_wall_here(p, wall); }

namespace {

std::int64_t previous_weekly(const Plan& p, std::int64_t wall) {
  const auto day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
  const int weekday = static_cast<int>((day + 4) % 7);
  const std::uint32_t weekdays = p.day.weekdays;
  if (((weekdays >> weekday) & 1) != 0)
    if (const std::int64_t found = time_until(p, of_day); found >= 0)
      return second_of(day, 0) + found;
  const int back = weekday + 7 - highest(below(weekdays | weekdays << 7, weekday + 7));
  const std::int64_t found = (std::int64_t{day} - back) * 86400 + p.last_of_day;
  return found >= 0 ? found : kNoneBefore;
}

std::int64_t previous_monthly(const Plan& p, std::int64_t wall) {
  const auto day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  Date d = date_of(day);
  std::uint32_t first = day - static_cast<std::uint32_t>(d.day) + 1;
  for (unsigned length = length_of(d.year, d.month);; first -= length) {
    const int due =
        ((p.months >> d.month) & 1) != 0 ? p.one_day.in_month(length, (first + 4) % 7) : 0;
    if (due != 0 && due < d.day)
      return second_of(first + static_cast<std::uint32_t>(due) - 1, p.last_of_day);
    if (due == d.day) {
      const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
      if (const std::int64_t found = time_until(p, of_day); found >= 0)
        return second_of(day, 0) + found;
    }
    if (--d.month == 0) {
      d.month = 12;
      if (--d.year < kFirstYear) return kNoneBefore;
    }
    d.day = 32;
    length = length_of(d.year, d.month);
  }
}

}  // namespace

std::int64_t previous_wall(const Plan& p, std::int64_t wall) {
  if (wall < 0) return kNoneBefore;
  if (wall >= kWallEnd) wall = kWallEnd - 1;
  if (p.kind == Kind::weekly) return previous_weekly(p, wall);
  if (p.kind == Kind::monthly) return previous_monthly(p, wall);
  const std::uint32_t day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) / 86400);
  const Date d = date_of(day);
  if (p.years.has(d.year) && ((p.months >> d.month) & 1) != 0) {
    const std::uint32_t first = day - static_cast<std::uint32_t>(d.day) + 1;
    const std::uint32_t days = days_in(p.day, length_of(d.year, d.month), first);
    if (((days >> d.day) & 1) != 0) {
      const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(wall) % 86400);
      if (const std::int64_t found = time_until(p, of_day); found >= 0)
        return second_of(day, 0) + found;
    }
    if (const std::uint64_t earlier = below(days, d.day); earlier != 0)
      return second_of(first + static_cast<std::uint32_t>(highest(earlier)) - 1, p.last_of_day);
  }
  return in_earlier_month(p, d.year, d.month);
}

}  // namespace hotclock::cron
