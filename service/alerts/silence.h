// What people want to hear nothing of, for a while. A silence holds back notices; the alert stands,
// and is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/alerts/alert.h"

namespace hotclock::alerts {

struct Silence {
  std::int64_t id = 0;
  // Label to value; "rule" and "severity" are labels too. A value that ends with '*' is a prefix.
  // An alert that has all of them is held back.
  Words matchers;
  std::string author;
  std::string reason;
  Instant begins;
  Instant ends;
  Instant made;
  std::string lifted_by;  // empty: it ends, or ended, by itself

  bool counts_at(Instant now) const { return begins <= now && now < ends; }

  friend bool operator==(const Silence&, const Silence&) = default;
};

bool matches(const Words& matchers, const Alert& alert);

// Errc::invalid: it would match everything, has no reason, ends before it begins or later than a
// year from now.
Result<> check(const Silence& silence, Instant now);

// Says of each alert why nobody is told: by the first silence that counts now, or because another
// alert says it already (a node that is gone needs no word about its disk). Empty where people are
// told.
void hold_back(std::vector<Alert>& alerts, std::span<const Silence> silences, Instant now);

// Whether an alert of `by` makes one of `of` needless, where both have this label alike. None: it
// does not.
std::optional<std::string_view> inhibits(Rule by, Rule of);

}  // namespace hotclock::alerts
