// A round of each fault, with a seed of its own each time it is built; ./chaos goes on for as long as asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/chaos/faults.h"

namespace hotclock::chaos {
namespace {

// Each group on a stage of its own, one fault after the other: what one leaves behind, the next one meets.
class ChaosTest : public testing::TestWithParam<std::string> {};

TEST_P(ChaosTest, NothingIsLostAndNothingIsDoneTwice) {
  Random random(20261125);
  std::unique_ptr<Stage> stage;
  int played = 0;
  for (const Fault& fault : faults()) {
    if (fault.group != GetParam()) continue;
    if (const std::string why = reason_not_to_play(fault); !why.empty()) {
      GTEST_LOG_(INFO) << fault.name << " is not played: " << why;
      continue;
    }
    if (!stage || fault.needs == Fault::Needs::own_stage) {
      stage.reset();
      stage = std::make_unique<Stage>(StageOptions{.small_disk = fault.needs == Fault::Needs::small_disk});
    }
    const Round round = play(*stage, fault, random);
    GTEST_LOG_(INFO) << round.fault << ": " << round.what << " (" << round.seconds << " s)";
    for (const std::string& violation : round.violations) ADD_FAILURE() << round.fault << ": " << violation;
    ++played;
    if (!round.violations.empty()) break;
  }
  if (played == 0) GTEST_SKIP() << "no fault of this group can be played here";
  if (stage && !HasFailure()) stage->curtain();
}

INSTANTIATE_TEST_SUITE_P(Faults, ChaosTest,
                         testing::Values("calm", "kill", "freeze", "database", "disk", "commit", "part", "clock",
                                         "database-clock", "people"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace hotclock::chaos
