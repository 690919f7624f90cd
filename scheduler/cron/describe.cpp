// A plan in English. It is told from the sets of bits that next() works on, so it cannot say
// anything else than what will happen: `*/45` is "at minutes 0 and 45 of every hour".
#include <fmt/format.h>

#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/cron/plan.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

using cron::DayRule;
using cron::Plan;

constexpr std::array<std::string_view, 13> kMonths{
    "",     "January", "February",  "March",   "April",    "May",     "June",
    "July", "August",  "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 6> kWeeks{"first",  "second", "third",
                                                 "fourth", "fifth",  "last"};
constexpr std::uint64_t kAllMinutes = (1ULL << 60) - 1;
constexpr std::uint64_t kAllHours = (1ULL << 24) - 1;
constexpr std::uint64_t kAllMonths = 0x1FFE;

std::vector<int> values(std::uint64_t set) {
  std::vector<int> out;
  for (; set != 0; set &= set - 1) out.push_back(std::countr_zero(set));
  return out;
}

std::string listed(const std::vector<std::string>& words, std::string_view last_word = " and ") {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? last_word : ", ";
    out += words[i];
  }
  return out;
}

// The distance between values that are evenly apart; 0 where they are not, or are one.
int step_of(const std::vector<int>& v) {
  if (v.size() < 2) return 0;
  for (std::size_t i = 2; i < v.size(); ++i)
    if (v[i] - v[i - 1] != v[1] - v[0]) return 0;
  return v[1] - v[0];
}

// "5", "0 and 45", "9 to 17", "0, 2, 5 and 7".
template <class Name>
std::string spelled(std::uint64_t set, Name name) {
  std::vector<std::string> words;
  const std::vector<int> v = values(set);
  for (std::size_t i = 0; i < v.size();) {
    std::size_t end = i + 1;
    while (end < v.size() && v[end] == v[end - 1] + 1) ++end;
    if (end - i >= 3) {
      words.push_back(name(v[i]) + " to " + name(v[end - 1]));
      i = end;
    } else {
      words.push_back(name(v[i++]));
    }
  }
  return listed(words);
}

std::string numbers(std::uint64_t set) {
  return spelled(set, [](int n) { return std::to_string(n); });
}

std::string ordinal(int n) {
  return std::to_string(n) + (n == 2 ? "nd" : n == 3 ? "rd" : n > 20 && n % 10 == 1 ? "st" : "th");
}

// "minute 5", "minutes 0 and 45", "every 2nd hour from 0 to 22".
std::string counted(std::string_view unit, std::uint64_t set) {
  constexpr std::size_t kMostListed = 6;
  const std::vector<int> v = values(set);
  if (const int step = step_of(v); step > 1 && v.size() > kMostListed)
    return fmt::format("every {} {} from {} to {}", ordinal(step), unit, v.front(), v.back());
  return fmt::format("{}{} {}", unit, std::has_single_bit(set) ? "" : "s", numbers(set));
}

// "every minute", "every 15 minutes": only where it is as even across the border of the field.
std::string every_or_empty(std::string_view unit, std::uint64_t set, int count) {
  const std::vector<int> v = values(set);
  if (static_cast<int>(v.size()) == count) return fmt::format("every {}", unit);
  const int step = step_of(v);
  if (step == 0 || v.front() != 0 || v.back() + step != count) return "";
  return fmt::format("every {} {}s", step, unit);
}

// "00:05", "00:05, 12:05 and 18:05"; empty where they are too many to be read.
std::string clock_times(const Plan& p) {
  constexpr int kMost = 6;
  if (!std::has_single_bit(p.seconds) || std::popcount(p.hours) * std::popcount(p.minutes) > kMost)
    return "";
  std::vector<std::string> times;
  const int second = std::countr_zero(p.seconds);
  for (int h : values(p.hours))
    for (int m : values(p.minutes))
      times.push_back(second == 0 ? fmt::format("{:02}:{:02}", h, m)
                                  : fmt::format("{:02}:{:02}:{:02}", h, m, second));
  return listed(times);
}

std::string of_hours(std::uint64_t hours) {
  return hours == kAllHours ? "every hour" : counted("hour", hours);
}

