// What a slot would do: the job run in earnest, with every chunk rolled back.
#pragma once

#include "scheduler/core/outcome.h"
#include "service/cli/session.h"
#include "service/profiling/profiled_job.h"

namespace hotclock::cli {

Result<Outcome> rehearse(Session& session, const config::JobConfig& job, Instant at);
// The same, with where its time went.
Result<profiling::Observed> rehearse_observed(Session& session, const config::JobConfig& job,
                                              Instant at);

// "would change: 3,041 users, 541,820 coins", or why it would fail.
std::string rehearsal_words(const Outcome& outcome);

}  // namespace hotclock::cli
