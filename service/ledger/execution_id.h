// Execution ids: version 7 UUIDs whose last six bytes are the slot's id. So an execution is found
// in the history by its id without an index of its own, which every execution would pay for.
#pragma once

#include <cstdint>

#include "scheduler/base/time.h"
#include "scheduler/base/uuid.h"

namespace hotclock::ledger {

// The id of a new execution of slot `slot_id`. REQUIRES: 0 <= slot_id < 2^48.
Uuid execution_id(UuidSource& source, Instant now, std::int64_t slot_id);

// The slot that an execution id speaks of; the history tells whether there is such an execution.
std::int64_t slot_of(const Uuid& execution);

}  // namespace hotclock::ledger