// Minutes, and seconds where they are not just second 0, within the hours.
std::string times_of_day(const Plan& p) {
  if (const std::string times = clock_times(p); !times.empty()) return "at " + times;
  const std::string minutes = every_or_empty("minute", p.minutes, 60);
  if (p.seconds == 1) {
    if (minutes.empty())
      return fmt::format("at {} of {}", counted("minute", p.minutes), of_hours(p.hours));
    return p.hours == kAllHours ? minutes : minutes + " in " + counted("hour", p.hours);
  }
  std::string out = every_or_empty("second", p.seconds, 60);
  if (out.empty()) out = "at " + counted("second", p.seconds);
  if (p.minutes == kAllMinutes && p.hours == kAllHours)
    return out.starts_with("at ") ? out + " of every minute" : out;
  out += p.minutes == kAllMinutes ? " of every minute" : " of " + counted("minute", p.minutes);
  return out + " of " + of_hours(p.hours);
}

std::string dates(const DayRule& d) {
  std::vector<std::string> words;
  if (d.days != 0) words.push_back(counted("day", d.days));
  for (int n = 30; n >= 1; --n)
    if (((d.from_end >> (31 - n)) & 1) != 0)
      words.push_back(fmt::format("the day {} day{} before the last", n, n == 1 ? "" : "s"));
  if ((d.from_end >> 31) != 0) words.emplace_back("the last day");
  for (int n : values(d.near & ~1U))
    words.push_back(fmt::format("the weekday (Monday to Friday) nearest to day {}", n));
  if ((d.near & 1) != 0) words.emplace_back("the last weekday (Monday to Friday)");
  return listed(words);
}

std::string weekday(int n) { return std::string(kWeekdays[static_cast<std::size_t>(n)]); }

// Plain weekdays, from Monday: "Monday to Friday".
std::string plain_weekdays(std::uint64_t set) {
  const std::uint64_t from_monday = (set >> 1) | (set & 1) << 6;
  return spelled(from_monday, [](int n) { return weekday((n + 1) % 7); });
}

// "the first Monday and the last Friday"
std::string nth_weekdays(std::uint64_t nth) {
  std::vector<std::string> words;
  for (int n : values(nth))
    words.push_back(
        fmt::format("the {} {}", kWeeks[static_cast<std::size_t>(n / 7)], weekday(n % 7)));
  return listed(words);
}

std::string months(std::uint64_t set) {
  if (set == kAllMonths) return "every month";
  return spelled(set, [](int n) { return std::string(kMonths[static_cast<std::size_t>(n)]); });
}

std::string weekdays(const DayRule& d, std::string_view plain_before, const std::string& of) {
  std::vector<std::string> words;
  if (d.weekdays != 0) words.push_back(std::string(plain_before) + plain_weekdays(d.weekdays));
  if (d.nth != 0) words.push_back(nth_weekdays(d.nth) + of);
  return listed(words);
}

std::string years(const cron::YearSet& set) {
  std::vector<std::string> words;
  for (int y = set.after(cron::kFirstYear - 1); y != 0;) {
    int end = y;
    while (end < cron::kLastYear && set.has(end + 1)) ++end;
    words.push_back(end == y ? std::to_string(y) : fmt::format("{} to {}", y, end));
    y = end < cron::kLastYear ? set.after(end) : 0;
  }
  constexpr std::size_t kMost = 8;
  if (words.size() > kMost) {
    words.resize(kMost);
    words.emplace_back("more");
  }
  return listed(words);
}

std::string days_and_months(const Plan& p) {
  const DayRule& d = p.day;
  const std::string of = " of " + months(p.months);
  const std::string in = p.months == kAllMonths ? "" : " in " + months(p.months);
  const bool any_date = d.any_day_of_month(), any_weekday = d.any_weekday() && d.nth == 0;
  if (d.either) return " on " + dates(d) + of + " and also on " + weekdays(d, "every ", of) + in;
  if (any_date && any_weekday) return p.months == kAllMonths ? "" : " every day" + in;
  if (any_weekday) return " on " + dates(d) + of;
  if (any_date) {
    const std::string after = d.weekdays != 0 && d.nth == 0 ? in : "";
    return " on " + weekdays(d, "", of) + after;
  }
  return " on " + dates(d) + of + ", if that is " + weekdays(d, "a ", of);
}

std::string fields_in_words(const Plan& p) {
  std::string out = times_of_day(p);
  const std::string days = days_and_months(p);
  if (days.empty() && !clock_times(p).empty()) out += " every day";
  return out + days;
}

}  // namespace

std::string Schedule::describe() const {
  const Plan& p = *plan_;
  if (p.kind == cron::Kind::reboot) return "once, when the scheduler starts";
  if (p.kind == cron::Kind::every)
    return "every " + to_words(std::chrono::seconds(p.every)) + ", counted from 1970-01-01T00:00Z";
  const std::string words = fields_in_words(p);
  if (never()) return "never: no year has a time such as " + words;
  return p.years_given && p.kind == cron::Kind::fields ? words + " in " + years(p.years) : words;
}

}  // namespace hotclock
