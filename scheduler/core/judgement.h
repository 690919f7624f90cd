// What follows an attempt: the job's outcome and the reason of its stop, turned into what the
// ledger records. Nothing succeeds by default.
#pragma once

#include <optional>

#include "scheduler/core/ledger.h"
#include "scheduler/core/policy.h"
#include "scheduler/core/runner.h"

namespace hotclock {

// None where the lease was lost: the slot is somebody else's, and nothing may be said of it.
std::optional<Ending> judged(Finished finished, const Policy& policy);

}  // namespace hotclock
