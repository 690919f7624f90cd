// Forgetting old history, so that the database does not grow for ever.
#pragma once

#include <cstdint>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

struct Retention {
  Instant ended_before;    // slots that ended later stay
  int keep_per_job = 100;  // and so do the newest so many of each job
  int at_once = 500;       // slots to a transaction: a scheduler beside it waits no longer
};

// Forgets slots that have ended, with their attempts, failures and logs; how many. A slot that has
// not ended always stays. Stopped by `stop` between two transactions: what was forgotten stays so.
Result<std::int64_t> trim_history(sql::Database& database, const Retention& keep,
                                  std::stop_token stop = {});

}  // namespace hotclock::ledger
