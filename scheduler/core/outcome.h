// What came of one attempt at a slot, as the job tells it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock {

// What a job counted, in its own words and order: {"users", 4213}, {"coins", 723400}.
using Tally = std::vector<std::pair<std::string, std::int64_t>>;

// A record that failed alone; the rest went on without it.
struct SetAside {
  std::string record;  // "user 4711"
  Error why;
};

// Everything is done.
struct Done {
  Tally tally;
};

// Everything is done except the records that were set aside. `set_aside` keeps the first
// `max_kept` of them, `total` counts all.
struct Partial {
  static constexpr std::size_t max_kept = 1000;
  Tally tally;
  std::vector<SetAside> set_aside;
  std::int64_t total = 0;
};

// It failed as a whole. What its chunks committed stands; a retry resumes after it.
struct Failed {
  Error why;
  bool final = false;  // trying again cannot help
  Duration not_before = Duration::zero();  // another attempt waits so long at least
};

// It may have taken effect or not, and nobody can tell: an answer was lost, work that leaves no
// trace was cut off. A job that may be repeated is tried again; the slot of any other waits for a
// person.
struct Unclear {
  Error why;
};

// It obeyed its stop token. Who requested the stop knows why; the job need not.
struct Stopped {};

// Its fence was old: another execution has the slot now. Nothing more of it was written.
struct LeaseLost {};

// It did nothing but divide its slot into partitions that any worker of any node may take: each is
// given to the job as an execution of its own that begins at one of these cursors. Not empty.
struct Divided {
  std::vector<std::string> cursors;
};

using Outcome = std::variant<Done, Partial, Failed, Stopped, LeaseLost, Divided, Unclear>;

}  // namespace hotclock
