// An engine on a database to measure in, with a job that does nothing and one that pays.
#pragma once

#include <memory>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/tuning/scratch.h"

namespace hotclock::tuning {

// Works from build() until it ends. Threads: one.
class TrialEngine {
 public:
  static Result<std::unique_ptr<TrialEngine>> build(const config::Config& settings,
                                                    Scratch& scratch, Clock& machine);
  ~TrialEngine();
  TrialEngine(const TrialEngine&) = delete;
  TrialEngine& operator=(const TrialEngine&) = delete;

  // Enters so many slots that do nothing, and waits for their ends to be recorded.
  Result<> work_slots(int count);
  // Asks for one as a person does, through a database of its own; from then until its job began.
  Result<std::chrono::nanoseconds> start_one();
  // og-daily-bonus for a day that was not paid: from entering until the end is recorded.
  struct Paid {
    std::int64_t users = 0;
    std::chrono::nanoseconds took{};
  };
  Result<Paid> pay_a_day();

 private:
  struct Parts;
  explicit TrialEngine(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace hotclock::tuning
