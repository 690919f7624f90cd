#include "scheduler/cron/naive_support.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace hotclock {
namespace {

using Strings = std::vector<std::string>;

Strings cut(const std::string& text, char at) {
  Strings out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) out.push_back(part);
  return out;
}

int value_of(const std::string& word) {
  static const Strings names{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT",
                             "NOV", "DEC", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
  std::string up;
  for (char c : word) up += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (std::size_t i = 0; i < names.size(); ++i)
    if (up == names[i]) return static_cast<int>(i < 12 ? i + 1 : i - 12);
  return std::stoi(word);
}

struct Bounds {
  int min, max;
};

// Whether a star, a value, a range (which may wrap) or either with a step names v.
bool item_names(const std::string& item, int v, Bounds b) {
  const Strings halves = cut(item, '/');
  const int step = halves.size() > 1 ? std::stoi(halves[1]) : 1;
  int from = b.min, to = b.max;
  if (halves[0] != "*") {
    const Strings ends = cut(halves[0], '-');
    from = to = value_of(ends[0]);
    if (ends.size() > 1) to = value_of(ends[1]);
  }
  for (int at = from, steps = 0; steps < 1000; ++steps) {
    if (at == v && steps % step == 0) return true;
    if (at == to) return false;
    at = at == b.max ? b.min : at + 1;
  }
  return false;
}

bool field_names(const std::string& field, int v, Bounds b) {
  for (const std::string& item : cut(field, ','))
    if (item_names(item, v, b)) return true;
  return false;
}

int weekday(const Civil& c) { return weekday_of(days_of(c.year, c.month, c.day)); }

// The day on which the weekday nearest to `day` falls, within its month.
int nearest_weekday(int year, int month, int day) {
  const int length = month_length(year, month);
  for (int away = 0; away < 4; ++away)
    for (int d : {day - away, day + away}) {
      if (d < 1 || d > length) continue;
      const int w = weekday_of(days_of(year, month, d));
      if (w >= 1 && w <= 5) return d;
    }
  return 0;
}

bool day_item_names(const std::string& item, const Civil& c) {
  const int length = month_length(c.year, c.month);
  if (item == "L") return c.day == length;
  if (item == "LW") return c.day == nearest_weekday(c.year, c.month, length);
  if (item.starts_with("L-")) return c.day == length - std::stoi(item.substr(2));
  if (item.ends_with("W")) {
    const int day = std::stoi(item);
    return day <= length && c.day == nearest_weekday(c.year, c.month, day);
  }
  return item_names(item, c.day, {1, 31});
}

// A week of weekdays as 0 to 6, where a 7 or a SUN that ends a range is Sunday too.
bool plain_weekday_names(const std::string& item, int w) {
  const Strings halves = cut(item, '/');
  const Strings ends = cut(halves[0], '-');
  if (halves[0] == "*" || ends.size() == 1)
    return item_names(item, w, {0, 6}) || (item == "7" && w == 0);
  int from = value_of(ends[0]), to = value_of(ends[1]);
  const int step = halves.size() > 1 ? std::stoi(halves[1]) : 1;
  if (from == 7 && to < 7) from = 0;
  if (to == 0 && from > 0) to = 7;
  if (to < from) to += 7;
  for (int at = from; at <= to; at += step)
    if (at % 7 == w) return true;
  return false;
}

bool weekday_item_names(const std::string& item, const Civil& c) {
  const int length = month_length(c.year, c.month);
  const std::size_t mark = item.find('#');
  const bool last = item.ends_with("L");
  if (mark == std::string::npos && !last) return plain_weekday_names(item, weekday(c));
  const std::string day = item.substr(0, mark == std::string::npos ? item.size() - 1 : mark);
  if (!plain_weekday_names(day, weekday(c))) return false;
  return last ? c.day + 7 > length : (c.day - 1) / 7 + 1 == std::stoi(item.substr(mark + 1));
}

template <class Names>
bool any_item(const std::string& field, Names names) {
  for (const std::string& item : cut(field, ','))
    if (names(item)) return true;
  return false;
}

bool is_open(const std::string& field) { return field == "*" || field == "?"; }

std::int64_t wall_at(const Zone& zone, std::int64_t t) {
  return t + zone.offset_at(from_millis(t * 1000)).count() / 1000;
}

}  // namespace

