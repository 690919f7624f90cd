// Lists, stars, values, ranges and steps.
#include "scheduler/cron/items.h"

#include <algorithm>
#include <array>

namespace hotclock::cron {
namespace {

// Three letters as one number; their case does not count, and nothing but letters gives the same.
constexpr std::uint32_t name_key(const char* word) {
  return (static_cast<std::uint32_t>(word[0]) << 16 | static_cast<std::uint32_t>(word[1]) << 8 |
          static_cast<std::uint32_t>(word[2])) &
         0xDFDFDFU;
}

// Written out, as the compiler makes a search by halves of it.
int month_named(std::uint32_t key) {
  switch (key) {
    case name_key("JAN"): return 1;
    case name_key("FEB"): return 2;
    case name_key("MAR"): return 3;
    case name_key("APR"): return 4;
    case name_key("MAY"): return 5;
    case name_key("JUN"): return 6;
    case name_key("JUL"): return 7;
    case name_key("AUG"): return 8;
    case name_key("SEP"): return 9;
    case name_key("OCT"): return 10;
    case name_key("NOV"): return 11;
    case name_key("DEC"): return 12;
    default: return -1;
  }
}

int days_after_sunday(std::uint32_t key) {
  switch (key) {
    case name_key("SUN"): return 0;
    case name_key("MON"): return 1;
    case name_key("TUE"): return 2;
    case name_key("WED"): return 3;
    case name_key("THU"): return 4;
    case name_key("FRI"): return 5;
    case name_key("SAT"): return 6;
    default: return -1;
  }
}

// The number that three letters name in a field; -1 for none.
int number_named(const FieldKind& kind, const char* word) {
  if (kind.id == FieldId::weekday) {
    const int days = days_after_sunday(name_key(word));
    return days < 0 ? days : days + kind.first_name;
  }
  return kind.id == FieldId::month ? month_named(name_key(word)) : -1;
}

}  // namespace

bool Items::read() {
  if (field_ == "?" && (is(FieldId::day) || is(FieldId::weekday))) {
    out_.all = true;
    add({kind_.min, kind_.max});
    return true;
  }
  for (std::string_view items = field_;;) {
    std::size_t comma = 0;
    while (comma < items.size() && items[comma] != ',') ++comma;
    rest_ = item_ = items.substr(0, comma);
    if (!read_item()) return false;
    if (comma == items.size()) return true;
    items.remove_prefix(comma + 1);
  }
}

bool Items::read_item() {
  if (rest_.empty()) return fail_empty_item();
  const char c = rest_.front();
  if (is_digit(c)) return read_from_value();
  if (c == '*') return read_star();
  if (c == '/') return read_slash();
  if (c == 'H' && r_.extended() && (rest_.size() == 1 || !is_letter(rest_[1]))) return read_hash();
  if (r_.letter(c, 'L') && (is(FieldId::day) || is(FieldId::weekday))) return read_last();
  if (is_letter(c)) return read_from_value();
  return fail_character();
}

bool Items::read_star() {
  take('*');
  const Range whole{kind_.min, kind_.id == FieldId::weekday ? kind_.min + 6 : kind_.max};
  if (!rest_.empty() && rest_.front() != '/')
    return fail(item_, "only a step may follow `*`", "* or */" + number(kind_.count > 9 ? 5 : 2),
                is_digit(rest_.front()) ? "*/" + std::string(rest_) : "*");
  return add_stepped(whole);
}

bool Items::read_slash() {
  if (!r_.is(Dialect::quartz))
    return fail(item_, "a step must follow `*` or a range", {}, "*" + std::string(item_));
  return add_stepped({kind_.min, kind_.max});
}

bool Items::read_from_value() {
  Value value;
  if (!read_value(value)) return false;
  if (rest_.empty()) return add_one(value.number), true;
  const char c = rest_.front();
  if (c == '-') return read_range(value);
  if (c == '#' && is(FieldId::weekday)) return read_nth(value.number, value.number);
  if (r_.letter(c, 'L') && is(FieldId::weekday)) {
    rest_.remove_prefix(1);
    out_.nth |= 1ULL << (35 + weekday_of(value.number));
    return at_end();
  }
  if (r_.letter(c, 'W') && is(FieldId::day)) return read_near(value);
  if (c != '/') return fail_character();
  const std::string from = std::string(value.token) + "-" + number(kind_.max);
  if (!r_.is(Dialect::quartz))
    return fail(item_, "a step must follow `*` or a range", {}, from + std::string(rest_));
  return add_stepped({value.number, kind_.max});
}

bool Items::read_range(Value from) {
  take('-');
  if (rest_.empty())
    return fail(item_, "the range " + quoted(item_) + " has no end", kind_.accepted);
  Value to;
  if (!read_value(to)) return false;
  Range range;
  if (!settle_range(from, to, range)) return false;
  if (!rest_.empty() && rest_.front() == '#' && is(FieldId::weekday)) {
    if (r_.extended()) return read_nth(range.from, range.to);
    return fail(item_, "`#` takes one day of the week", "0-7 or SUN-SAT, then #1-#5 or #L");
  }
  if (!rest_.empty() && r_.letter(rest_.front(), 'W') && is(FieldId::day))
    return fail(item_, "`W` takes one day, not a range", "1W-31W or LW",
                std::string(from.token) + "W");
  return add_stepped(range);
}

// Puts the end of a range that wraps past the last value: 22-2 becomes 22-26.
bool Items::settle_range(Value from, Value to, Range& range) {
  if (is(FieldId::weekday) && kind_.min == 0) {
    if (to.named && to.number == 0 && from.number > 0) to.number = 7;
    if (from.number == 7 && to.number < 7 && r_.extended()) from.number = 0;
  }
  range = {from.number, to.number};
  if (from.number <= to.number) return true;
  if (is(FieldId::year) || r_.is(Dialect::strict)) return fail_range(from, to);
  range.to += kind_.count;
  return true;
}

bool Items::read_value(Value& value) {
  if (rest_.empty()) return fail_empty_item();
  if (is_digit(rest_.front())) return read_number(value);
  if (is_letter(rest_.front())) return read_name(value);
  return fail_character();
}

bool Items::read_number(Value& value) {
  const std::string_view digits = rest_;
  value.number = take_digits(rest_);
  value.token = digits.substr(0, digits.size() - rest_.size());
  if (value.number >= kind_.min && value.number <= kind_.max) return true;
  return fail_outside(value.token, kind_.min, kind_.max, kind_.accepted);
}

bool Items::read_name(Value& value) {
  std::size_t n = 0;
  while (n < rest_.size() && is_letter(rest_[n])) ++n;
  const std::string_view word = rest_.substr(0, n);
  const bool with_last = n == 4 && is(FieldId::weekday) && r_.letter(word[3], 'L');
  if (n == 3 || with_last) {
    if (const int named = number_named(kind_, word.data()); named >= 0) {
      value = {named, true, word.substr(0, 3)};
      rest_.remove_prefix(3);
      return true;
    }
  }
  return fail_name(word);
}

bool Items::read_step(const Range& whole, int& step) {
  const std::string_view slash = rest_;
  take('/');
  const std::string_view digits = rest_;
  step = take_digits(rest_);
  const std::string_view token = digits.substr(0, digits.size() - rest_.size());
  const int most = r_.is(Dialect::quartz) ? std::min(kind_.max, kind_.count) : kind_.count;
  if (!token.empty() && step >= 1 && step <= most) {
    const bool whole_field = whole.to - whole.from + 1 >= kind_.count && !is(FieldId::year);
    if (step > 1 && whole_field && (is(FieldId::day) || kind_.count % step != 0))
      r_.note_uneven(kind_.id);
    return true;
  }
  return fail_step(whole, slash, token);
}

// Adds a range to which the rest of the item may give a step.
bool Items::add_stepped(Range range) {
  if (!rest_.empty() && rest_.front() == '/' && !read_step(range, range.step)) return false;
  add(range);
  return at_end();
}

// Values past the field's last one wrap to its first.
void Items::add(Range range) {
  if (is(FieldId::year) && range.from == kind_.min && range.to == kind_.max && range.step == 1) {
    *out_.years = YearSet::all();
  } else if (range.step == 1 && range.to <= kind_.max && !is(FieldId::year)) {
    out_.bits |= (2ULL << range.to) - (1ULL << range.from);
  } else {
    for (int v = range.from; v <= range.to; v += range.step)
      add_one(v > kind_.max ? v - kind_.count : v);
  }
}

void Items::add_one(int value) {
  if (is(FieldId::year)) return out_.years->add(value);
  out_.bits |= 1ULL << value;
}

bool Items::at_end() { return rest_.empty() || fail_character(); }

bool Items::take(char c) {
  if (rest_.empty() || rest_.front() != c) return false;
  rest_.remove_prefix(1);
  return true;
}

int take_digits(std::string_view& rest) {
  int number = 0;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1))
    if (number < 100'000'000) number = number * 10 + (rest.front() - '0');
  return number;
}

