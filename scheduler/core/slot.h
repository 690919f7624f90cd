// The slot: one job at one due instant, and everything that can become of it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock {

// Why a slot exists.
enum class Trigger {
  schedule,  // its schedule names this instant
  catch_up,  // its schedule named it while nobody was there to work it
  early,     // its job asked to be woken before its next slot
  manual,    // a person asked for it
  backfill,  // part of a plan over a past range
};

// Where a slot stands. It moves from due to running and back (retries, drains), and ends once.
enum class State {
  due,      // entered, claimable from its available_at on
  waiting,  // due, but its job's overlap rule or limit makes it wait for another to end
  running,  // claimed: an execution holds its lease
  unknown,  // its worker vanished and nobody can tell what took effect: a person decides
  ended,    // see End
};

// How a slot ended. Each slot ends exactly once.
enum class End {
  completed,
  completed_with_errors,  // some records were set aside, the rest is done
  failed,                 // every attempt it had failed
  timed_out,              // its last attempt was stopped at its time limit
  cancelled,              // a person cancelled it
  refused,                // the guard said no; the reason is recorded
  missed,                 // nobody was there, and its catch-up rule leaves it out
};

std::string_view to_string(Trigger);
std::string_view to_string(State);
std::string_view to_string(End);
// False where `text` names none.
bool from_string(std::string_view text, Trigger& out);
bool from_string(std::string_view text, State& out);
bool from_string(std::string_view text, End& out);

// A slot's identity: the ledger holds each at most once. `key` is empty for what the schedule (or
// the job's own early wake) brought, so that a slot that is found twice is entered once; what a
// person asked for carries a key of its own. A partition has the key of the slot that was divided, and
// behind it its number: see partition.h.
struct Slot {
  std::string job;
  Instant scheduled_for;
  Trigger trigger = Trigger::schedule;
  std::string key;

  friend bool operator==(const Slot& a, const Slot& b) {
    return a.job == b.job && a.scheduled_for == b.scheduled_for && a.key == b.key;
  }
};

}  // namespace hotclock
