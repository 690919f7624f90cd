// A job whose attempts may be profiled: all of them by its settings, or those of one slot that was
// asked for with `run --profile`. An attempt that is not runs the plain job on the plain desk. One
// that is gets a job of its own on a desk that measures, and leaves its profile in the database
// once it is over.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "scheduler/base/mutex.h"
#include "scheduler/core/job.h"
#include "scheduler/core/observer.h"
#include "service/profiling/measuring.h"
#include "service/work/chunk.h"

namespace hotclock::profiling {

// Makes the job of its settings, on a desk that outlives it.
using Make = std::function<Result<std::shared_ptr<Job>>(work::Desk&)>;

// One attempt, measured: a job made by `make` on `desk`'s database, and what was found; plans
// included, for which the engine is asked when the job has ended. Threads: the caller's.
struct Observed {
  Outcome outcome;
  Profile profile;
};
Observed observe(sql::Database& database, const Clock& clock, const work::Listeners& listeners,
                 const Make& make, Execution& execution);

// Hears how long the ends of profiled attempts took to be recorded, and notes that with their
// profiles: one small commit on the scheduler's thread for each of these, and nothing for all
// others. Threads: any.
class Endings final : public Observer {
 public:
  Endings(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // An attempt that has a profile ended now.
  void expect(const std::string& execution, Steady ended);
  void on(const Notice& notice) override;

 private:
  sql::Database& database_;
  const Clock& clock_;
  Mutex m_;
  std::map<std::string, Steady> expected_ HOTCLOCK_GUARDED_BY(m_);
};

struct Profiling {
  bool always = false;  // by the job's settings; else where somebody asked for it
  work::Listeners listeners = {};
  std::shared_ptr<Endings> endings;
};

// `desk` outlives it. Errors are those of `make`.
Result<std::shared_ptr<Job>> profiled(work::Desk& desk, Make make, Profiling how);

}  // namespace hotclock::profiling
