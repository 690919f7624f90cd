// The auditor of this process: its key, and what it stands on.
#pragma once

#include <memory>
#include <string>

#include "service/app/in_force.h"
#include "service/auditor/auditor.h"

namespace hotclock::app {

// Null where the settings say that this node does not audit. The key is made where there is none;
// where none can be, that is told, and reports are kept without a signature. `state_directory`:
// what the service manager gave; may be empty. All that is handed in outlives it.
std::unique_ptr<auditor::Auditor> make_auditor(const InForceSettings& in_force,
                                               sql::Database& database, Clock& clock,
                                               log::Logger& logger,
                                               const std::string& state_directory,
                                               std::int64_t node);

}  // namespace hotclock::app
