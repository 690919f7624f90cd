#include "scheduler/core/judgement.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

using namespace std::chrono_literals;

const Instant noon = from_millis(1'795'608'000'000);

class Judgement : public testing::Test {
 protected:
  Judgement() {
    policy_.retry.retries = 1;
    policy_.retry.first_delay = 1min;
  }
  std::optional<Ending> of(Outcome outcome) {
    Finished finished;
    finished.execution.permit = permit_;
    if (!said_.empty()) finished.execution.log().append(said_);
    finished.outcome = std::move(outcome);
    finished.started_at = finished.ended_at = noon;
    return judged(std::move(finished), policy_);
  }
  static Unclear no_answer() { return {Error(Errc::unknown, "no answer")}; }
  static Instant again_at(const std::optional<Ending>& ending) {
    return std::get<TriesAgain>(ending.value().follow).at;
  }

  Policy policy_;
  std::string said_;
  std::shared_ptr<Permit> permit_ =
      std::make_shared<Permit>(Slot{"job", noon}, 1, Uuid(), 1, 1, Steady::max());
};

TEST_F(Judgement, WaitsForAPersonWhereNobodyCanTellWhatTookEffect) {
  policy_.repeatable = false;
  const auto ending = of(no_answer());
  ASSERT_TRUE(ending);
  EXPECT_TRUE(std::holds_alternative<Waits>(ending->follow));
  EXPECT_EQ(ending->outcome, "unknown");
  EXPECT_EQ(ending->error, "no answer");
}

TEST_F(Judgement, KeepsNoSecretsOfErrors) {
  policy_.hidden_keys = {"iban"};
  EXPECT_EQ(of(Failed{Error(Errc::unavailable, "postgresql://app:hunter2@db: refused")})->error,
            "postgresql://app:***@db: refused");
  Partial partial{.tally = {},
                  .set_aside = {{"iban=DE02", Error(Errc::invalid, "no such token: abc")}},
                  .total = 1};
  const auto ending = of(std::move(partial));
  EXPECT_EQ(ending->set_aside.at(0).record, "iban=***");
  EXPECT_EQ(ending->set_aside.at(0).why, Error(Errc::invalid, "no such token: ***"));
}

TEST_F(Judgement, TriesWhatMayBeRepeatedAgain) {
  policy_.repeatable = true;
  EXPECT_EQ(again_at(of(no_answer())), noon + 1min);
}

TEST_F(Judgement, TakesWhatIsUnclearAndMayBeRepeatedForWhatStoppedIt) {
  policy_.repeatable = true;
  permit_->request_stop(StopReason::drain);
  EXPECT_TRUE(std::holds_alternative<GoesBack>(of(no_answer())->follow));
}

TEST_F(Judgement, SaysNothingOfAnUnclearSlotThatIsSomebodyElses) {
  policy_.repeatable = false;
  permit_->request_stop(StopReason::lease_lost);
  EXPECT_FALSE(of(no_answer()));
}

TEST_F(Judgement, WaitsAsLongAsTheAttemptAsksFor) {
  const Error busy(Errc::unavailable, "busy");
  EXPECT_EQ(again_at(of(Failed{busy, false, 5min})), noon + 5min);
  EXPECT_EQ(again_at(of(Failed{busy, false, 5s})), noon + 1min);
}

TEST_F(Judgement, TriesNoSlotAgainThatWouldBeTooOldThen) {
  policy_.retry.max_age = 1h;
  const auto ending = of(Failed{Error(Errc::unavailable, "busy"), false, 2h});
  EXPECT_TRUE(std::holds_alternative<Ends>(ending->follow));
}

TEST_F(Judgement, KeepsWhatTheAttemptSaid) {
  EXPECT_TRUE(of(Done{})->log.empty());
  said_ = "sent";
  EXPECT_EQ(of(Done{})->log.text, "sent");
  EXPECT_EQ(of(Failed{Error(Errc::invalid, "no"), true})->log.text, "sent");
}

}  // namespace
}  // namespace hotclock
