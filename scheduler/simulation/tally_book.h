// What a simulation counts. Used by simulate() alone.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "scheduler/core/ledger.h"
#include "scheduler/simulation/simulation.h"

namespace hotclock {

// Told of each thing as it happens, in the order of time. Threads: one at a time.
class TallyBook {
 public:
  explicit TallyBook(const Plan& plan);

  void entered(std::size_t job, const Entry& entry);
  void refused(std::size_t job, const Refusal& why);
  void began(std::size_t job, const Claim& claim, int running_on_the_node, Instant now);
  void ended(std::size_t job, const Ending& ending, Instant now);

  // What there is to tell when the time is over.
  Simulated closed();

 private:
  struct Running {
    std::size_t job;
    std::vector<bool> beside;  // by job
  };
  struct QueueCount {
    SimulatedQueueReport report;
    int running = 0;
  };

  QueueCount& queue(const std::string& name);
  void pass_until(Instant now);
  void meet(std::int64_t slot_id, std::size_t job);
  void close(SimulatedJobReport& report, std::vector<Duration>& lateness);

  const Plan& plan_;
  Simulated told_;
  std::vector<std::vector<Duration>> lateness_;  // by job
  std::vector<QueueCount> queues_;
  std::unordered_map<std::int64_t, Running> running_;       // by slot
  std::unordered_map<std::int64_t, std::string> queue_of_;  // of what runs
  Instant passed_;
  double spent_ = 0;  // milliseconds of execution
};

}  // namespace hotclock
