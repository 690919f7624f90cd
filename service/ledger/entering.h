// Entering one slot: the same act for a settlement and for a person's request.
#pragma once

#include <cstdint>
#include <optional>

#include "scheduler/core/ledger.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// The new slot's id; none where the slot is there already, and then nothing was written. `line`: of the
// job's queue, see settle.sql.
Result<std::optional<std::int64_t>> enter_slot(sql::Transaction& transaction, std::int64_t job_id,
                                               std::int64_t line, const Entry& entry, Instant now);
// The same in two halves, for the job that the slot names, and in its queue: what is asked, and what follows
// from the answer. None also where there is no such job. `entry` must live until the question is answered.
sql::Question enter_by_name(const Entry& entry, Instant now);
Result<std::optional<std::int64_t>> slot_entered(sql::Transaction& transaction, sql::Rows& answer,
                                                 const Entry& entry, Instant now);

}  // namespace hotclock::ledger
