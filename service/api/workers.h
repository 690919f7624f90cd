// Work for requests that must not hold up the loop: a database's, a compressor's.
//
//   workers.run<Page>([=](const std::stop_token& stop) { return ask_database(stop); },
//                     [=](Result<Page> page) { ... });   // on the loop's thread again
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "service/http/loop.h"

namespace hotclock::api {

struct WorkersSettings {
  std::size_t threads = 4;
  std::size_t waiting = 128;  // beyond those that are being worked
};

// A bounded pool. What it was given is worked in its order, and each ends with one word on the
// loop's thread: its result, Errc::busy where too much waits, or Errc::stopped. Threads: run() and
// answer() on the loop's; stop() on any but the pool's own.
class Workers {
 public:
  template <class T>
  using Work = std::function<Result<T>(const std::stop_token& stop)>;
  template <class T>
  using Then = std::function<void(Result<T> result)>;

  // `loop` outlives it.
  Workers(http::Loop& loop, WorkersSettings settings);
  // Stops.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // `work` runs on a thread of the pool and must not throw; what `then` holds is touched on the
  // loop's thread alone. Where there is no room, `then` is called at once.
  template <class T>
  void run(Work<T> work, Then<T> then);

  // Asks what runs to stop and waits for it; what waits is told Errc::stopped, and so is all that
  // comes later. When it returns nothing of it runs any more. Twice is no error.
  void stop();

 private:
  // Owned by one thread at a time: the loop's, the pool's, the loop's.
  struct Task {
    std::function<void(const std::stop_token&)> work;
    std::function<void()> over;
  };

  // Why a task cannot be taken; none where it was.
  Result<> submit(std::shared_ptr<Task> task) HOTCLOCK_EXCLUDES(m_);
  void serve(const std::stop_token& stop);
  // Null where the pool stops.
  std::shared_ptr<Task> next(const std::stop_token& stop) HOTCLOCK_EXCLUDES(m_);

  http::Loop& loop_;
  const WorkersSettings settings_;
  std::stop_source stopping_;
  Mutex m_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Task>> tasks_ HOTCLOCK_GUARDED_BY(m_);
  std::size_t working_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::vector<std::thread> threads_;
};

template <class T>
void Workers::run(Work<T> work, Then<T> then) {
  auto result = std::make_shared<Result<T>>(Error(Errc::stopped, "this node stops"));
  auto task = std::make_shared<Task>();
  task->work = [result, work = std::move(work)](const std::stop_token& stop) {
    *result = work(stop);
  };
  task->over = [result, then] { then(std::move(*result)); };
  if (auto taken = submit(std::move(task)); !taken) then(std::move(taken).error());
}

}  // namespace hotclock::api
