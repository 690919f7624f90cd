// The reader of one field's list of items. Private to cron/.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/cron/fields.h"

namespace hotclock::cron {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
inline char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
std::string upper(std::string_view text);

// As it stands in messages: `24`.
std::string quoted(std::string_view token);

// Takes all digits from the front of `rest`; a number of nine digits or more stays at 100 million
// or above, and so out of every range.
int take_digits(std::string_view& rest);

// A value as it was written.
struct Value {
  int number = 0;
  bool named = false;
  std::string_view token;
};

struct Range {
  int from = 0;
  int to = 0;
  int step = 1;
};

// Reads the items of one field into a set. Each reader takes its part from the front of rest_, the
// unread part of item_, and is false after a fault, which the Reading then holds.
class Items {
 public:
  Items(Reading& r, const FieldKind& kind, std::string_view field, FieldSet& out)
      : r_(r), kind_(kind), field_(field), out_(out) {}

  bool read();

 private:
  bool read_item();
  bool read_star();
  bool read_slash();
  bool read_from_value();
  bool read_range(Value from);
  bool read_value(Value& value);
  bool read_number(Value& value);
  bool read_name(Value& value);
  bool read_step(const Range& whole, int& step);
  bool read_last();
  bool read_last_of_month();
  bool read_near(const Value& value);
  bool read_nth(int from, int to);
  bool read_hash();
  bool read_hash_range(Range& range);

  bool settle_range(Value from, Value to, Range& range);
  bool add_stepped(Range range);
  void add(Range range);
  void add_one(int value);
  int weekday_of(int value) const { return (value - kind_.min) % 7; }
  bool at_end();
  bool take(char c);
  bool is(FieldId id) const { return kind_.id == id; }
  static std::string number(int value) { return std::to_string(value); }
  bool fail(std::string_view token, std::string problem, std::string_view accepted = {},
            std::string suggestion = {});
  bool fail_character();
  bool fail_name(std::string_view token);
  bool fail_empty_item();
  bool fail_range(const Value& from, const Value& to);
  bool fail_step(const Range& whole, std::string_view slash, std::string_view token);
  bool fail_nth();
  bool fail_outside(std::string_view token, int low, int high, std::string_view accepted);

  Reading& r_;
  const FieldKind& kind_;
  const std::string_view field_;
  FieldSet& out_;
  std::string_view item_;
  std::string_view rest_;
};

}  // namespace hotclock::cron
