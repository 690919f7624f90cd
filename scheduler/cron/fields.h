// The seven fields, and how the text of one is read. Private to cron/.
#pragma once

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

// REQUIRES: `dialect` stays what it is for all fields of an expression.
const FieldKind& field_kind(FieldId id, Dialect dialect);

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

// Reads the whole field; false after r.fail().
bool read_field(Reading& r, const FieldKind& kind, std::string_view field, FieldSet& out);

// The text of an expression into all of a plan but what settle() adds; false after r.fail().
bool read_expression(Reading& r, Plan& plan);

}  // namespace hotclock::cron
