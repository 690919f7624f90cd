#include "scheduler/base/time.h"

#include <cstdlib>

namespace hotclock {
namespace {

std::string joined(std::int64_t major, const char* major_unit, std::int64_t minor,
                   const char* minor_unit) {
  std::string text = std::to_string(major) + " " + major_unit;
  if (minor != 0) text += " " + std::to_string(minor) + " " + minor_unit;
  return text;
}

// Every event carries an instant: printf would cost as much as the rest of its text.
void append_number(std::string& text, int number, std::size_t digits, char after) {
  text.append(digits, '0');
  for (std::size_t at = text.size(); digits > 0; --digits, number /= 10)
    text[--at] = static_cast<char>('0' + number % 10);
  text += after;
}

}  // namespace

std::string to_string(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  std::string text;
  if (date.year() < std::chrono::year{0}) text += '-';
  append_number(text, std::abs(static_cast<int>(date.year())), 4, '-');
  append_number(text, static_cast<int>(static_cast<unsigned>(date.month())), 2, '-');
  append_number(text, static_cast<int>(static_cast<unsigned>(date.day())), 2, 'T');
  append_number(text, static_cast<int>(time.hours().count()), 2, ':');
  append_number(text, static_cast<int>(time.minutes().count()), 2, ':');
  const auto millis = static_cast<int>(time.subseconds().count());
  append_number(text, static_cast<int>(time.seconds().count()), 2, millis == 0 ? 'Z' : '.');
  if (millis != 0) append_number(text, millis, 3, 'Z');
  return text;
}

std::string to_words(Duration d) {
  if (d.count() < 0) return "-" + to_words(-d);
  const std::int64_t ms = d.count();
  if (ms < 1000) return std::to_string(ms) + " ms";
  if (ms < 60'000) {
    std::string text = std::to_string(ms / 1000);
    if (const auto tenth = ms % 1000 / 100; tenth != 0) text += "." + std::to_string(tenth);
    return text + " s";
  }
  const std::int64_t minutes = ms / 60'000;
  if (minutes < 60) return joined(minutes, "min", ms / 1000 % 60, "s");
  if (minutes < 24 * 60) return joined(minutes / 60, "h", minutes % 60, "min");
  return joined(minutes / (24 * 60), "d", minutes / 60 % 24, "h");
}

}  // namespace hotclock
