// The guard decides whether a slot may be worked now. Its rules are pure functions of facts; the
// ledger gathers the facts, asks, and writes the answer, all in one atomic act, so that nothing can
// change between the check and the claim.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "scheduler/base/time.h"
#include "scheduler/core/policy.h"
#include "scheduler/core/slot.h"

namespace hotclock {

// A person stopped the job until further notice, or until an instant.
struct Pause {
  std::string by;
  std::string reason;
  std::optional<Instant> until;
};

// A person switched the job off, or everything: nothing of it starts, whoever asks.
struct SwitchedOff {
  std::string by;
  std::string reason;
  bool everything = false;  // by the kill switch
};

// What the ledger knows of a job at the moment of the claim, all nodes included.
struct JobFacts {
  std::optional<Pause> pause;
  int running = 0;               // executions that hold a lease now
  std::string running_execution; // one of them, for the reason
  int failures_in_a_row = 0;     // ends of kind failed or timed_out since the last success
  Instant last_failure;
  std::optional<SwitchedOff> off = {};
};

// A person asked for it who may not have it done any more.
struct NotAllowed {
  std::string who;
  std::string why;  // "the token was revoked"
};

// What the ledger knows of the slot.
struct SlotFacts {
  Slot slot;
  Instant entered_at;
  int attempt = 0;  // attempts so far
  // Of a person's slot: what that person was granted has ended since.
  std::optional<NotAllowed> not_allowed = {};
};

// Why a slot was not worked. Each has a row, and a sentence.
struct Held {
  std::string by;  // the execution that runs
};
struct Paused {
  Pause pause;
};
struct Disabled {
  std::string where;
};
struct CircuitOpen {
  int failures = 0;
  Instant until;
};
struct BlackedOut {
  std::string name;
};
using Refusal =
    std::variant<Held, Paused, Disabled, CircuitOpen, BlackedOut, SwitchedOff, NotAllowed>;

// "paused by asha: migration of the wallet": what an operator reads.
std::string to_words(const Refusal& refusal);
// "held", "paused", "disabled", "circuit_open", "blackout", "kill_switch", "not_allowed": what a
// program reads.
std::string_view kind_of(const Refusal& refusal);

struct Admit {};
struct Wait {
  bool cancel_running = false;  // Overlap::replace
};
// Not before then; what it is held up by.
struct Postpone {
  Instant until;
  std::string why;
};
using Verdict = std::variant<Admit, Wait, Postpone, Refusal>;

// What becomes of a slot whose worker vanished.
enum class AfterLoss { again, unknown, failed };

// A person's slot may run while the job is paused, its circuit is open, its instant lies in a
// blackout or it is a time of maintenance (they know, and say so by asking); it still obeys the
// overlap rule, what is switched off stays off, and it is refused where that person may not ask for
// it any more.
Verdict judge(const Policy& policy, const JobFacts& job, const SlotFacts& slot, Instant now);

// "waits for the end of maintenance Sun 02:00-04:00"
std::string to_words(const HeldUp& held);

// `attempt` counts the lost one. A worker that dies each time is not tried for ever.
AfterLoss judge_loss(const Policy& policy, int attempt);

}  // namespace hotclock
