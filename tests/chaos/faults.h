// What can be done to a cluster: each fault strikes a fleet in the middle of its work and heals it again.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/chaos/stage.h"

namespace hotclock::chaos {

struct Fault {
  enum class Needs {
    nothing,
    network,      // hosts of their own
    small_disk,   // a stage with one: StageOptions
    own_stage,    // it leaves the stage unfit for others: the database's clock was moved
  };

  std::string name;   // "kill-mid-chunk"
  std::string group;  // "kill"
  Needs needs = Needs::nothing;
  // Strikes, heals, and says what it did. It throws Toothless where nothing was struck: such a round
  // proves nothing.
  std::string (*strike)(Stage& stage, Random& random) = nullptr;
};

class Toothless : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

const std::vector<Fault>& faults();

// One round: the fault, then the verdict.
struct Round {
  std::string fault;
  std::string what;                     // it did
  std::vector<std::string> violations;  // of the assertions; empty: all held
  double seconds = 0;                   // from the first strike to rest
};
Round play(Stage& stage, const Fault& fault, Random& random);

// Whether it can be played here, or why not.
std::string reason_not_to_play(const Fault& fault);

}  // namespace hotclock::chaos
