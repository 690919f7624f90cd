// L, W and # as shifts: which days of a month the two day fields name.
#include "scheduler/cron/plan.h"

namespace hotclock::cron {
namespace {

constexpr std::uint32_t bit(unsigned n) { return 1U << n; }

constexpr std::uint64_t kMondayToFriday = 0x3E;
constexpr std::uint64_t kSaturday = 0x40;
constexpr std::uint64_t kSunday = 0x01;
constexpr unsigned kLastWeek = 35;  // where `D#L` begins in DayRule::nth

// Bits 0 to 6 - first of each of five groups of seven.
constexpr std::array<std::uint64_t, 7> kUnturned = [] {
  std::array<std::uint64_t, 7> masks{};
  for (unsigned first = 0; first < 7; ++first)
    for (unsigned week = 0; week < 5; ++week)
      masks[first] |= ((1ULL << (7 - first)) - 1) << (7 * week);
  return masks;
}();

}  // namespace

std::uint32_t DayRule::special_dates(unsigned length, unsigned first) const {
  if (near == 0) return from_end >> (31 - length);
  const std::uint32_t last = bit(length);
  std::uint32_t asked = near & (2 * last - 2);
  if ((near & 1) != 0) asked |= last;
  const std::uint32_t saturdays = asked & weekly(kSaturday, first);
  const std::uint32_t sundays = asked & weekly(kSunday, first);
  // Saturday goes back to Friday and Sunday on to Monday, but never out of the month.
  std::uint32_t found = asked & weekly(kMondayToFriday, first);
  found |= (saturdays & ~bit(1)) >> 1 | (saturdays & bit(1)) << 2;
  found |= (sundays & ~last) << 1 | (sundays & last) >> 2;
  return found | from_end >> (31 - length);
}

std::uint32_t DayRule::special_weekdays(unsigned length, unsigned first) const {
  // Week n of a month holds days 7n-6 to 7n; turning each group of seven by the weekday on which
  // the month begins makes bit d-1 of it day d.
  const std::uint64_t weeks = nth & ((1ULL << kLastWeek) - 1);
  const std::uint64_t turned =
      (weeks >> first & kUnturned[first]) | (weeks << (7 - first) & ~kUnturned[first]);
  const std::uint32_t last = weekly(nth >> kLastWeek, first) & (0x7FU << (length - 6));
  return static_cast<std::uint32_t>(turned << 1) | last;
}

}  // namespace hotclock::cron
