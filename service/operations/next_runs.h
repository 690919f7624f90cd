// When a schedule is due, and what the changes of its zone take away.
#pragma once

#include <string>
#include <vector>

#include "scheduler/core/policy.h"
#include "scheduler/cron/schedule.h"

namespace hotclock::operations {

// One line of a preview: a due instant, or a wall-clock time that a change of the zone took away.
struct NextRun {
  Instant at;
  std::string note;   // empty where there is nothing to say
  bool lost = false;  // nothing is due here
};

// The next (or the last, newest first) `n` due instants from `from`, and between them the times
// that gaps and overlaps took away.
std::vector<NextRun> next_runs(const Schedule& schedule, Instant from, int n,
                               bool previous = false);

// The same of all that is due from `from` on and before `to`; the first `most`.
std::vector<NextRun> runs_between(const Schedule& schedule, Instant from, Instant to,
                                  std::size_t most);

// The blackout that takes away what is due then; null where none does.
const Blackout* blackout_at(const Policy& policy, Instant t);

// Notes which of them wait for the end of a maintenance window, and which a blackout takes away.
void mark_what_is_kept_back(const Policy& policy, const Zone& zone, std::vector<NextRun>& runs);

// "2026-11-24 00:05:00 +11:00"
std::string local_text(Instant t, const Zone& zone);

}  // namespace hotclock::operations
