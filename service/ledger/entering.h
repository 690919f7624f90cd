// Entering one slot: the same act for a settlement and for a person's request.
#pragma once

#include <cstdint>
#include <optional>

#include "scheduler/core/ledger.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// The new slot's id; none where the slot is there already, and then nothing was written.
Result<std::optional<std::int64_t>> enter_slot(sql::Transaction& transaction, std::int64_t job_id,
                                               const Entry& entry, Instant now);
// The same for the job that the slot names; none also where there is no such job.
Result<std::optional<std::int64_t>> enter_slot_by_name(sql::Transaction& transaction,
                                                       const Entry& entry, Instant now);

}  // namespace hotclock::ledger
