// What people do to jobs and slots: each act is one transaction, with its row in the audit. A
// running scheduler, in this process or another, sees the change at its next look at the ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/slot.h"
#include "service/audit/audit.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// Who does it, from where, and why; the audit keeps all of it.
using audit::Person;

// Slots of the schedule are refused until then, or until resume(); what runs goes on, and what a
// person asks for still runs. Pausing what is paused replaces the reason and the end.
// Errc::not_found names the nearest job there is; Errc::invalid where the reason is empty.
Result<> pause(sql::Database& database, const std::string& job, const Person& by,
               std::optional<Instant> until, Instant now);
// Errc::conflict where it is not paused.
Result<> resume(sql::Database& database, const std::string& job, const Person& by, Instant now);

enum class Cancelled {
  ended,      // it was not running: it has ended as cancelled
  requested,  // it runs: its node has been asked to stop it
};
// `id` is an execution's id, or a slot's number ("4711") for a slot that has no execution yet.
// Errc::invalid, Errc::not_found, or Errc::conflict where it has ended: the message says how.
Result<Cancelled> request_cancel(sql::Database& database, std::string_view id, const Person& by,
                                 Instant now);

// A slot that a person asks for. It obeys the overlap rule, but neither pause nor circuit. Who asks
// with a token must still be granted the job when the slot is claimed; otherwise it is refused.
struct ManualSlot {
  std::string job;
  Instant scheduled_for;
  std::string key;  // must not be empty; the same key at the same instant is the same slot
  int priority = 0;
  bool profiled = false;  // its attempts are to be: see service/profiling
};
// The new slot's id. Errc::conflict where that slot is there already, with its state.
Result<std::int64_t> enter_manual(sql::Database& database, const ManualSlot& slot, const Person& by,
                                  Instant now);

// A plan over a past range, as the person has seen it.
struct Backfill {
  std::string job;
  std::vector<Instant> slots;
  std::string key;                      // of this plan: entering it twice changes nothing
  Duration spacing = Duration::zero();  // between the instants from which they may be claimed
  int priority = 0;
};
// How many slots are new.
Result<std::int64_t> enter_backfill(sql::Database& database, const Backfill& plan, const Person& by,
                                    Instant now);

// What of a backfill is still in line is taken out of it and ends as cancelled; what runs goes on.
struct Withdrawal {
  std::string job;
  Instant from, to;  // of its slots: the first, and the last
  std::string key;
};
// How many slots were in line.
Result<std::int64_t> withdraw(sql::Database& database, const Withdrawal& backfill, const Person& by,
                              Instant now);

// What a person found out about a slot whose worker vanished.
enum class Decision {
  try_again,  // nothing took effect, or it does no harm twice
  completed,  // everything took effect
  failed,     // it did not, and shall not be tried again
};
// Errc::conflict where the slot does not wait for a decision.
Result<> decide(sql::Database& database, std::int64_t slot_id, Decision decision, const Person& by,
                Instant now);

// Notes in the audit what concerns no job alone.
Result<> note_act(sql::Database& database, std::string_view what, std::string detail,
                  const Person& by, Instant now);

}  // namespace hotclock::ledger
