// L, W, # and H.
#include <algorithm>

#include "scheduler/cron/items.h"

namespace hotclock::cron {
namespace {

// The hash of a name for one field: FNV-1a, its bits stirred once more, for ever the same.
std::uint64_t hash_of(std::string_view name, FieldId field) {
  std::uint64_t h = 14695981039346656037ULL;
  for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  h = (h ^ (static_cast<std::uint64_t>(field) + 1)) * 1099511628211ULL;
  h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDULL;
  return h ^ h >> 29;
}

}  // namespace

bool Items::read_last() {
  if (is(FieldId::day)) return read_last_of_month();
  const std::string_view l = rest_.substr(0, 1);
  rest_.remove_prefix(1);
  if (rest_.empty() && r_.is(Dialect::quartz)) return add_one(7), true;
  if (rest_.empty())
    return fail(l, "`L` needs a day of the week before it",
                "5L or FRI#L is the last Friday of the month, SAT is every Saturday", "SAT#L");
  return fail(item_, "`L` stands behind the day of the week", "5L or FRI#L",
              std::string(rest_.substr(0, 10)) + "L");
}

bool Items::read_last_of_month() {
  rest_.remove_prefix(1);
  if (rest_.empty()) return out_.from_end |= 1U << 31, true;
  const bool near = r_.letter(rest_.front(), 'W');
  if (!near && rest_.front() != '-')
    return fail(item_, "`L` is the last day of the month and stands alone", "L, L-1 to L-30 or LW",
                "L");
  if (r_.is(Dialect::strict))
    return fail(item_, quoted(item_) + " is an extension, which the strict dialect has not", "L",
                "L");
  rest_.remove_prefix(1);
  if (near) return out_.near |= 1, at_end();
  const int before = take_digits(rest_);
  if (before < 1 || before > 30)
    return fail(item_, quoted(item_) + " counts no days before the last", "L-1 to L-30",
                before > 30 ? "L-30" : "L");
  out_.from_end |= 1U << (31 - before);
  return at_end();
}

bool Items::read_near(const Value& value) {
  rest_.remove_prefix(1);
  if (r_.is(Dialect::strict) && item_.size() != field_.size())
    return fail(item_, "`W` in a list is an extension, which the strict dialect has not", {},
                std::string(item_));
  out_.near |= 1U << value.number;
  return at_end();
}

bool Items::read_nth(int from, int to) {
  take('#');
  int shift = 0;
  if (!rest_.empty() && rest_.front() == 'L' && !r_.is(Dialect::quartz)) {
    shift = 35;
  } else if (!rest_.empty() && rest_.front() >= '1' && rest_.front() <= '5') {
    shift = 7 * (rest_.front() - '1');
  } else {
    return fail_nth();
  }
  rest_.remove_prefix(1);
  for (int day = from; day <= to; ++day) out_.nth |= 1ULL << (shift + weekday_of(day));
  return at_end();
}

bool Items::read_hash() {
  take('H');
  if (is(FieldId::year))
    return fail(item_, "`H` spreads runs within a year, not over years", kind_.accepted);
  Range range{kind_.min, is(FieldId::day) ? 28 : is(FieldId::weekday) ? 6 : kind_.max};
  if (!rest_.empty() && rest_.front() == '(' && !read_hash_range(range)) return false;
  const int span = range.to - range.from + 1;
  const std::uint64_t hash = hash_of(r_.options().hash_key, kind_.id);
  r_.note_hash();
  if (rest_.empty())
    return add_one(range.from + static_cast<int>(hash % static_cast<unsigned>(span))), true;
  if (rest_.front() != '/')
    return fail(item_, "after `H` stands a range in brackets, a step or nothing",
                "H, H(0-29) or H/15", "H");
  if (!read_step(range, range.step)) return false;
  range.from += static_cast<int>(hash % static_cast<unsigned>(std::min(span, range.step)));
  add(range);
  return at_end();
}

bool Items::read_hash_range(Range& range) {
  const Range whole = range;
  take('(');
  Value from, to;
  if (!read_value(from)) return false;
  if (!take('-')) return fail(item_, "`H` takes a range in brackets", "H(0-29)");
  if (!read_value(to)) return false;
  if (!take(')'))
    return fail(item_, "the bracket of " + quoted(item_) + " is not closed", {},
                std::string(item_) + ")");
  if (from.number > to.number) return fail_range(from, to);
  if (to.number > whole.to)
    return fail_outside(to.token, whole.from, whole.to,
                        is(FieldId::day) ? "1-28, which every month has" : "0-6");
  range.from = from.number;
  range.to = to.number;
  return true;
}

}  // namespace hotclock::cron
