#include "scheduler/core/runner.h"

#include <exception>

namespace hotclock {

Outcome perform(Job& job, Execution& execution) {
  try {
    return job.run(execution);
  } catch (const std::exception& thrown) {
    return Failed{Error(Errc::internal, thrown.what()).within("the job threw"), false};
  } catch (...) {
    return Failed{Error(Errc::internal, "the job threw something unknown"), false};
  }
}

Runner::Runner(int workers, const Clock& clock, std::function<void(const Execution&)> on_start,
               std::function<void()> on_finish)
    : clock_(clock), on_start_(std::move(on_start)), on_finish_(std::move(on_finish)) {
  for (int i = 0; i < workers; ++i)
    workers_.emplace_back([this](std::stop_token stop) { work(stop); });
}

Runner::~Runner() {
  Lock lock(m_);
  closing_ = true;
  work_to_do_.notify_all();
}

void Runner::start(std::vector<Task> tasks) {
  if (workers_.empty()) {
    for (Task& task : tasks) run(std::move(task));
    return;
  }
  Lock lock(m_);
  for (Task& task : tasks) queue_.push_back(std::move(task));
  if (tasks.size() == 1)
    work_to_do_.notify_one();
  else
    work_to_do_.notify_all();
}

std::vector<Finished> Runner::take() {
  Lock lock(m_);
  halfway_told_ = false;
  return std::exchange(finished_, {});
}

bool Runner::has_backlog() const {
  Lock lock(m_);
  return queue_.size() > finished_.size();
}

void Runner::work(std::stop_token) {
  for (;;) {
    Task task;
    {
      Lock lock(m_);
      while (queue_.empty() && !closing_) lock.wait(work_to_do_);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    run(std::move(task));
  }
}

void Runner::run(Task task) {
  Finished finished{std::move(task.execution), Stopped{}, clock_.now(), {}};
  // Work that was asked to stop before it began has nothing to undo.
  if (!finished.execution.stop().stop_requested()) {
    on_start_(finished.execution);
    finished.outcome = perform(*task.job, finished.execution);
  }
  finished.ended_at = clock_.now();
  bool worth_telling = false;
  {
    Lock lock(m_);
    worth_telling = finished_.empty();
    finished_.push_back(std::move(finished));
    if (!halfway_told_ && finished_.size() >= queue_.size()) worth_telling = halfway_told_ = true;
  }
  if (worth_telling) on_finish_();
}

}  // namespace hotclock