namespace {

// The short way through a field of plain values, ranges and steps, which most are. At anything else
// it gives up (false) and leaves the field to Items, which alone knows what is wrong and why.
class PlainItems {
 public:
  PlainItems(const FieldKind& kind, std::string_view field)
      : kind_(kind), p_(field.data()), end_(p_ + field.size()) {}

  bool read(std::uint64_t& bits) {
    for (std::uint64_t found = 0;; ++p_) {
      if (!read_item(found)) return false;
      if (p_ == end_) return bits = found, true;
      if (*p_ != ',') return false;
    }
  }

 private:
  bool read_item(std::uint64_t& found) {
    int from = 0, to = 0, step = 1;
    if (p_ != end_ && *p_ == '*') {
      from = kind_.min, to = from + kind_.count - 1;
      ++p_;
    } else {
      from = to = read_value();
      if (from < 0) return false;
      if (p_ == end_ || *p_ != '-') return found |= 1ULL << from, p_ == end_ || *p_ == ',';
      ++p_;
      to = read_value();
      if (to < from) return false;
    }
    if (p_ != end_ && *p_ == '/' && !read_step(to - from + 1, step)) return false;
    if (step == 1) return found |= (2ULL << to) - (1ULL << from), true;
    for (int v = from; v <= to; v += step) found |= 1ULL << v;
    return true;
  }

