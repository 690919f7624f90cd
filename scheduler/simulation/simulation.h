// What a set of schedules would do: a span of time worked through on a clock that costs nothing.
//
// Everything that decides is the real thing: the timetable, the guard with its overlap rules,
// circuits and blackouts, claim ranks, queues, retries, and the ledger's one act. Only the work
// itself is not done: an execution lasts as long as one that was recorded. The same plan always
// gives the same answer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/policy.h"
#include "scheduler/core/turns.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {

// A job as the simulation knows it.
struct SimulatedJob {
  std::string name;
  Schedule schedule;
  std::shared_ptr<const Policy> policy = std::make_shared<Policy>();
  // How long executions took, drawn by the plan's seed; empty: guessed_duration(*policy). One that
  // is longer than the policy's soft limit is stopped there.
  std::vector<Duration> durations = {};
  double failure_rate = 0;  // of attempts, 0 to 1
};

// What is assumed of a job that was never seen to run.
inline Duration guessed_duration(const Policy& policy) { return policy.soft_limit / 10; }

// Slots that somebody asks for at one moment, beside those of the schedules.
struct Crowd {
  std::string job;
  Instant at;
  int count = 1;
  int priority = 0;
};

struct Plan {
  std::vector<SimulatedJob> jobs;
  std::vector<Crowd> crowds = {};
  int nodes = 1;
  int workers = 4;  // of each node
  std::vector<QueueRule> queues = {};
  Instant from;
  Instant to;  // the first instant that is no longer in it
  std::uint64_t seed = 1;
};

// How much later than it could have a slot began.
struct Lateness {
  Duration median = Duration::zero();
  Duration p99 = Duration::zero();
  Duration worst = Duration::zero();
};

struct SimulatedJobReport {
  std::string job;
  std::int64_t due = 0;  // slots that were entered; each is in one of the counts that follow
  std::int64_t completed = 0;
  std::int64_t failed = 0;  // every attempt it had
  std::int64_t timed_out = 0;
  std::int64_t cancelled = 0;                   // replaced by the next slot of the job
  std::map<std::string, std::int64_t> refused;  // by kind_of(Refusal)
  std::int64_t missed = 0;
  std::int64_t running = 0;  // when the time was over
  std::int64_t waiting =
      0;  // for a worker, a limit, another slot or a retry, when the time was over

  std::int64_t attempts = 0;
  Lateness lateness;            // of first attempts
  std::int64_t began_late = 0;  // by a second or more
  bool guessed = false;         // no duration was recorded
  // Executions that ran beside at least one of another job, by that job; its own: beside one of the
  // same.
  std::map<std::string, std::int64_t> beside;
};

struct SimulatedQueueReport {
  QueueRule rule;
  std::int64_t claims = 0;
  int most_running = 0;
  std::int64_t limit_met = 0;  // how often what runs of it reached its limit
};

struct SimulatedMinute {
  Instant at;
  int most = 0;  // executions at once, on all nodes
  double mean = 0;
};

struct Simulated {
  std::vector<SimulatedJobReport> jobs;      // in the order of the plan
  std::vector<SimulatedQueueReport> queues;  // the default one first
  std::vector<SimulatedMinute> load;         // each minute of the plan
  int most_running = 0;
  double mean_running = 0;
  std::int64_t workers_met = 0;  // how often a node's last worker was taken
  std::int64_t held_up = 0;      // slots that began later than they could have
};

// Errc::invalid: the plan's time is empty, a name comes twice, a crowd is of no job, or more
// workers are kept for queues than a node may spare.
Result<Simulated> simulate(const Plan& plan);

}  // namespace hotclock
