// The work itself: what a job must offer to be scheduled, and what it is given.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/core/execution_log.h"
#include "scheduler/core/outcome.h"
#include "scheduler/core/permit.h"

namespace hotclock {

// How far an execution is. Written by the job, read by whoever shows it.
struct Progress {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> total = 0;  // 0: not known
};

// Hears of the log of an attempt as its job begins one: whoever shows it while it grows.
// Threads: begins() from any worker's.
class LogWatch {
 public:
  virtual ~LogWatch() = default;
  virtual void begins(std::shared_ptr<const Permit> permit, std::shared_ptr<ExecutionLog> log) = 0;
};

// One attempt at a slot, as the job sees it. The job reads time from `slot()`, never from a clock.
struct Execution {
  std::shared_ptr<Permit> permit;
  std::string cursor;      // where the last committed chunk ended; empty at the beginning
  bool dry_run = false;    // do everything, commit nothing
  Instant available_at;    // since when the slot could have been claimed
  std::shared_ptr<Progress> progress = std::make_shared<Progress>();

  // The most memory that this attempt held, in bytes, where a job can tell it from the process's;
  // else 0.
  std::int64_t peak_memory = 0;

  std::vector<std::string> hidden_keys = {};  // Policy::hidden_keys

  // What this attempt has to say to those who look at it later; made when it is first asked for.
  std::shared_ptr<ExecutionLog> kept_log;

  LogWatch* log_watch = nullptr;  // told of it then

  ExecutionLog& log() {
    if (!kept_log) {
      kept_log = std::make_shared<ExecutionLog>(ExecutionLog::usual, hidden_keys);
      if (log_watch != nullptr) log_watch->begins(permit, kept_log);
    }
    return *kept_log;
  }
  const Slot& slot() const { return permit->slot; }
  std::stop_token stop() const { return permit->stop(); }
};

// A job. It may be run again for the same slot without changing anything twice, writes only under
// its permit's fence, and ends soon after a stop is requested.
// Threads: run() is called on a worker thread, and by several at once where the overlap rule
// `allow` says so; the others on the scheduler's thread.
class Job {
 public:
  virtual ~Job() = default;

  virtual Outcome run(Execution& execution) = 0;

  // Whether next_wake() is worth asking.
  virtual bool wakes_early() const { return false; }
  // The nearest instant at which the job wants to be run although its schedule has no slot there;
  // none by default. Asked at the start, after each execution of the job, and when news arrives,
  // so it must be quick.
  virtual Result<std::optional<Instant>> next_wake(Instant /*now*/) {
    return std::optional<Instant>();
  }
};

}  // namespace hotclock
