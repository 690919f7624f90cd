// Profiles in SQL: which attempts are to be profiled, and what was found.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/profiling/profile.h"
#include "service/sql/sql.h"

namespace hotclock::profiling {

// When an attempt was claimed; and whether somebody asked for its slot's profile, or for that of
// the slot it is a part of.
struct Order {
  bool profiled = false;
  std::optional<Instant> claimed_at;
};
Result<Order> order_of(sql::Database& database, const Permit& permit);

// Keeps what was found about an attempt; in place of what was there.
Result<> keep(sql::Database& database, const Permit& permit, const Profile& profile, Instant now);
// How long it took to record its end. Nothing where no profile of it is kept.
Result<> note_ending(sql::Database& database, std::string_view execution, Span ending);

// Of one attempt; none where it was not profiled.
Result<std::optional<Profile>> find_profile(sql::Database& database, std::string_view execution);
// Whether of one of them at least a profile is kept.
Result<bool> any_is_profiled(sql::Database& database, const std::set<std::string>& executions);
// The newest attempts of a job that were profiled, as one; none where there is none.
Result<std::optional<Profile>> find_profile_of_job(sql::Database& database, std::string_view job,
                                                   int most = 20);

std::span<const sql::Statement* const> statements();

}  // namespace hotclock::profiling
