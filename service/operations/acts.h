// What acts of more than one subject share.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

// The job of the settings, known to the ledger from now on. Errc::not_found names the nearest.
Result<const config::JobConfig*> known_job(Desk& desk, const config::Config& settings,
                                           const std::string& name);

// Whether they may do that to the job, by what they were granted and by its settings (may_act).
// Errc::forbidden.
Result<> may_do_to(Desk& desk, const access::Principal& who, access::Right right,
                   const std::string& job);

// A run's instant and key, where they are not said.
void complete_run(Desk& desk, boost::json::object& said);

}  // namespace hotclock::operations
