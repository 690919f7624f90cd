// The whole comparison of a range: slots of every job, money, other effects, and what must hold
// always.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/auditor/money.h"

namespace hotclock::auditor {

struct Range {
  Instant from, until;  // both inside
};

// What was looked at as one, and all that was wrong with it: "slots JOB", "money DATE", "effects",
// "invariants".
struct Looked {
  std::string scope = {};
  Differences differences = Differences();
  std::string job = {};  // whose slots, or money
  std::optional<SlotCounts> slots = {};
  std::optional<MoneyCounts> money = {};
};

// What is to be compared. Money of a date is the dear part: it reads all users.
struct Wanted {
  std::string job = {};  // empty: all
  bool slots = true;
  std::function<bool(const std::string& date)> money = [](const std::string&) { return true; };
  bool effects = true;
  bool invariants = false;
};

struct Comparison {
  Range range;
  Instant made_at;
  // Nothing is said of what was before: rows of that time may have been removed with the history.
  Instant known_from;
  std::vector<Looked> looked;  // by its scope's name where there is something to tell

  std::int64_t differences() const;
  std::int64_t left_off() const;  // of these, not kept
};

// Reads in short pieces. Bounded room: counts by job and date, and of each scope some thousands of
// differences. Errors are of the asking; ground.between's ends it.
Result<Comparison> compare(const Ground& ground, Range range, const Wanted& wanted = {});

// Slots before this may have been removed, as the settings say.
Instant removed_before(const config::Config& settings, Instant now);

}  // namespace hotclock::auditor
