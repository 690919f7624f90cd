// What can never be, known in advance: the years in which an expression has a date, and of those
// the ones in which a gap does not swallow every run.
#include <algorithm>
#include <bit>

#include "scheduler/cron/plan.h"

namespace hotclock::cron {
namespace {

constexpr std::uint32_t kFirst28 = 0x1FFF'FFFEU;

// Whether every month has a day that the field names (each on its own).
bool sure_by_date(const DayRule& d) {
  const std::uint32_t from_end_of_28 = 0xFFFF'FFF0U;  // L, L-1, ..., L-27
  return (d.days & kFirst28) != 0 || (d.from_end & from_end_of_28) != 0 ||
         (d.near & (kFirst28 | 1)) != 0;
}

bool sure_by_weekday(const DayRule& d) {
  const std::uint64_t fifth = 0x7FULL << 28;
  return d.weekdays != 0 || (d.nth & ~fifth) != 0;
}

bool sure_of_a_day(const DayRule& d) {
  if (d.either) return sure_by_date(d) || sure_by_weekday(d);
  return (d.any_day_of_month() && sure_by_weekday(d)) || (d.any_weekday() && sure_by_date(d));
}

// Whether a year that begins on weekday `first` has a day.
bool has_day(const Plan& p, bool leap, int first) {
  for (int month = 1; month <= 12; ++month) {
    const int length = month_length(leap ? 2000 : 2001, month);
    if (((p.months >> month) & 1) != 0 &&
        p.day.in_month(static_cast<unsigned>(length), static_cast<unsigned>(first)) != 0)
      return true;
    first = (first + length) % 7;
  }
  return false;
}

// A year is of one of 14 kinds: leap or not, and the weekday on which it begins.
YearSet years_with_a_day(const Plan& p) {
  bool has[2][7];
  for (int first = 0; first < 7; ++first)
    for (int leap = 0; leap < 2; ++leap) has[leap][first] = has_day(p, leap != 0, first);
  YearSet found;
  int first = weekday_of(0);
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    const bool leap = is_leap(year);
    if (p.years.has(year) && has[leap ? 1 : 0][first]) found.add(year);
    first = (first + (leap ? 2 : 1)) % 7;
  }
  return found;
}

// Whether gaps of the zone can take away all that is due in some year: they touch every hour and
// every month named, and not only one of a month's several weeks.
bool gaps_may_take_all(const Plan& p) {
  const GapHabits& gaps = p.zone->gap_habits();
  const bool loses = !p.make_up || gaps.longest > p.shift_limit();
  const bool every_week = p.day.weekdays != 0 && (p.day.either || p.day.any_day_of_month());
  return loses && !every_week && (p.hours & ~gaps.hours) == 0 && (p.months & ~gaps.months) == 0;
}

std::int64_t start_of(const Zone& zone, int year) {
  return to_millis(zone.from_civil({.year = year}).first) / 1000;
}

YearSet years_due(const Plan& p) {
  YearSet found;
  for (std::int64_t s = next_second(p, -2 * 86400); s != kNone;) {
    const int year = p.zone->to_civil(from_millis(s * 1000)).year;
    found.add(year);
    s = next_second(p, std::max(s + 1, start_of(*p.zone, year + 1)));
  }
  return found;
}

}  // namespace

void settle(Plan& p) {
  const auto clock = [](int h, int m, int s) {
    return static_cast<std::uint32_t>(h * 3600 + m * 60 + s);
  };
  p.first_of_day =
      clock(std::countr_zero(p.hours), std::countr_zero(p.minutes), std::countr_zero(p.seconds));
  p.last_of_day = clock(31 - std::countl_zero(p.hours), 63 - std::countl_zero(p.minutes),
                        63 - std::countl_zero(p.seconds));
  p.once = p.fixed || p.rule == DstRule::ocps;
  p.make_up = p.fixed && p.rule != DstRule::ocps;
  if (!sure_of_a_day(p.day)) p.years = years_with_a_day(p);
  if (gaps_may_take_all(p)) p.years = years_due(p);
}

}  // namespace hotclock::cron
