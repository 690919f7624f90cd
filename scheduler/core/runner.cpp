#include "scheduler/core/runner.h"

#include <algorithm>
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
               std::function<void()> on_finish, std::vector<int> reserved)
    : clock_(clock),
      on_start_(std::move(on_start)),
      on_finish_(std::move(on_finish)),
      lines_(std::max<std::size_t>(reserved.size(), 1)),
      idle_(workers) {
  for (std::size_t queue = 0; queue < reserved.size(); ++queue)
    lines_[queue].reserved = reserved[queue];
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
  for (Task& task : tasks) put(std::move(task));
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
  return waiting_ > finished_.size();
}

void Runner::put(Task task) {
  if (task.queue >= lines_.size()) lines_.resize(task.queue + 1);
  lines_[task.queue].tasks.emplace_back(++last_number_, std::move(task));
  ++waiting_;
}

// The line of the oldest task that may have a worker: as many must stay idle as others have kept and
// do not use. An execution that ends lets one more begin at most, which its own worker then takes.
Runner::Line* Runner::next_line() {
  if (waiting_ == 0) return nullptr;
  const auto kept = [](const Line& line) { return std::max(0, line.reserved - line.running); };
  int kept_in_all = 0;
  for (const Line& line : lines_) kept_in_all += kept(line);
  Line* next = nullptr;
  for (Line& line : lines_) {
    if (line.tasks.empty()) continue;
    const bool may = closing_ || idle_ > kept_in_all - kept(line);
    if (may && (!next || line.tasks.front().first < next->tasks.front().first)) next = &line;
  }
  return next;
}

void Runner::work(std::stop_token) {
  for (;;) {
    Task task;
    std::size_t queue = 0;
    {
      Lock lock(m_);
      Line* line = nullptr;
      while (!(line = next_line()) && !closing_) lock.wait(work_to_do_);
      if (!line) return;
      task = std::move(line->tasks.front().second);
      line->tasks.pop_front();
      queue = task.queue;
      ++line->running;
      --waiting_;
      --idle_;
    }
    run(std::move(task));
    Lock lock(m_);
    --lines_[queue].running;
    ++idle_;
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
    if (!halfway_told_ && finished_.size() >= waiting_) worth_telling = halfway_told_ = true;
  }
  if (worth_telling) on_finish_();
}

}  // namespace hotclock
