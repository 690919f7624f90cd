// What can never be, known in advance: the years in which an expression has a date, and of those
// the ones in which a gap does not swallow every run.
#include <algorithm>
#include <array>
#include <bit>

#include "scheduler/cron/plan.h"

namespace hotclock::cron {
namespace {

constexpr std::uint32_t kFirst28 = 0x1FFF'FFFEU;

// Whether every year has a day that the field names (each on its own).
bool sure_by_date(const Plan& p) {
  constexpr std::uint32_t kFromEndOf28 = 0xFFFF'FFF0U;  // L, L-1, ..., L-27
  constexpr unsigned kMonthsOf31 = 0x15AA;
  const DayRule& d = p.day;
  return (d.days & kFirst28) != 0 || (d.days != 0 && (p.months & kMonthsOf31) != 0) ||
         (d.from_end & kFromEndOf28) != 0 || (d.near & (kFirst28 | 1)) != 0;
}

bool sure_by_weekday(const DayRule& d) {
  const std::uint64_t fifth = 0x7FULL << 28;
  return d.weekdays != 0 || (d.nth & ~fifth) != 0;
}

bool sure_of_a_day(const Plan& p) {
  const DayRule& d = p.day;
  if (d.either) return sure_by_date(p) || sure_by_weekday(d);
  return (d.any_day_of_month() && sure_by_weekday(d)) || (d.any_weekday() && sure_by_date(p));
}

// A year is of one of 14 kinds: leap or not, and the weekday on which it begins.
constexpr int kKinds = 14;

constexpr std::array<YearSet, kKinds> kYearsOfKind = [] {
  std::array<YearSet, kKinds> years{};
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    const int kind = (is_leap(year) ? 7 : 0) + weekday_of(days_of(year, 1, 1));
    years[static_cast<std::size_t>(kind)].add(year);
  }
  return years;
}();

// Whether a year of that kind has a day.
bool has_day(const Plan& p, int kind) {
  const int leap_year = 2000, plain_year = 2001;
  const int like = kind >= 7 ? leap_year : plain_year;
  for (unsigned months = p.months; months != 0; months &= months - 1) {
    const int month = std::countr_zero(months);
    const auto before = static_cast<int>(days_of(like, month, 1) - days_of(like, 1, 1));
    if (p.day.in_month(static_cast<unsigned>(month_length(like, month)),
                       static_cast<unsigned>((kind + before) % 7)) != 0)
      return true;
  }
  return false;
}

YearSet years_with_a_day(const Plan& p) {
  YearSet found;
  for (int kind = 0; kind < kKinds; ++kind) {
    if (!has_day(p, kind)) continue;
    const YearSet& years = kYearsOfKind[static_cast<std::size_t>(kind)];
    for (std::size_t i = 0; i < found.bits.size(); ++i)
      found.bits[i] |= years.bits[i] & p.years.bits[i];
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

// Whether no month has more than one day; those of each kind of month then.
bool find_one_day(const DayRule& rule, OneDay& out) {
  for (unsigned length = 28; length <= 31; ++length) {
    for (unsigned first = 0; first < 7; ++first) {
      const std::uint32_t days = rule.in_month(length, first);
      if (!std::has_single_bit(days) && days != 0) return false;
      out.days[(length - 28) * 7 + first] =
          days == 0 ? 0 : static_cast<std::uint8_t>(std::countr_zero(days));
    }
  }
  return true;
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
  if (!sure_of_a_day(p)) p.years = years_with_a_day(p);
  if (gaps_may_take_all(p)) p.years = years_due(p);
  if (p.years != YearSet::all()) return;
  constexpr std::uint16_t kAllMonths = 0x1FFE;
  if (p.day.is_weekly() && p.months == kAllMonths) p.kind = Kind::weekly;
  OneDay one_day;
  if (!p.day.is_special() || !find_one_day(p.day, one_day)) return;
  p.kind = Kind::monthly;
  p.one_day = one_day;
}

}  // namespace hotclock::cron
