// The database's time on this machine, so that nodes need not agree on theirs.
#pragma once

#include <optional>

#include "scheduler/base/clock.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// Shows what the database's clock shows, carried on by this machine's monotonic clock since it was last
// heard of: a wall clock here that is wrong, or is set, moves nothing. Until the database was heard of,
// and on an engine that has no clock of its own, it is the machine's clock.
//
// Late rather than early: what the database said was true some time before it arrived here.
//
// Threads: all members may be called from any thread at once.
class DatabaseClock final : public Clock {
 public:
  // The machine's; it must outlive this one.
  explicit DatabaseClock(Clock& machine) : machine_(machine) {}

  Instant now() const override;
  Steady steady() const override { return machine_.steady(); }
  bool sleep_until(Instant deadline, std::stop_token stop) override;

  // Asks the database for its time. What was known before holds on where it cannot be asked.
  Result<> ask(Database& database);
  // The database's clock showed `now` at some time before `heard_at`, and not long before.
  void hear(Instant now, Steady heard_at);

  // How far the machine's wall clock is ahead of this one. Where that changes, it was set, or the machine
  // was asleep, which the monotonic clock does not count: then ask().
  Duration machine_ahead() const { return machine_.now() - now(); }

  Clock& machine() const { return machine_; }

 private:
  struct Heard {
    Instant now;
    Steady at;
  };

  std::optional<Heard> heard() const;

  Clock& machine_;
  mutable Mutex m_;
  std::optional<Heard> heard_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::sql
