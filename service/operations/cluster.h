// The whole cluster as the database has it: what waits, what runs, how jobs fare, how far events
// were handed on. Each question looks at a bounded number of rows.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::operations {

// Rows that are looked at of the queue, of leases, of alerts and of one sink's events: counts stand
// still there.
constexpr std::int64_t most_rows_counted = 10'000;
// The newest slots of a job among which its last success is looked for.
constexpr std::int64_t slots_looked_at = 200;

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
  std::optional<Instant> evaluated;                                    // the rules, by any node
};

// `most_jobs`: of so many at most is said how they fare; 0: that is not asked.
Result<ClusterState> read_cluster(sql::Database& database, Instant now, std::int64_t most_jobs);

}  // namespace hotclock::operations
