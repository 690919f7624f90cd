// What a scheduler tells the rest of the world: logs, metrics, alerts, tests.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/ledger.h"

namespace hotclock {

struct Started {
  std::shared_ptr<const Permit> permit;
  Duration late;  // past the instant from which it could be claimed
};
// An attempt ended, and it is recorded.
struct Recorded {
  const Ending& ending;
};
struct RefusedSlot {
  const Refused& refused;
};
// Slots that nobody worked, by rule; recorded as missed.
struct MissedSlots {
  std::string job;
  Instant from, to;  // the first and the last
  std::int64_t count;
  std::string reason;
};
// The last partition of a divided slot has ended, and so has the slot.
struct GatheredSlot {
  const Gathered& gathered;
};
struct TakenOver {
  const Taken& taken;
};
struct LostLease {
  std::shared_ptr<const Permit> permit;
  bool by_fence = false;  // the ledger has seen that its fence was old
};
// An execution was asked to stop and has not by its hard limit. Its slot stays held.
struct Stuck {
  std::shared_ptr<const Permit> permit;
  Duration running_for;
};
// The wall clock was set. Positive: forward.
struct ClockStepped {
  Duration by;
};
// The ledger could not be asked; nothing new starts until it can. Told once per outage.
struct LedgerFailed {
  const Error& why;
};
struct LedgerBack {
  Duration after;
};
// A job's next_wake failed; its schedule goes on.
struct WakeFailed {
  std::string job;
  const Error& why;
};

using Notice = std::variant<Started, Recorded, GatheredSlot, RefusedSlot, MissedSlots, TakenOver,
                            LostLease, Stuck, ClockStepped, LedgerFailed, LedgerBack, WakeFailed>;

// Threads: called from the scheduler's thread (Started: from the worker's), never under a lock. Be quick.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on(const Notice& notice) = 0;
};

}  // namespace hotclock
