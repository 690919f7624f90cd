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
#include "service/operations/cluster.h"
#include "service/sql/sql.h"

namespace hotclock::app {

using operations::ClusterState;

// However often somebody asks, the database is asked no more often than this.
constexpr Duration between_cluster_readings = std::chrono::seconds{5};

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
