// A second understanding of cron expressions, for tests: slow, simple, and written without a look
// at the first. It asks of each minute whether it is named, and plays the clock of a cron daemon.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "scheduler/cron/schedule.h"
#include "scheduler/zone/zone.h"

namespace hotclock {

// Reads valid expressions of five to seven fields in Hotclock's dialect; no H, no nicknames.
class Naive {
 public:
  explicit Naive(const std::string& expression);

  bool names_date(const Civil& c) const;
  bool names_time(const Civil& c) const;
  bool names(const Civil& c) const { return names_time(c) && names_date(c); }

  // Whether minute or hour (or a given second) begins with a star.
  bool is_wildcard() const;
  bool has_one_time() const;

 private:
  std::string second_, minute_, hour_, day_, month_, weekday_, year_;
  std::set<int> seconds_, minutes_, hours_;
};

// The due seconds in [from, to) that a daemon finds which looks at its wall clock once a minute, by
// the rule. REQUIRES: the expression's seconds are 0 and `from` is a full minute; no change of the
// zone within three hours after `from`.
std::vector<std::int64_t> play_daemon(const Naive& naive, const Zone& zone, DstRule rule,
                                      std::int64_t from, std::int64_t to);

// The same from a Schedule.
std::vector<std::int64_t> due(const Schedule& schedule, std::int64_t from, std::int64_t to);
std::vector<std::int64_t> due_backwards(const Schedule& schedule, std::int64_t from,
                                        std::int64_t to);

}  // namespace hotclock
