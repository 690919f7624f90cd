// The ledger: the one place that knows what is due, who works it, and how it ended.
//
// Everything a scheduler tells it and asks of it goes through one act, settle(), which is atomic
// and durable when it returns: endings are recorded, due slots are entered, leases renewed, and
// slots claimed. So nothing can come between a check and the act that rests on it, and under load
// one commit carries many of each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/base/uuid.h"
#include "scheduler/core/execution_log.h"
#include "scheduler/core/guard.h"
#include "scheduler/core/outcome.h"
#include "scheduler/core/partition.h"
#include "scheduler/core/slot.h"
#include "scheduler/core/turns.h"

namespace hotclock {

// A slot to be entered. Entering one that is there already changes nothing.
struct Entry {
  Slot slot;
  Instant available_at;      // claimable from then on
  int priority = 0;
  std::string requested_by;  // for manual and backfill: who
  // Entered with its end already known: missed (nobody was there), refused.
  std::optional<End> ended;
  std::string reason;
  std::optional<std::int64_t> token = {};  // for manual and backfill: with what, as the service knows it
  // Of the schedule that named it: see CursorMove. None: it does not go by that.
  std::optional<std::int64_t> rescheduled = {};
};

// Where a job's timetable stands: everything due up to `entered_until` has been entered.
// `rescheduled`: the version of the live change that the schedule goes by (policy.h). Where there has
// been a newer one, of which this node has not heard, neither the move nor its slots are taken.
struct CursorMove {
  std::string job;
  Instant entered_until;
  std::int64_t rescheduled = 0;
  // Where the job has another schedule from here on: as text, for the job's row. It goes there with the
  // last slots of the old one, so that nobody sees the one without the other.
  std::optional<std::string> schedule = {};
};

// What follows an attempt.
struct Ends {
  End end;
};
struct TriesAgain {
  Instant at;
};
struct GoesBack {};  // drained: due again at once, and the attempt does not count
struct Waits {};     // unknown: a person decides
// It stays running, held by nobody, while partitions that begin at these cursors are due; it ends
// with the last of them.
struct Divides {
  std::vector<std::string> cursors;
  std::int64_t progress_total = 0;  // of all of them
};
using Follow = std::variant<Ends, TriesAgain, GoesBack, Waits, Divides>;

// How one attempt ended. Recorded only if its fence is still the slot's.
struct Ending {
  std::shared_ptr<const Permit> permit;
  Instant started_at;
  Instant ended_at;
  Follow follow;
  std::string outcome;  // "completed", "failed", "timed_out", "cancelled", "drained", ...
  std::string error;    // empty where there is none
  Tally tally;
  std::vector<SetAside> set_aside;
  std::int64_t set_aside_total = 0;
  LogText log;
  std::int64_t peak_memory = 0;  // see Execution
  bool log_was_shown = false;    // while it grew: what was written of it then is replaced now
};

// A slot that is ours now.
struct Claim {
  std::shared_ptr<Permit> permit;
  std::string cursor;      // of the last committed chunk of an earlier attempt
  Instant available_at;    // since when it could have been claimed
  bool taken_over = false; // an earlier worker vanished
  std::string queue;       // whose line it stood in
};

// A slot that the guard refused; it has ended.
struct Refused {
  Slot slot;
  Refusal why;
};

// A slot whose worker vanished, and what became of it.
struct Taken {
  Slot slot;
  std::string execution;  // the lost one
  std::string node;       // the one that vanished
  AfterLoss after;
};

// A divided slot whose last partition has ended, and so has it.
struct Gathered {
  Slot slot;
  std::string execution;  // the one that divided it
  Instant started_at;     // both by the ledger's clock
  Instant ended_at;
  PartitionEnds ends;
};

struct Settlement {
  Instant now;
  Steady asked;  // leases are trusted from here: from before the request was sent
  std::vector<Ending> endings;
  std::vector<Entry> entries;
  std::vector<CursorMove> cursors;
  std::vector<std::shared_ptr<Permit>> renewals;
  int room = 0;             // how many slots may be claimed
  int room_for_partitions = std::numeric_limits<int>::max();  // how many of these may be partitions
  bool look_for_lost = false;  // also look for slots whose worker vanished
  std::optional<std::int64_t> only_slot = {};  // claim this one and its partitions alone (a person's `run`)
  Turns turns = {};  // the node's queues: which of them may claim, and whose turn it is
};

struct Settled {
  std::vector<Claim> claims;
  std::vector<Refused> refusals;
  std::vector<Taken> taken;
  std::vector<Gathered> gathered;
  std::vector<Uuid> lost;       // endings and renewals whose fence was old
  std::vector<Uuid> cancelled;  // ours, and somebody asked to cancel them
  // When the next slot that is now due, but not yet available, becomes so.
  std::optional<Instant> next_available;
};

// A job's row: who it is, and where its timetable stands.
struct JobRow {
  std::string job;
  std::string schedule;           // as text with zone and rule, so that a change is noticed
  Instant entered_until;
  std::string queue = {};         // in whose line its slots are put as they are entered
};

// Looks a job's policy up by its name; null where this node does not know the job (then its slots
// are left for nodes that do).
using PolicyOf = std::function<std::shared_ptr<const Policy>(const std::string& job)>;

// Threads: settle() from the scheduler's thread; enrol() before that.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Makes the jobs known. A job that is new starts at `row.entered_until`; of one that is known
  // the row as it stood is returned (same order), and its queue replaced: slots that were entered
  // before stay in the line they stand in. Its schedule is replaced by a CursorMove.
  virtual Result<std::vector<JobRow>> enrol(const std::vector<JobRow>& rows) = 0;

  // One atomic act. After an error nothing of it stands.
  virtual Result<Settled> settle(const Settlement& act, const PolicyOf& policy_of) = 0;
};

// Until when a lease asked for at `asked` may be trusted: it is given up a little before it ends.
inline Steady trusted_until(Steady asked, Duration lease) {
  return asked + lease - std::min<Duration>(lease / 10, std::chrono::seconds{5});
}

// The order in which due slots of one queue are claimed: by this number, smallest first. A step of
// priority is worth `ageing` of waiting, so a lower priority waits longer but never for ever: the
// number is fixed when the slot is entered, and later slots get larger ones. So before a slot that is
// available at t go only those available before t + (the highest priority - its own) * ageing.
constexpr Duration ageing = std::chrono::minutes{1};
constexpr std::int64_t claim_rank(Instant available_at, int priority) {
  return to_millis(available_at) - priority * ageing.count();
}

}  // namespace hotclock
