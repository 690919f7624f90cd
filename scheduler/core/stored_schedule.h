// A schedule as the ledger keeps it: enough to read it back exactly, and to notice a change.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {

// "vixie hotclock Australia/Sydney 5 0 * * *"
std::string stored_form(const Schedule& schedule);

// `job` is what an `H` in the expression hashes.
Result<Schedule> read_stored(std::string_view stored, std::string_view job);

}  // namespace hotclock
