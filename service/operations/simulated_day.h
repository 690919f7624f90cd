// What another schedule of a job would do to the others: the next day, worked through twice.
#pragma once

#include <boost/json/object.hpp>

#include "scheduler/simulation/simulation.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

// The job as the simulation wants it, with the durations that are recorded of it; without a
// database with none.
Result<SimulatedJob> simulated_job(const config::JobConfig& job, sql::Database* database);

// The day from `from` on as it is, and as it would be with `after` for the job's schedule: how much
// runs at once, in which minutes that differs, and beside which other jobs it would run.
Result<boost::json::object> simulated_day(Desk& desk, const config::Config& settings,
                                          const config::JobConfig& job, const Schedule& after,
                                          Instant from);

}  // namespace hotclock::operations
