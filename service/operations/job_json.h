// Jobs as the API shows them.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "service/ledger/history.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

boost::json::object schedule_json(const Schedule& schedule);
// The next (or the last) `n` runs from there, with what the zone's changes and blackouts take away
// and what waits for the end of maintenance.
boost::json::array runs_json(const Schedule& schedule, const Policy& policy, Instant from, int n,
                             bool previous = false);
boost::json::object job_json(const config::JobConfig& job, const ledger::JobView& view,
                             Instant now);
// All of them, as they stand now.
Result<boost::json::array> jobs_json(Desk& desk);

// One job with everything about it; its ETag is the version of its live changes.
Result<Answer> shown_job(Desk& desk, const std::string& name);

}  // namespace hotclock::operations
