// What acts of more than one subject share.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "service/operations/operation.h"

namespace hotclock::operations {

// The job of the settings, known to the ledger from now on. Errc::not_found names the nearest.
Result<const config::JobConfig*> known_job(Desk& desk, const config::Config& settings,
                                           const std::string& name);

// A run's instant and key, where they are not said.
void complete_run(Desk& desk, boost::json::object& said);

}  // namespace hotclock::operations
