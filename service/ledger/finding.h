// Jobs and slots by what people type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// Errc::not_found, with the nearest name that there is.
Error no_such_job(sql::Transaction& transaction, const std::string& name);
// Of a job that a node has served, or that was acted upon; otherwise no_such_job().
Result<std::int64_t> find_job_id(sql::Transaction& transaction, const std::string& name);

// `id` is an execution's id or a slot's number. Errc::invalid where it is neither, Errc::not_found
// where there is no such execution; a number is not looked up.
Result<std::int64_t> find_slot_id(sql::Transaction& transaction, std::string_view id);

}  // namespace hotclock::ledger
