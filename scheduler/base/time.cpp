#include "scheduler/base/time.h"

#include <cstdio>

namespace hotclock {
namespace {

std::string joined(std::int64_t major, const char* major_unit, std::int64_t minor,
                   const char* minor_unit) {
  std::string text = std::to_string(major) + " " + major_unit;
  if (minor != 0) text += " " + std::to_string(minor) + " " + minor_unit;
  return text;
}

}  // namespace

std::string to_string(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  char text[48];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()));
  std::string result(text, static_cast<std::size_t>(length));
  if (time.subseconds().count() != 0) {
    std::snprintf(text, sizeof text, ".%03d", static_cast<int>(time.subseconds().count()));
    result += text;
  }
  return result + "Z";
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
