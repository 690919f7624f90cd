// How each job's last slots ended, newest first: what a glance at the list of jobs shows.
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/overview.sql.h"
#include "service/sql/rows.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

json::object recent_json(const sql::Rows& row) {
  return {{"slot", std::to_string(row.integer(0))},
          {"execution", row.is_null(4) ? "" : row.text(4)},
          {"scheduled_for", rfc3339(row.instant(1))},
          {"ended", row.text(2)},
          {"took_ms", row.is_null(3) ? json::value() : json::value(row.integer(3))}};
}

Result<json::array> recent_of(sql::Transaction& transaction, const std::string& job,
                              std::int64_t each) {
  json::array slots;
  auto read = sql::for_each_row(transaction, stmt::overview::recent, {job, each},
                                [&](const sql::Rows& row) { slots.push_back(recent_json(row)); });
  if (!read) return std::move(read).error();
  return slots;
}

}  // namespace

Result<Answer> list_recent(Desk& desk, const Call& call) {
  const std::int64_t each = call.number("each", 20);
  const auto settings = desk.settings();
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  json::array items;
  for (const config::JobConfig& job : settings->jobs) {
    auto slots = recent_of(**transaction, job.name, each);
    if (!slots) return std::move(slots).error();
    items.push_back({{"job", job.name}, {"slots", std::move(slots).value()}});
  }
  return listed(std::move(items));
}

}  // namespace hotclock::operations
