// L, W and # as shifts: which days of a month the two day fields name. Private to cron/.
#pragma once

#include <array>
#include <cstdint>

namespace hotclock::cron {

// Which days of a month: both day fields, folded into words that a few shifts turn into the days of
// any month. In a set of days of a month, bit d is day d.
struct DayRule {
  static constexpr std::uint32_t kAllDays = 0xFFFF'FFFEU;
  static constexpr std::uint8_t kAllWeekdays = 0x7F;

  std::uint32_t days = kAllDays;         // plain days of the month
  std::uint32_t from_end = 0;            // `L-n` is bit 31 - n
  std::uint32_t near = 0;                // `nW` is bit n; `LW` is bit 0
  std::uint8_t weekdays = kAllWeekdays;  // plain days of the week; Sunday is bit 0
  bool either = false;                   // a day that one of the two fields names will do
  std::uint64_t nth = 0;                 // `D#n` is bit 7 * (n - 1) + D; `D#L` is bit 35 + D

  bool is_special() const { return (from_end | near | nth) != 0; }
  bool any_day_of_month() const { return days == kAllDays; }
  // Whether it names weekdays and nothing else.
  bool is_weekly() const { return any_day_of_month() && !either && nth == 0 && weekdays != 0; }
  bool any_weekday() const { return weekdays == kAllWeekdays; }

  // The days of a month of `length` days whose first is weekday `first`.
  std::uint32_t in_month(unsigned length, unsigned first) const {
    const std::uint32_t whole = (2U << (length - 1) << 1) - 2;
    if (!either && any_day_of_month()) return by_week(length, first) & whole;
    if (!either && any_weekday()) return by_date(length, first) & whole;
    const std::uint32_t dates = by_date(length, first), week = by_week(length, first);
    return (either ? dates | week : dates & week) & whole;
  }

  // A set of weekdays, laid over a month whose first day is weekday `first`.
  static constexpr std::uint32_t weekly(std::uint64_t set, unsigned first) {
    return static_cast<std::uint32_t>((set * 0x0000'0408'1020'4081ULL) >> first << 1);
  }

  std::uint32_t by_date(unsigned length, unsigned first) const {
    return (from_end | near) == 0 ? days : days | special_dates(length, first);
  }
  std::uint32_t by_week(unsigned length, unsigned first) const {
    const std::uint32_t plain = weekly(weekdays, first);
    return nth == 0 ? plain : plain | special_weekdays(length, first);
  }
  std::uint32_t special_dates(unsigned length, unsigned first) const;
  std::uint32_t special_weekdays(unsigned length, unsigned first) const;
};

// Bits 0 to 6 - first of each of five groups of seven.
inline constexpr std::array<std::uint64_t, 7> kUnturned = [] {
  std::array<std::uint64_t, 7> masks{};
  for (unsigned first = 0; first < 7; ++first)
    for (unsigned week = 0; week < 5; ++week)
      masks[first] |= ((1ULL << (7 - first)) - 1) << (7 * week);
  return masks;
}();

// The Saturdays of a month by the weekday of its first day; the Sundays follow them.
inline constexpr std::array<std::uint32_t, 7> kSaturdays = [] {
  std::array<std::uint32_t, 7> masks{};
  for (unsigned first = 0; first < 7; ++first) masks[first] = DayRule::weekly(0x40, first);
  return masks;
}();

inline std::uint32_t DayRule::special_dates(unsigned length, unsigned first) const {
  const std::uint32_t from_last = from_end >> (31 - length);
  if (near == 0) return from_last;
  constexpr std::uint32_t kFirstDay = 2;
  const std::uint32_t last = 1U << length;
  const std::uint32_t asked = (near | (near & 1) << length) & (2 * last - 2);
  const std::uint32_t all_saturdays = kSaturdays[first];
  const std::uint32_t all_sundays = all_saturdays << 1 | (first == 0 ? kFirstDay : 0);
  const std::uint32_t saturdays = asked & all_saturdays, sundays = asked & all_sundays;
  std::uint32_t found = (asked ^ saturdays ^ sundays) | from_last;
  // Saturday goes back to Friday and Sunday on to Monday, but never out of the month.
  if (saturdays != 0) found |= (saturdays & ~kFirstDay) >> 1 | (saturdays & kFirstDay) << 2;
  if (sundays != 0) found |= (sundays & ~last) << 1 | (sundays & last) >> 2;
  return found;
}

inline std::uint32_t DayRule::special_weekdays(unsigned length, unsigned first) const {
  // Week n of a month holds days 7n-6 to 7n; turning each group of seven by the weekday on which
  // the month begins makes bit d-1 of it day d.
  std::uint32_t found = 0;
  if (const std::uint64_t weeks = nth & ((1ULL << 35) - 1); weeks != 0) {
    const std::uint64_t unturned = kUnturned[first];
    found = static_cast<std::uint32_t>(
        ((weeks >> first & unturned) | (weeks << (7 - first) & ~unturned)) << 1);
  }
  if (const std::uint64_t last = nth >> 35; last != 0)
    found |= weekly(last, first) & (0x7FU << (length - 6));
  return found;
}

}  // namespace hotclock::cron
