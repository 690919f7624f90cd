#include "service/access/retention.h"

#include "service/access/approvals.sql.h"
#include "service/access/sessions.sql.h"
#include "service/sql/in_one.h"

namespace hotclock::access {

Result<std::int64_t> forget_ended(sql::Database& database, Instant before) {
  return sql::in_one(database.write(), "forget what has ended", [&](sql::Transaction& sql) {
    auto sessions = sql.exec(stmt::sessions::forget, {before});
    if (!sessions) return sessions;
    auto approvals = sql.exec(stmt::approvals::forget, {before});
    if (approvals) *approvals += *sessions;
    return approvals;
  });
}

}  // namespace hotclock::access
