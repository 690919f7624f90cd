#include "scheduler/zone/tzif_support.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace hotclock {
namespace {

using std::chrono::sys_days;

std::int64_t big_endian(const std::string& bytes, std::size_t at, std::size_t width) {
  std::int64_t n = static_cast<signed char>(bytes[at]);
  for (std::size_t i = 1; i < width; ++i) n = n * 256 + static_cast<unsigned char>(bytes[at + i]);
  return n;
}

struct Header {
  std::size_t utc, standard, leaps, times, types, letters;

  Header(const std::string& b, std::size_t at)
      : utc(count(b, at + 20)),
        standard(count(b, at + 24)),
        leaps(count(b, at + 28)),
        times(count(b, at + 32)),
        types(count(b, at + 36)),
        letters(count(b, at + 40)) {}

  std::size_t size(std::size_t width) const {
    return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc;
  }
  static std::size_t count(const std::string& b, std::size_t at) {
    return static_cast<std::size_t>(big_endian(b, at, 4));
  }
};

int take_int(std::string_view& s) {
  int n = 0;
  while (!s.empty() && s[0] >= '0' && s[0] <= '9') n = n * 10 + (s[0] - '0'), s.remove_prefix(1);
  return n;
}

bool take(std::string_view& s, char c) {
  if (s.empty() || s[0] != c) return false;
  s.remove_prefix(1);
  return true;
}

int take_time(std::string_view& s) {
  const int sign = take(s, '-') ? -1 : 1;
  take(s, '+');
  int seconds = take_int(s) * 3600;
  if (take(s, ':')) seconds += take_int(s) * 60;
  if (take(s, ':')) seconds += take_int(s);
  return sign * seconds;
}

void skip_name(std::string_view& s) {
  if (take(s, '<')) {
    while (!take(s, '>')) s.remove_prefix(1);
    return;
  }
  while (!s.empty() && std::isalpha(static_cast<unsigned char>(s[0]))) s.remove_prefix(1);
}

int year_of(std::int64_t t) {
  const std::chrono::sys_seconds at{std::chrono::seconds(t)};
  return int(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at)).year());
}

}  // namespace

std::optional<TzifZone> TzifZone::read(const std::string& name) {
  std::ifstream in("/usr/share/zoneinfo/" + name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  TzifZone zone;
  if (bytes.size() < 88 || bytes.substr(0, 4) != "TZif" || bytes[4] < '2' || !zone.parse(bytes))
    return std::nullopt;
  return zone;
}

bool TzifZone::parse(const std::string& bytes) {
  const std::size_t second = 44 + Header(bytes, 0).size(4);
  const Header h(bytes, second);
  const std::size_t times = second + 44, kinds = times + h.times * 8, types = kinds + h.times;
  const auto offset_of = [&](std::size_t type) {
    return static_cast<int>(big_endian(bytes, types + type * 6, 4));
  };
  first_offset_ = offset_of(0);
  for (std::size_t i = 0; i < h.times; ++i) {
    times_.push_back(big_endian(bytes, times + i * 8, 8));
    offsets_.push_back(offset_of(static_cast<unsigned char>(bytes[kinds + i])));
  }
  const std::size_t footer = second + 44 + h.size(8) + 1;
  const std::size_t end = bytes.find('\n', footer);
  return end != std::string::npos &&
         parse_footer(std::string_view(bytes).substr(footer, end - footer));
}

bool TzifZone::parse_footer(std::string_view s) {
  if (s.empty()) return true;
  has_footer_ = true;
  skip_name(s);
  standard_ = -take_time(s);
  if (s.empty()) return true;
  skip_name(s);
  summer_ = s.empty() || s[0] == ',' ? standard_ + 3600 : -take_time(s);
  for (Rule& rule : rules_) {
    if (!take(s, ',')) return false;
    if (take(s, 'M')) {
      rule.month = take_int(s), take(s, '.');
      rule.week = take_int(s), take(s, '.');
    } else {
      rule.way = take(s, 'J') ? 'J' : '0';
    }
    rule.day = take_int(s);
    if (take(s, '/')) rule.seconds = take_time(s);
  }
  return s.empty();
}

std::int64_t TzifZone::Rule::wall_second(int year) const {
  using namespace std::chrono;
  const std::chrono::year y(year);
  sys_days date = y / 1 / 1;
  if (way == 'M') {
    const weekday wanted(static_cast<unsigned>(day));
    const std::chrono::month m(static_cast<unsigned>(month));
    date = week == 5 ? sys_days(y / m / wanted[last])
                     : sys_days(y / m / wanted[static_cast<unsigned>(week)]);
  } else if (way == 'J') {
    date += days(day - 1 + (y.is_leap() && day >= 60 ? 1 : 0));
  } else {
    date += days(day);
  }
  return sys_seconds(date).time_since_epoch().count() + seconds;
}

int TzifZone::footer_offset(std::int64_t t) const {
  if (!summer_) return standard_;
  // The latest change at or before t, looked for in the years around it.
  std::int64_t latest = INT64_MIN;
  int offset = standard_;
  for (int year = year_of(t) - 1; year <= year_of(t) + 1; ++year) {
    const std::int64_t begins = rules_[0].wall_second(year) - standard_;
    const std::int64_t ends = rules_[1].wall_second(year) - *summer_;
    if (begins <= t && begins > latest) latest = begins, offset = *summer_;
    if (ends <= t && ends > latest) latest = ends, offset = standard_;
  }
  return offset;
}

int TzifZone::offset_at(std::int64_t t) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), t);
  if (after == times_.end() && has_footer_) return footer_offset(t);
  if (after == times_.begin()) return first_offset_;
  return offsets_[static_cast<std::size_t>(after - times_.begin()) - 1];
}

std::vector<std::int64_t> TzifZone::changes(std::int64_t from, std::int64_t to) const {
  std::vector<std::int64_t> may = times_;
  if (summer_) {
    for (int year = year_of(from) - 1; year <= year_of(to) + 1; ++year) {
      may.push_back(rules_[0].wall_second(year) - standard_);
      may.push_back(rules_[1].wall_second(year) - *summer_);
    }
  }
  std::sort(may.begin(), may.end());
  may.erase(std::unique(may.begin(), may.end()), may.end());
  std::erase_if(
      may, [&](std::int64_t t) { return t < from || t >= to || offset_at(t) == offset_at(t - 1); });
  return may;
}

}  // namespace hotclock
