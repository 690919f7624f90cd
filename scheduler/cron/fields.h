// The seven fields, and how the text of one is read. Private to cron/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "scheduler/cron/plan.h"

namespace hotclock::cron {

enum class FieldId : std::uint8_t { second, minute, hour, day, month, weekday, year };

struct FieldKind {
  FieldId id;
  std::string_view name;
  int min;
  int max;
  int count;  // of different values: 7 for weekdays, of which 0 and 7 are one
  std::string_view accepted;
  std::span<const std::string_view> names;  // the first stands for `first_name`
  int first_name = 0;
};

inline constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
inline constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED",
                                                           "THU", "FRI", "SAT"};

inline constexpr std::array<FieldKind, 7> kFields{{
    {FieldId::second, "second", 0, 59, 60, "0-59", {}},
    {FieldId::minute, "minute", 0, 59, 60, "0-59", {}},
    {FieldId::hour, "hour", 0, 23, 24, "0-23", {}},
    {FieldId::day, "day-of-month", 1, 31, 31, "1-31", {}},
    {FieldId::month, "month", 1, 12, 12, "1-12 or JAN-DEC", kMonths, 1},
    {FieldId::weekday, "day-of-week", 0, 7, 7, "0-7 or SUN-SAT", kWeekdays, 0},
    {FieldId::year, "year", kFirstYear, kLastYear, kYears, "1970-2199", {}},
}};
inline constexpr FieldKind kQuartzWeekday{FieldId::weekday, "day-of-week", 1, 7, 7,
                                          "1-7 or SUN-SAT", kWeekdays,     1};

inline const FieldKind& field_kind(FieldId id, Dialect dialect) {
  if (id == FieldId::weekday && dialect == Dialect::quartz) return kQuartzWeekday;
  return kFields[static_cast<std::size_t>(id)];
}

// What one field names.
struct FieldSet {
  std::uint64_t bits = 0;
  YearSet* years = nullptr;    // takes the bits of the year field, which are too many for `bits`
  std::uint32_t from_end = 0;  // as in DayRule
  std::uint32_t near = 0;
  std::uint64_t nth = 0;
  bool all = false;  // the field is `*` or `?`
};

// The text of an expression on its way to a plan, and the first thing found wrong in it.
class Reading {
 public:
  Reading(std::string_view text, const ScheduleOptions& options) : text_(text), options_(options) {}

  std::string_view text() const { return text_; }
  const ScheduleOptions& options() const { return options_; }
  bool is(Dialect d) const { return options_.dialect == d; }
  bool extended() const { return is(Dialect::hotclock); }

  // Where `c` is the letter `upper`; Quartz does not mind the case.
  bool letter(char c, char upper) const {
    return c == upper || (is(Dialect::quartz) && c == upper - 'A' + 'a');
  }

  // What is wrong. Always false, so that a reader can return it.  REQUIRES: `token` lies in text().
  struct Fault {
    std::string_view token;
    std::string_view field;
    std::string problem;
    std::string_view accepted = {};
    std::string suggestion = {};
  };
  bool fail(Fault fault);
  // The same for what stands beside the text, in the options.
  bool fail_beside(std::string_view field, std::string_view token, std::string problem);

  // REQUIRES: something failed.
  ScheduleError error() && { return std::move(*error_); }

  // An `H` was read.
  void note_hash() { hashed_ = true; }
  bool hashed() const { return hashed_; }
  // A step over all of a field does not divide it.
  void note_uneven(FieldId id) {
    uneven_ = static_cast<std::uint8_t>(uneven_ | 1U << static_cast<int>(id));
  }
  std::uint8_t uneven() const { return uneven_; }

 private:
  std::string_view text_;
  const ScheduleOptions& options_;
  std::optional<ScheduleError> error_;
  bool hashed_ = false;
  std::uint8_t uneven_ = 0;
};

// Reads a field that is no plain star; false after r.fail().
bool read_items(Reading& r, const FieldKind& kind, std::string_view field, FieldSet& out);

// Every value of a field but the year.
constexpr std::uint64_t all_values(const FieldKind& kind) {
  if (kind.id == FieldId::weekday) return DayRule::kAllWeekdays;
  return (2ULL << kind.max) - (1ULL << kind.min);
}

// Reads the whole field; false after r.fail().
inline bool read_field(Reading& r, const FieldKind& kind, std::string_view field, FieldSet& out) {
  if (field.size() != 1 || field[0] != '*') return read_items(r, kind, field, out);
  out.all = true;
  if (kind.id == FieldId::year) {
    *out.years = YearSet::all();
  } else {
    out.bits = all_values(kind);
  }
  return true;
}

// The text of an expression into all of a plan but what settle() adds; false after r.fail().
bool read_expression(Reading& r, Plan& plan);

}  // namespace hotclock::cron
