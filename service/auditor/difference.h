// What the auditor finds: where what should be and what is differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::auditor {

// docs/operating.md says of each what it means and what to do.
enum class Kind {
  slot_missing,        // the schedule names it, and it has no row
  slot_twice,          // there are two of it
  slot_unexpected,     // its row says the schedule named it, and it did not
  slot_lost,           // its row stands in no queue, runs nowhere and has no end
  slot_in_two_places,  // it has ended and waits, or runs and waits
  ended_twice,
  missed_without_cause,  // it was left out although it was on time, or its rule keeps it
  caught_up_against_rule,
  wrong_summary,  // one row stands for many, and for another number than there were
  worked_in_blackout,
  worked_in_maintenance,
  worked_while_paused,
  worked_while_off,  // the job, or everything, was switched off
  refused_without_cause,
  schedule_not_in_force,  // another one counts than was set
  payment_missing,
  payment_twice,
  payment_without_slot,  // an effect without an end: nothing that was worked accounts for it
  wrong_amount,
  wrong_tally,      // an end without its effect: it counts other payments than there are
  throne_standing,  // its time was up at a slot that completed
  gift_wrong,       // on sale without a festival, or not on sale with one
  invariant_broken,
};
using hotclock::to_string;
std::string_view to_string(Kind);

struct Difference {
  Kind kind;
  std::string job;  // empty: no job's
  Instant at;       // of the slot it is about
  std::string
      subject;  // what it is about, for good: "slot 2026-11-23T13:05:00Z", "user 17 for 2026-11-24"
  std::string detail;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// What was found, in bounded room: of a flood the first are kept, the others counted.
class Differences {
 public:
  explicit Differences(std::size_t most = 10'000) : most_(most) {}

  void add(Difference difference);
  void add(Differences others);

  const std::vector<Difference>& kept() const { return kept_; }
  std::int64_t left_off() const { return left_off_; }
  std::int64_t total() const { return static_cast<std::int64_t>(kept_.size()) + left_off_; }
  bool none() const { return total() == 0; }

 private:
  std::size_t most_;
  std::vector<Difference> kept_;
  std::int64_t left_off_ = 0;
};

}  // namespace hotclock::auditor
