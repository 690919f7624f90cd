#include "service/relay/heard_by_all.h"

#include <limits>

#include "service/relay/relay.sql.h"

namespace hotclock::relay {
namespace {

constexpr Duration a_sink_nobody_has = std::chrono::hours{1};

}  // namespace

Result<std::int64_t> heard_by_all(sql::Database& database, Instant now) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("how far sinks have heard");
  auto rows = (*transaction)->query(stmt::relay::heard_by_all, {now - a_sink_nobody_has});
  if (!rows) return std::move(rows).error().within("how far sinks have heard");
  std::int64_t position = std::numeric_limits<std::int64_t>::max();
  while ((*rows)->next())
    if (!(*rows)->is_null(0)) position = (*rows)->integer(0);
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return position;
}

}  // namespace hotclock::relay
