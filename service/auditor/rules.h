// How a job's slots were to be treated, as the auditor saw its settings: what slots it left out,
// and when it was not to be worked. Kept as a JSON object in auditor_seen, a row with each change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/config/config.h"

namespace hotclock::auditor {

struct Rules {
  // A stretch of time, or one that comes back each week by a zone's wall clock.
  struct Window {
    std::string name;
    Instant from = {}, until = {};  // once
    int days = 0;                   // each week, where not 0: bit 0 is Sunday;
    int minutes_from = 0, minutes_until = 0;
    std::string zone = {};
    friend bool operator==(const Window&, const Window&) = default;
  };
  std::string catch_up;  // "none", "last", "all"
  Duration window = {};
  int max_slots = 0;
  Duration grace = {};
  std::vector<Window> blackouts, maintenance;

  friend bool operator==(const Rules&, const Rules&) = default;
};

Rules rules_of(const config::JobConfig& job);
std::string to_json(const Rules& rules);
Result<Rules> rules_in(std::string_view json);  // Errc::corrupt

// The window in which `t` lies; null where there is none.
const Rules::Window* window_at(const std::vector<Rules::Window>& windows, Instant t);

// What was seen of one thing, and since when; oldest first.
template <class T>
class History {
 public:
  void add(Instant since, T value) { seen_.push_back({since, std::move(value)}); }
  // What counted from `margin` before `t` until `margin` behind it; null where that was not one and
  // the same, or nobody had looked yet: then it decides nothing.
  const T* at(Instant t, Duration margin) const {
    const T* before = find(t - margin);
    return before && before == find(t + margin) ? before : nullptr;
  }
  // All that counted at some time between; nothing where nobody had looked at the beginning.
  std::vector<const T*> between(Instant from, Instant until) const {
    std::vector<const T*> all;
    if (const T* first = find(from)) all.push_back(first);
    for (const auto& [since, value] : seen_)
      if (!all.empty() && since > from && since <= until) all.push_back(&value);
    return all;
  }

 private:
  struct Seen {
    Instant since;
    T value;
  };
  const T* find(Instant t) const {
    const T* found = nullptr;
    for (const Seen& one : seen_)
      if (one.since <= t) found = &one.value;
    return found;
  }
  std::vector<Seen> seen_;
};

}  // namespace hotclock::auditor
