// Numbers about the work of this node: what began, how late, how long it took, and how it ended.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/core/observer.h"
#include "service/config/config.h"
#include "service/metrics/families.h"
#include "service/work/chunk.h"

namespace hotclock::app {

// Of so many jobs each has numbers of its own; those that come later share the job "_other", so
// that no flood of jobs is a flood of series.
constexpr std::size_t most_jobs_told_apart = 500;

// Makes all its families, at zero for each job of the settings, when it is built.
// Threads: any. `metrics` must outlive it.
class SchedulerMetrics final : public Observer {
 public:
  SchedulerMetrics(metrics::Metrics& metrics, const config::Config& settings);
  ~SchedulerMetrics() override;

  void on(const Notice& notice) override;
  // A chunk has ended.
  void on(const work::ChunkEnd& chunk);

 private:
  struct Families;
  struct OfJob;
  struct OfQueue;
  struct Listener;

  OfJob& of_job(const std::string& name) HOTCLOCK_EXCLUDES(m_);
  OfJob& made(const std::string& name) HOTCLOCK_REQUIRES(m_);
  void saw_duration(const Ending& ending);

  metrics::Metrics& metrics_;
  const std::unique_ptr<Families> families_;
  std::map<std::string, std::unique_ptr<OfQueue>> queues_;  // constant once it is built
  std::map<std::string, std::string> queue_of_;             // by jobs; the same

  Mutex m_;
  // Never taken out again: what is found stays good without the lock.
  std::map<std::string, std::unique_ptr<OfJob>> jobs_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::app