Naive::Naive(const std::string& expression) {
  std::istringstream in(expression);
  Strings f;
  for (std::string word; in >> word;) f.push_back(word);
  if (f.size() == 5) f.insert(f.begin(), "0");
  if (f.size() == 6) f.emplace_back("*");
  second_ = f[0], minute_ = f[1], hour_ = f[2], day_ = f[3], month_ = f[4], weekday_ = f[5],
  year_ = f[6];
  for (int v = 0; v < 60; ++v) {
    if (field_names(second_, v, {0, 59})) seconds_.insert(v);
    if (field_names(minute_, v, {0, 59})) minutes_.insert(v);
    if (v < 24 && field_names(hour_, v, {0, 23})) hours_.insert(v);
  }
}

bool Naive::names_time(const Civil& c) const {
  return seconds_.contains(c.second) && minutes_.contains(c.minute) && hours_.contains(c.hour);
}

bool Naive::names_date(const Civil& c) const {
  if (!field_names(month_, c.month, {1, 12}) || !field_names(year_, c.year, {1970, 2199}))
    return false;
  const bool both = weekday_.starts_with("+");
  const std::string week = both ? weekday_.substr(1) : weekday_;
  const bool date = is_open(day_) || any_item(day_, [&](auto& i) { return day_item_names(i, c); });
  const bool named =
      is_open(week) || any_item(week, [&](auto& i) { return weekday_item_names(i, c); });
  if (both || is_open(day_) || is_open(week)) return date && named;
  return date || named;
}

bool Naive::is_wildcard() const {
  return minute_.starts_with("*") || hour_.starts_with("*") || second_.starts_with("*");
}

bool Naive::has_one_time() const {
  return seconds_.size() == 1 && minutes_.size() == 1 && hours_.size() == 1;
}

// What a daemon does at each full minute: it knows up to where it has worked off the wall clock.
// One more minute: run what is due. A jump ahead: fixed jobs of all minutes jumped over run now,
// the others see only the new time. A jump back: fixed jobs wait until the wall clock has caught
// up.
std::vector<std::int64_t> play_daemon(const Naive& naive, const Zone& zone, DstRule rule,
                                      std::int64_t from, std::int64_t to) {
  std::set<std::int64_t> found;
  const bool fixed = rule == DstRule::vixie ? !naive.is_wildcard() : naive.has_one_time();
  const bool waits = rule == DstRule::ocps || fixed, catches_up = rule != DstRule::ocps && fixed;
  const std::int64_t limit = rule == DstRule::vixie ? 3 * 3600 : 1'000'000;
  std::int64_t worked_off = wall_at(zone, from) - 60;
  for (std::int64_t t = from; t < to; t += 60) {
    const std::int64_t wall = wall_at(zone, t);
    const std::int64_t ahead = wall - worked_off - 60;  // 0 in ordinary times
    if (ahead > limit || ahead < -limit) worked_off = wall - 60;
    if (waits && wall <= worked_off) continue;
    for (std::int64_t missed = worked_off + 60; catches_up && missed < wall; missed += 60)
      if (naive.names(civil_of(missed))) found.insert(t);
    if (naive.names(civil_of(wall))) found.insert(t);
    worked_off = wall;
  }
  return {found.begin(), found.end()};
}

std::vector<std::int64_t> due(const Schedule& schedule, std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> out;
  auto t = schedule.next(from_millis(from * 1000 - 1));
  for (; t && to_millis(*t) < to * 1000; t = schedule.next(*t)) out.push_back(to_millis(*t) / 1000);
  return out;
}

std::vector<std::int64_t> due_backwards(const Schedule& schedule, std::int64_t from,
                                        std::int64_t to) {
  std::vector<std::int64_t> out;
  auto t = schedule.previous(from_millis(to * 1000));
  for (; t && to_millis(*t) >= from * 1000; t = schedule.previous(*t))
    out.push_back(to_millis(*t) / 1000);
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace hotclock
