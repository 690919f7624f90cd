// An expression, understood: sets of bits, and the due seconds they give in a zone. Private to
// cron/.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>

#include <boost/container/string.hpp>

#include "scheduler/cron/days.h"
#include "scheduler/cron/schedule.h"
#include "scheduler/zone/zone.h"

namespace hotclock::cron {

inline constexpr int kFirstYear = 1970;
inline constexpr int kLastYear = 2199;
inline constexpr int kYears = kLastYear - kFirstYear + 1;

// Wall clocks are searched from 1970-01-01T00:00 (second 0) until here, 2200-01-01T00:00.
inline constexpr std::int64_t kWallEnd = 7'258'118'400;

// "There is none", for a search onward: later than any end of a zone's segments; and for one back.
inline constexpr std::int64_t kNone = std::int64_t{1} << 61;
inline constexpr std::int64_t kNoneBefore = -kNone;

// Bit y stands for the year kFirstYear + y.
struct YearSet {
  std::array<std::uint64_t, 4> bits{};

  static YearSet all() { return {{~0ULL, ~0ULL, ~0ULL, (1ULL << (kYears - 3 * 64)) - 1}}; }
  // REQUIRES (both): kFirstYear <= year <= kLastYear.
  bool has(int year) const {
    const unsigned y = static_cast<unsigned>(year - kFirstYear);
    return ((bits[y / 64] >> (y % 64)) & 1) != 0;
  }
  constexpr void add(int year) {
    const unsigned y = static_cast<unsigned>(year - kFirstYear);
    bits[y / 64] |= 1ULL << (y % 64);
  }
  bool empty() const { return (bits[0] | bits[1] | bits[2] | bits[3]) == 0; }

  // The nearest year of the set strictly after (before) `year`; 0 where there is none.
  int after(int year) const;
  int before(int year) const;

  friend bool operator==(const YearSet&, const YearSet&) = default;
};

// For each of the 28 kinds of months (by length and first weekday) the one day that is due; 0:
// none.
struct OneDay {
  std::array<std::uint8_t, 28> days;

  // REQUIRES: 28 <= length <= 31, first < 7.
  int in_month(unsigned length, unsigned first) const { return days[(length - 28) * 7 + first]; }
};

enum class Kind : std::uint8_t {
  fields,
  weekly,   // fields too, but of the days only their weekdays matter: no date is looked at
  monthly,  // fields too, with L, W or #, and never more than one day a month, in every year
  every,
  reboot,
};

// Everything a schedule is. Written by the parser, constant afterwards.
struct Plan {
  std::uint64_t seconds = 1;       // bit s
  std::uint64_t minutes = 0;       // bit m
  std::uint32_t hours = 0;         // bit h
  std::uint32_t first_of_day = 0;  // the first and the last second of a day on which it is due
  std::uint32_t last_of_day = 0;
  std::uint16_t months = 0;  // bit m, from 1
  Kind kind = Kind::fields;
  DstRule rule : 4 = DstRule::vixie;
  Dialect dialect : 4 = Dialect::hotclock;
  DayRule day;
  union {
    YearSet years{};  // Kind::fields and weekly: only years in which it is due at all
    OneDay one_day;   // Kind::monthly
  };
  std::uint32_t every = 0;            // seconds, for Kind::every
  bool fixed = false;                 // as Schedule::is_fixed()
  bool make_up = false;               // a time inside a gap is due at the gap's end
  bool once = false;                  // of two passes through an overlap the second does not count
  bool nameless_hash : 1 = false;     // `H` without a name to hash
  bool years_given : 1 = false;       // the text has a year field, and not `*`
  std::uint8_t uneven_steps : 6 = 0;  // bit by FieldId: a step that does not divide its field
  const Zone* zone = nullptr;         // load_zone() keeps it for good
  boost::container::string text;  // of Boost, as it keeps 22 characters without an allocation

  bool has_fields() const { return kind <= Kind::monthly; }

  // A larger shift of the zone, in seconds, is no gap and no overlap to the rule.
  std::int64_t shift_limit() const {
    return rule == DstRule::vixie ? 3 * 3600 : std::int64_t{1} << 40;
  }
};
// With its owner's pointer and its count of owners: a million of them must stay small.
static_assert(sizeof(Plan) + sizeof(Schedule) + 2 * sizeof(void*) <= 168);

// The first match at or after a reading of the wall clock, or kNone; the last at or before it, or
// kNoneBefore. Zones play no part here.
std::int64_t next_wall(const Plan& plan, std::int64_t wall);
std::int64_t previous_wall(const Plan& plan, std::int64_t wall);

// The first due second at or after `s`, or kNone; the last at or before it, or kNoneBefore.
std::int64_t next_second(const Plan& plan, std::int64_t s);
std::int64_t previous_second(const Plan& plan, std::int64_t s);

// The second pass over a new plan: takes the years out in which it is never due, and notes the ends
// of its day.
void settle(Plan& plan);

}  // namespace hotclock::cron
