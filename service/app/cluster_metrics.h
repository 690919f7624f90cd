// Numbers of the whole cluster, read from the database: what waits, what runs, how jobs fare, how
// far events were handed on. Every node tells the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "service/config/config.h"
#include "service/metrics/metrics.h"
#include "service/sql/sql.h"

namespace hotclock::app {

// Rows that are looked at of the queue, of leases, of alerts and of one sink's events: counts stand
// still there.
constexpr std::int64_t most_rows_counted = 10'000;
// The newest slots of a job among which its last success is looked for.
constexpr std::int64_t slots_looked_at = 200;
// However often somebody asks, the database is asked no more often than this.
constexpr Duration between_cluster_readings = std::chrono::seconds{5};

// What the database says.
struct ClusterState {
  struct Waiting {
    std::string phase, queue;
    std::int64_t priority = 0, slots = 0;
    Instant oldest;
  };
  struct Job {
    std::string name;
    bool paused = false;
    std::int64_t failures_in_a_row = 0;
    std::optional<Instant> last_success;
  };
  struct Sink {
    std::string name;
    std::int64_t events = 0;
    std::optional<Instant> oldest;
  };

  std::vector<Waiting> waiting;
  std::map<std::string, std::int64_t> running;  // by queue
  std::vector<Job> jobs;
  std::vector<Sink> sinks;
  std::int64_t events = 0;
  std::int64_t nodes = 0;
  std::map<std::pair<std::string, std::string>, std::int64_t> firing;  // by rule and severity
  std::optional<Instant> evaluated;
};

Result<ClusterState> read_cluster(sql::Database& database, Instant now);

// Threads: any; each reader waits for one that reads already. What is handed in outlives it.
class ClusterMetrics {
 public:
  using Settings = std::function<std::shared_ptr<const config::Config>()>;

  ClusterMetrics(sql::Database& database, const Clock& clock, Settings settings)
      : database_(database), clock_(clock), settings_(std::move(settings)) {}

  // Where the database cannot be asked, what it knows is left out, and that is told.
  void tell(metrics::Reading& out);

 private:
  void refresh() HOTCLOCK_REQUIRES(m_);
  void remember_successes(ClusterState& state) HOTCLOCK_REQUIRES(m_);

  sql::Database& database_;
  const Clock& clock_;
  const Settings settings_;
  Mutex m_;
  std::optional<ClusterState> state_ HOTCLOCK_GUARDED_BY(m_);
  std::optional<Steady> asked_ HOTCLOCK_GUARDED_BY(m_);
  std::int64_t readings_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::int64_t failures_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::map<std::string, Instant> last_success_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::app