  int read_value() {
    if (p_ == end_) return -1;
    const int value = is_digit(*p_) ? read_number() : read_name();
    return value >= kind_.min && value <= kind_.max ? value : -1;
  }

  int read_number() {
    int n = *p_++ - '0';
    if (p_ != end_ && is_digit(*p_)) n = n * 10 + (*p_++ - '0');
    return n;
  }

  int read_name() {
    const int named = end_ - p_ < 3 ? -1 : number_named(kind_, p_);
    if (named >= 0) p_ += 3;
    return named;
  }

  // Steps that do not divide a whole field have something to note.
  bool read_step(int values, int& step) {
    ++p_;
    if (p_ == end_ || !is_digit(*p_)) return false;
    step = read_number();
    const bool even =
        values < kind_.count || (kind_.id != FieldId::day && step > 0 && kind_.count % step == 0);
    return step >= 1 && step < kind_.count && even;
  }

  const FieldKind& kind_;
  const char* p_;
  const char* end_;
};

}  // namespace

bool read_items(Reading& r, const FieldKind& kind, std::string_view field, FieldSet& out) {
  const bool plain = kind.id != FieldId::year && PlainItems(kind, field).read(out.bits);
  if (!plain && !Items(r, kind, field, out).read()) return false;
  // Weekdays count from Sunday as 0 from here on, and 7 is Sunday as well.
  if (kind.id == FieldId::weekday) {
    out.bits >>= kind.min;
    out.bits = (out.bits | out.bits >> 7) & DayRule::kAllWeekdays;
  }
  return true;
}

}  // namespace hotclock::cron
