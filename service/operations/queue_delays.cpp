// How long queues kept slots waiting for a worker, by the hour of the last day.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "service/config/queues.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/overview.sql.h"
#include "service/past/spread.h"
#include "service/sql/rows.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
namespace text = stmt::overview;

constexpr Duration hour = std::chrono::hours{1};
constexpr std::size_t hours = 24;
constexpr std::int64_t queues_told = 20;
// Of an hour, the newest: of a queue, and of all for the default one.
constexpr std::int64_t slots_read = 1'000;

using Day = std::array<past::Spread, hours>;
using Delays = std::map<std::string, Day>;  // by queue

// A slot of the schedule waits from its instant on; what was asked for, or caught up, from when it
// was entered, too.
void note(const sql::Rows& row, past::Spread& out) {
  if (row.is_null(3) || row.text(2) == to_string(Trigger::backfill)) return;
  const Instant at = row.instant(0);
  const Instant due =
      row.text(2) == to_string(Trigger::schedule) ? at : std::max(at, row.instant(1));
  out.add((row.instant(3) - due).count());
}

Result<> read_queue(sql::Transaction& sql, const sql::Statement& statement, std::int64_t queue,
                    Instant now, Day& out) {
  std::vector<sql::Question> questions;
  for (std::size_t i = 0; i < hours; ++i) {
    const Instant from = now - static_cast<std::int64_t>(hours - i) * hour;
    questions.push_back({&statement, {from, from + hour, slots_read, queue}});
  }
  auto answers = sql.query_all(questions);
  if (!answers) return std::move(answers).error();
  for (std::size_t i = 0; i < hours; ++i) {
    sql::Rows& rows = *(*answers)[i];
    while (rows.next()) note(rows, out[i]);
    if (auto end = rows.end(); !end) return end;
  }
  return {};
}

Result<Delays> read_delays(Desk& desk) {
  auto sql = desk.database.read();
  if (!sql) return std::move(sql).error();
  std::vector<std::pair<std::int64_t, std::string>> queues;
  auto named = sql::for_each_row(**sql, text::queues, {queues_told}, [&](const sql::Rows& row) {
    queues.emplace_back(row.integer(0), row.text(1));
  });
  if (!named) return std::move(named).error();
  Delays out;
  const Instant now = desk.now();
  auto read = read_queue(**sql, text::begun, 0, now, out[std::string(config::default_queue)]);
  for (const auto& [id, name] : queues)
    if (read) read = read_queue(**sql, text::begun_in, id, now, out[name]);
  if (!read) return std::move(read).error();
  return out;
}

json::array day_json(const Day& day, Instant now) {
  json::array out;
  for (std::size_t i = 0; i < hours; ++i) {
    const past::Spread& one = day[i];
    const auto value = [&](double part) {
      return one.count() > 0 ? json::value(one.percentile(part)) : json::value();
    };
    out.push_back({{"from", rfc3339(now - static_cast<std::int64_t>(hours - i) * hour)},
                   {"slots", one.count()},
                   {"p50_ms", value(0.5)},
                   {"p95_ms", value(0.95)}});
  }
  return out;
}

}  // namespace

Result<Answer> list_queue_delays(Desk& desk, const Call&) {
  const auto delays = read_delays(desk);
  if (!delays) return delays.error();
  json::array items;
  for (const auto& [queue, day] : *delays)
    items.push_back(json::object{{"queue", queue}, {"hours", day_json(day, desk.now())}});
  return listed(std::move(items));
}

}  // namespace hotclock::operations
