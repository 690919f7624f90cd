// The runner: workers that run claimed executions, and what came of them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/core/job.h"

namespace hotclock {

// A claimed slot on its way through a worker.
struct Task {
  std::shared_ptr<Job> job;
  Execution execution;
};

// The same, worked.
struct Finished {
  Execution execution;
  Outcome outcome;
  Instant started_at;
  Instant ended_at;
};

// Runs one execution here and now. Whatever a job throws becomes Failed.
Outcome perform(Job& job, Execution& execution);

// Threads: start() and take() from one thread; the callbacks are called from workers.
class Runner {
 public:
  // With no workers, start() runs the work on the caller's thread before it returns.
  // `on_start` is told as a job begins; `on_finish` once there is something to take, and again as
  // soon as no more waits for a worker than there is to take.
  Runner(int workers, const Clock& clock, std::function<void(const Execution&)> on_start,
         std::function<void()> on_finish);
  // Waits for the work that was started; stop it first by its permits.
  ~Runner();

  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start(std::vector<Task> tasks);
  // Everything that has ended since it was last asked.
  std::vector<Finished> take();
  // Whether more waits for a worker than there is to take.
  bool has_backlog() const;

 private:
  void work(std::stop_token stop);
  void run(Task task);

  const Clock& clock_;
  const std::function<void(const Execution&)> on_start_;
  const std::function<void()> on_finish_;

  mutable Mutex m_;
  std::condition_variable work_to_do_;
  std::deque<Task> queue_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Finished> finished_ HOTCLOCK_GUARDED_BY(m_);
  bool halfway_told_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool closing_ HOTCLOCK_GUARDED_BY(m_) = false;

  std::vector<std::jthread> workers_;  // last: they end before what they use
};

}  // namespace hotclock
