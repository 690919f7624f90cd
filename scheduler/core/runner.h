// The runner: workers that run claimed executions, and what came of them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/core/job.h"

namespace hotclock {

// A claimed slot on its way through a worker.
struct Task {
  std::shared_ptr<Job> job;
  Execution execution;
  std::size_t queue = 0;  // by which workers are kept for it
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
  // `reserved`: of each queue by its number, how many workers are kept for it; none for those behind.
  // Less than the workers in all.
  Runner(int workers, const Clock& clock, std::function<void(const Execution&)> on_start,
         std::function<void()> on_finish, std::vector<int> reserved = {});
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
  // Tasks of one queue, in their order.
  struct Line {
    std::deque<std::pair<std::int64_t, Task>> tasks;  // each with its number
    int reserved = 0;
    int running = 0;
  };

  void work(std::stop_token stop);
  void run(Task task);
  void put(Task task) HOTCLOCK_REQUIRES(m_);
  Line* next_line() HOTCLOCK_REQUIRES(m_);

  const Clock& clock_;
  const std::function<void(const Execution&)> on_start_;
  const std::function<void()> on_finish_;

  mutable Mutex m_;
  std::condition_variable work_to_do_;
  std::vector<Line> lines_ HOTCLOCK_GUARDED_BY(m_);  // by queue
  std::int64_t last_number_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::size_t waiting_ HOTCLOCK_GUARDED_BY(m_) = 0;  // tasks in all lines
  int idle_ HOTCLOCK_GUARDED_BY(m_);                 // workers
  std::vector<Finished> finished_ HOTCLOCK_GUARDED_BY(m_);
  bool halfway_told_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool closing_ HOTCLOCK_GUARDED_BY(m_) = false;

  std::vector<std::jthread> workers_;  // last: they end before what they use
};

}  // namespace hotclock
