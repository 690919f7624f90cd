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

  bool any_day_of_month() const { return days == kAllDays; }
  // Whether it names weekdays and nothing else.
  bool is_weekly() const { return any_day_of_month() && !either && nth == 0 && weekdays != 0; }
  bool any_weekday() const { return weekdays == kAllWeekdays; }

  // The days of a month of `length` days whose first is weekday `first`.
  std::uint32_t in_month(unsigned length, unsigned first) const {
    const std::uint32_t whole = (2U << (length - 1) << 1) - 2;
    std::uint32_t by_date = days;
    std::uint32_t by_week = weekly(weekdays, first);
    if ((from_end | near) != 0) by_date |= special_dates(length, first);
    if (nth != 0) by_week |= special_weekdays(length, first);
    return (either ? by_date | by_week : by_date & by_week) & whole;
  }

  // A set of weekdays, laid over a month whose first day is weekday `first`.
  static std::uint32_t weekly(std::uint64_t set, unsigned first) {
    return static_cast<std::uint32_t>((set * 0x0000'0408'1020'4081ULL) >> first << 1);
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

inline std::uint32_t DayRule::special_dates(unsigned length, unsigned first) const {
  if (near == 0) return from_end >> (31 - length);
  const std::uint32_t last = 1U << length;
  constexpr std::uint32_t kFirstDay = 2;
  std::uint32_t asked = near & (2 * last - 2);
  if ((near & 1) != 0) asked |= last;
  const std::uint32_t all_saturdays = weekly(0x40, first), all_sundays = weekly(0x01, first);
  const std::uint32_t saturdays = asked & all_saturdays, sundays = asked & all_sundays;
  // Saturday goes back to Friday and Sunday on to Monday, but never out of the month.
  std::uint32_t found = asked & ~(all_saturdays | all_sundays);
  found |= (saturdays & ~kFirstDay) >> 1 | (saturdays & kFirstDay) << 2;
  found |= (sundays & ~last) << 1 | (sundays & last) >> 2;
  return found | from_end >> (31 - length);
}

inline std::uint32_t DayRule::special_weekdays(unsigned length, unsigned first) const {
  // Week n of a month holds days 7n-6 to 7n; turning each group of seven by the weekday on which
  // the month begins makes bit d-1 of it day d.
  const std::uint64_t weeks = nth & ((1ULL << 35) - 1);
  const std::uint64_t turned =
      (weeks >> first & kUnturned[first]) | (weeks << (7 - first) & ~kUnturned[first]);
  const std::uint32_t last = weekly(nth >> 35, first) & (0x7FU << (length - 6));
  return static_cast<std::uint32_t>(turned << 1) | last;
}

}  // namespace hotclock::cron
