// Slots by what people type.
#pragma once

#include <cstdint>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// `id` is an execution's id or a slot's number. Errc::invalid where it is neither, Errc::not_found
// where there is no such execution; a number is not looked up.
Result<std::int64_t> find_slot_id(sql::Transaction& transaction, std::string_view id);

}  // namespace hotclock::ledger
