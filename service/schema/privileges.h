// What the database's role must be allowed to do, and no more: data in code, so that the grants an
// operator types and what `doctor` checks cannot part. For engines that have roles.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/schema/invariants.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

// The statements that give `role` all that a serving Hotclock needs, for whoever owns the tables.
// Migrations are the owner's. An adopted platform's festivals are changed by its operator alone. The audit can then be added to and read, but not changed.
std::string grants(std::string_view role, std::string_view own_schema,
                   std::string_view platform_schema, bool platform_adopted);

// Whether the role that asks has them; what it has too much of is told, but is no fault. None on an
// engine without roles.
Result<std::vector<Finding>> check_privileges(sql::Database& database);

}  // namespace hotclock::schema
