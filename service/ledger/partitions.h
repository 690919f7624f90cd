// What becomes of a divided slot as its partitions come and end: the same acts for a settlement and
// for a person's. Each inside a transaction that has the ledger to itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scheduler/core/ledger.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// Enters the partitions of the slot that `permit` holds, and lets go of it. False where the fence is
// old: then nothing was written.
Result<bool> divide(sql::Transaction& transaction, std::int64_t job_id, const Permit& permit,
                    const Divides& parts, Instant now);

// Who asked to cancel the divided slot; empty: nobody.
Result<std::string> cancelled_by(sql::Transaction& transaction, std::int64_t job_id,
                                 std::int64_t whole);

// A partition of the slot `whole` has ended, and the row of its end is written; it had done so much.
// Where it was the last one the whole has ended too: what it came to, its job's name left empty.
Result<std::optional<Gathered>> partition_ended(sql::Transaction& transaction, std::int64_t job_id,
                                                std::int64_t whole, std::int64_t progress_done,
                                                Instant now);

}  // namespace hotclock::ledger
