#include "scheduler/zone/civil.h"

#include <cstdio>

namespace hotclock {
namespace {

// Takes exactly `digits` digits from the front of `text`; -1 where they are not there.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int n = 0;
  for (char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    n = n * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return n;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, Civil& c) {
  c.year = take_number(text, 4);
  if (c.year < 0 || !take(text, '-')) return false;
  c.month = take_number(text, 2);
  if (c.month < 1 || c.month > 12 || !take(text, '-')) return false;
  c.day = take_number(text, 2);
  return c.day >= 1 && c.day <= month_length(c.year, c.month);
}

bool take_time(std::string_view& text, Civil& c) {
  c.hour = take_number(text, 2);
  if (c.hour < 0 || c.hour > 23 || !take(text, ':')) return false;
  c.minute = take_number(text, 2);
  if (c.minute < 0 || c.minute > 59) return false;
  if (!take(text, ':')) return true;
  c.second = take_number(text, 2);
  return c.second >= 0 && c.second <= 59;
}

}  // namespace

std::string to_string(const Civil& c) {
  char out[64];
  const int n = std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                              c.day, c.hour, c.minute, c.second);
  return std::string(out, static_cast<std::size_t>(n));
}

Result<Civil> parse_civil(std::string_view text) {
  Civil c;
  std::string_view rest = text;
  const bool date = take_date(rest, c);
  const bool only_date = date && rest.empty();
  if (only_date ||
      (date && (take(rest, 'T') || take(rest, ' ')) && take_time(rest, c) && rest.empty()))
    return c;
  return Error(Errc::invalid, "\"" + std::string(text.substr(0, 40)) +
                                  "\" is no date and time (2026-11-23, 2026-11-23T00:05 or "
                                  "2026-11-23T00:05:07)");
}

Civil civil_of(std::int64_t wall) {
  const std::int64_t days = wall >= 0 ? wall / 86400 : -((-wall + 86399) / 86400);
  const int of_day = static_cast<int>(wall - days * 86400);
  // The inverse of days_of(): eras of 400 years of 146097 days, years that begin in March.
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int of_era = static_cast<int>(z - era * 146097);
  const int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int march = (5 * of_year + 2) / 153;
  Civil c;
  c.month = march < 10 ? march + 3 : march - 9;
  c.year = static_cast<int>(era * 400) + year_of_era + (c.month <= 2 ? 1 : 0);
  c.day = of_year - (153 * march + 2) / 5 + 1;
  c.hour = of_day / 3600;
  c.minute = of_day / 60 % 60;
  c.second = of_day % 60;
  return c;
}

}  // namespace hotclock
