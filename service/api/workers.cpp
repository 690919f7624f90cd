#include "service/api/workers.h"

#include <utility>

namespace hotclock::api {

Workers::Workers(http::Loop& loop, WorkersSettings settings) : loop_(loop), settings_(settings) {
  for (std::size_t i = 0; i < settings_.threads; ++i)
    threads_.emplace_back([this] { serve(stopping_.get_token()); });
}

Workers::~Workers() { stop(); }

Result<> Workers::submit(std::shared_ptr<Task> task) {
  {
    Lock lock(m_);
    if (stopping_.stop_requested()) return Error(Errc::stopped, "this node stops");
    const std::size_t room = settings_.waiting + settings_.threads;
    if (tasks_.size() + working_ >= room)
      return Error(Errc::busy, "too much is asked of this node");
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
  return {};
}

std::shared_ptr<Workers::Task> Workers::next(const std::stop_token& stop) {
  Lock lock(m_);
  while (tasks_.empty() && !stop.stop_requested()) lock.wait(changed_);
  if (stop.stop_requested()) return nullptr;
  auto task = std::move(tasks_.front());
  tasks_.pop_front();
  ++working_;
  return task;
}

void Workers::serve(const std::stop_token& stop) {
  while (auto task = next(stop)) {
    task->work(stop);
    {
      Lock lock(m_);
      --working_;
    }
    loop_.post([task = std::move(task)] { task->over(); });
  }
}

void Workers::stop() {
  {
    Lock lock(m_);
    stopping_.request_stop();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
  loop_.call([this] {
    std::deque<std::shared_ptr<Task>> left;
    {
      Lock lock(m_);
      left.swap(tasks_);
    }
    for (const auto& task : left) task->over();
  });
}

}  // namespace hotclock::api
