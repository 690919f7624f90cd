// What is wrong with an item, and what would be right.
#include <algorithm>

#include "scheduler/base/nearest.h"
#include "scheduler/cron/items.h"

namespace hotclock::cron {
namespace {

// The first character of `text`, all of its bytes.
std::string_view first_character(std::string_view text) {
  std::size_t n = 1;
  while (n < text.size() && (static_cast<unsigned char>(text[n]) & 0xC0) == 0x80) ++n;
  return text.substr(0, n);
}

}  // namespace

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return upper(c); });
  return out;
}

std::string quoted(std::string_view token) { return "`" + std::string(token.substr(0, 40)) + "`"; }

bool Items::fail(std::string_view token, std::string problem, std::string_view accepted,
                 std::string suggestion) {
  return r_.fail({token, kind_.name, std::move(problem), accepted, std::move(suggestion)});
}

bool Items::fail_outside(std::string_view token, int low, int high, std::string_view accepted) {
  std::string_view digits = token;
  const int n = take_digits(digits);
  return fail(token,
              std::string(kind_.name) + " " + std::string(token.substr(0, 20)) + " is out of range",
              accepted, number(n < low ? low : high));
}

bool Items::fail_range(const Value& from, const Value& to) {
  const char* end = to.token.data() + to.token.size();
  const std::string_view token(from.token.data(),
                               static_cast<std::size_t>(end - from.token.data()));
  std::string suggestion = std::string(to.token) + "-" + std::string(from.token);
  if (!is(FieldId::year) && rest_.empty()) {
    const int last = is(FieldId::weekday) ? 6 : kind_.max;
    suggestion = number(from.number) + "-" + number(last) + "," + number(kind_.min) + "-" +
                 number(to.number);
  }
  return fail(token, "the range " + quoted(token) + " runs backwards", {}, std::move(suggestion));
}

bool Items::fail_step(const Range& whole, std::string_view slash, std::string_view token) {
  const int most = r_.is(Dialect::quartz) ? std::min(kind_.max, kind_.count) : kind_.count;
  const std::string accepted = "1-" + number(most);
  const auto before = static_cast<std::size_t>(slash.data() - item_.data());
  const std::string start(item_.substr(0, before));
  if (token.empty() && rest_.empty())
    return fail(slash.substr(0, 1), "the step is missing", accepted, start);
  if (token.empty()) return fail_character();
  if (token.find_first_not_of('0') == std::string_view::npos)
    return fail(token, "a step of 0 goes nowhere", accepted, "1");
  return fail(token,
              "step " + std::string(token.substr(0, 20)) + " is larger than the " +
                  std::string(kind_.name) + " field: " + quoted(item_) + " would be no more than " +
                  number(whole.from),
              accepted, number(most));
}

bool Items::fail_empty_item() {
  std::string without;
  for (char c : field_)
    if (c != ',' || (!without.empty() && without.back() != ',')) without += c;
  while (!without.empty() && without.back() == ',') without.pop_back();
  const bool list = field_.find(',') != std::string_view::npos;
  return fail(rest_,
              list ? "a value is missing in the list " + quoted(field_) : "a value is missing",
              kind_.accepted, list ? without : "");
}

bool Items::fail_name(std::string_view token) {
  if (token.size() == 1) return fail_character();
  const std::string word = upper(token);
  if (is(FieldId::day) && word == "LW") return fail(token, "`LW` is written in capitals", {}, word);
  if (kind_.names.empty())
    return fail(token, quoted(token) + " is no number; only months and weekdays have names",
                kind_.accepted);
  std::string_view meant;
  for (std::string_view name : kind_.names)
    if (word.starts_with(name)) meant = name;
  if (meant.empty()) meant = nearest(word, kind_.names);
  return fail(token, quoted(token) + " is no " + (is(FieldId::month) ? "month" : "day of the week"),
              kind_.accepted, std::string(meant));
}

bool Items::fail_nth() {
  const bool quartz = r_.is(Dialect::quartz);
  const std::string_view accepted = quartz ? "#1 to #5" : "#1 to #5 or #L";
  const auto mark = static_cast<std::size_t>(rest_.data() - item_.data()) - 1;
  if (rest_.empty())
    return fail(item_.substr(mark), "`#` stands before the week of the month", accepted);
  std::string suggestion;
  if (rest_ == "l" && !quartz) suggestion = "L";
  if (is_digit(rest_.front())) suggestion = rest_.front() == '0' ? "1" : "5";
  return fail(rest_, quoted(item_.substr(mark)) + " is no week of a month", accepted, suggestion);
}

// Whatever stands at the front of rest_ has no meaning there.
bool Items::fail_character() {
  const std::string_view token = first_character(rest_);
  const char c = token.front();
  const bool day_field = is(FieldId::day) || is(FieldId::weekday);
  if (c == '+')
    return fail(token, "`+` stands only at the very beginning of the day-of-week field");
  if (c == '?')
    return fail(token, day_field ? "`?` stands alone" : "`?` stands only in the two day fields", {},
                day_field ? "?" : "*");
  if (c == '*') return fail(token, "`*` stands alone or before a step");
  if (c == 'H' && !r_.extended())
    return fail(token,
                "`H` is an extension, which the " + std::string(to_string(r_.options().dialect)) +
                    " dialect has not",
                kind_.accepted);
  if (c == 'l' || c == 'w' || c == 'h')
    return fail(token, quoted(token) + " has no meaning in lower case", kind_.accepted,
                upper(item_));
  if (c == 'W' && is(FieldId::day))
    return fail(token, "`W` stands behind one day", "1W to 31W or LW",
                rest_.size() > 1 && is_digit(rest_[1]) ? std::string(rest_.substr(1)) + "W" : "LW");
  if (c == 'W' || c == 'L')
    return fail(token,
                quoted(token) + (c == 'W' ? " stands only in the day-of-month field"
                                          : " stands only in the two day fields"),
                kind_.accepted);
  if (c == '#')
    return fail(token,
                is(FieldId::weekday) ? "`#` stands behind one day of the week"
                                     : "`#` stands only in the day-of-week field",
                kind_.accepted);
  if (c == '-')
    return fail(
        token,
        item_ == rest_ ? "a range needs a beginning" : "a range has one beginning and one end",
        kind_.accepted);
  if (c == '/') return fail(token, "a step stands only behind `*` or a range, and once");
  if (c == 'R' || c == '~')
    return fail(token, "random times differ from node to node", kind_.accepted,
                r_.extended() ? "H" : "");
  if (token == "\xC2\xA0")
    return fail(token, "a no-break space separates no fields; only spaces and tabs do");
  const auto u = static_cast<unsigned char>(c);
  if (u < 0x20 || u >= 0x7F)
    return fail(token, "this character has no meaning; only spaces and tabs separate fields",
                kind_.accepted);
  return fail(token, quoted(token) + " has no meaning here", kind_.accepted);
}

}  // namespace hotclock::cron
