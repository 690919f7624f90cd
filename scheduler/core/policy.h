// How a job's slots are treated: everything about a job that is a setting.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"
#include "scheduler/core/job.h"
#include "scheduler/core/maintenance.h"
#include "scheduler/core/retry.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {

// What becomes of slots that passed while no scheduler was there. Whatever is left out is recorded
// as missed, with the reason.
enum class CatchUp {
  none,  // none is worked
  last,  // the newest alone
  all,   // every one inside the window, oldest first
};

// What a slot does when an execution of its job is running.
enum class Overlap {
  refuse,   // it ends as refused
  wait,     // it waits for that one to end
  replace,  // that one is cancelled, then this one runs
  allow,    // they run side by side, up to max_running
};

std::string_view to_string(CatchUp);
std::string_view to_string(Overlap);
bool from_string(std::string_view text, CatchUp& out);
bool from_string(std::string_view text, Overlap& out);

struct CatchUpRule {
  CatchUp kind = CatchUp::last;
  Duration window = std::chrono::days{7};     // `all`: nothing older than this
  int max_slots = 1000;                       // `all`: the newest so many
  Duration spacing = Duration::zero();        // `all`: between the starts of two of them
  // A slot this late is still on time: neither a restart nor a busy second makes it an outage.
  Duration grace = std::chrono::minutes{1};
};

// After `failures` ends of kind failed or timed_out in a row the circuit opens: slots are refused
// for `pause`, then one is let through as a trial. 0 switches it off.
struct CircuitRule {
  int failures = 0;
  Duration pause = std::chrono::minutes{10};
};

// A stretch of time whose slots are refused, unless a person asks for one.
struct Blackout {
  Instant from;
  Instant until;     // the first instant that is no longer in it
  std::string name;  // as the settings have it: "2026-12-25"
};

struct Policy {
  bool enabled = true;              // by this node's settings
  std::string disabled_by;          // where the setting stands, for the refusal's reason
  Duration soft_limit = std::chrono::minutes{10};  // the attempt is asked to stop
  Duration hard_limit = std::chrono::minutes{15};  // it did not: a person is told
  Duration lease = std::chrono::minutes{10};
  RetryRule retry;
  CatchUpRule catch_up;
  Overlap overlap = Overlap::refuse;
  int max_running = 1;   // with Overlap::allow: at most so many at once
  Duration jitter = Duration::zero();  // a slot of the schedule is claimed so much later at most
  int priority = 0;      // each step is worth Settings::ageing of waiting
  std::string queue;     // the line its slots stand in; "": the default one. See turns.h
  CircuitRule circuit;
  std::vector<Blackout> blackouts;
  std::vector<Maintenance> maintenance;  // slots due in it wait until it is over
  // What a person asks for by hand (a slot, a backfill, a change) is done once a second one says yes.
  // The schedule needs nobody. Whoever takes the asking sees to it.
  bool second_person = false;
  // Keys whose values are taken out of what its attempts say before anything is kept, beside the
  // usual ones; see Redaction.
  std::vector<std::string> hidden_keys;
  // A lost worker's slot may simply be tried again: its effects lie in chunks under the fence, or
  // repeating them does no harm. Otherwise it becomes unknown and waits for a person.
  bool repeatable = true;
};

// Somebody changed the schedule while nodes work: what it was before counts until `at`. The version
// rises with each such change; a node that knows a smaller one enters no slots of the job's schedule
// any more. 0: nobody ever did.
struct Rescheduled {
  std::int64_t version = 0;
  Instant at;

  friend bool operator==(const Rescheduled&, const Rescheduled&) = default;
};

// One job as the scheduler knows it. Policies and jobs may be shared by any number of them.
struct JobSpec {
  std::string name;  // unique; what people and the ledger call it
  Schedule schedule;
  std::shared_ptr<Job> job;
  std::shared_ptr<const Policy> policy = std::make_shared<Policy>();
  Rescheduled rescheduled = {};
};

}  // namespace hotclock
