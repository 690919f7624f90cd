#include "service/jobs/throne_expiry/throne_expiry.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/compile.h>

#include "service/jobs/throne_expiry/throne_expiry.sql.h"
#include "service/jobs/throne_expiry/throne_expiry_at_once.sql.h"
#include "service/sql/rows.h"

namespace hotclock::throne_expiry {
namespace {

namespace statement = stmt::throne_expiry;

Throne read_throne(const sql::Rows& row) {
  return {row.integer(0),           row.integer(1), row.integer(2),
          std::string(row.text(3)), row.integer(4), row.instant(5)};
}

bool fell_earlier(const Throne& a, const Throne& b) {
  return std::tie(a.expires_at, a.id) < std::tie(b.expires_at, b.id);
}

}  // namespace

Result<Settings> read_settings(config::Section& section) {
  Settings settings;
  settings.chunk = section.integer("chunk", settings.chunk, 1, 100'000);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

std::span<const sql::Statement* const> statements(const sql::Dialect& dialect) {
  static const std::vector<const sql::Statement*> at_once = {
      &stmt::throne_expiry_at_once::expire_and_tell, &statement::nearest};
  if (dialect.changes_in_with) return at_once;
  return statement::all;
}

outbox::Event expired(const Throne& throne) {
  const std::string stream = std::to_string(throne.stream_id);
  return {"throne:expired",
          {"stream:" + stream, "throne:" + stream},
          outbox::Payload::written(fmt::format(
              FMT_COMPILE(R"({{"throneId":"{}","streamId":"{}","userId":"{}","username":{},)"
                          R"("totalCoins":{},"expiredAt":"{}"}})"),
              throne.id, stream, throne.user_id, outbox::json_string(throne.username),
              throne.total_coins, to_string(throne.expires_at)))};
}

Outcome ThroneExpiry::run(Execution& execution) {
  std::int64_t fallen = 0;
  std::from_chars(execution.cursor.data(), execution.cursor.data() + execution.cursor.size(),
                  fallen);
  for (Mark last;;) {
    auto chunk = work::patiently(execution, [&] { return next_chunk(execution, last, fallen); });
    if (!chunk) return work::outcome_of(std::move(chunk).error().within("expire thrones"));
    last = chunk.value();
    fallen += last.fallen;
    if (last.fallen < settings_.chunk) return Done{{{"thrones", fallen}}};
  }
}

Result<ThroneExpiry::Mark> ThroneExpiry::next_chunk(Execution& execution, const Mark& last,
                                                    std::int64_t fallen) const {
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  const bool at_once = desk_.database().dialect().changes_in_with;
  auto mark = at_once ? expire_at_once(*chunk, execution, last)
                      : expire_step_by_step(*chunk, execution, last);
  if (!mark || mark->fallen == 0) return mark;
  if (auto done = chunk->commit(std::to_string(fallen + mark->fallen), mark->fallen); !done)
    return std::move(done).error();
  return mark;
}

Result<ThroneExpiry::Mark> ThroneExpiry::expire_at_once(work::Chunk& chunk,
                                                        const Execution& execution,
                                                        const Mark& last) const {
  const std::string id = execution.permit->execution.text();
  auto mark = sql::first_row(
      chunk.sql(), stmt::throne_expiry_at_once::expire_and_tell,
      {execution.slot().scheduled_for, last.expires_at, last.id, settings_.chunk, chunk.now(), id},
      [](const sql::Rows& row) {
        return Mark{row.instant(1), row.integer(2), row.integer(0)};
      });
  if (!mark) return std::move(mark).error();
  return mark->value_or(Mark{});
}

Result<ThroneExpiry::Mark> ThroneExpiry::expire_step_by_step(work::Chunk& chunk,
                                                             const Execution& execution,
                                                             const Mark& last) const {
  std::vector<Throne> thrones;
  auto read =
      sql::for_each_row(chunk.sql(), statement::expire,
                        {execution.slot().scheduled_for, last.expires_at, last.id, settings_.chunk},
                        [&](const sql::Rows& row) { thrones.push_back(read_throne(row)); });
  if (!read) return std::move(read).error();
  if (thrones.empty()) return Mark{};
  std::ranges::sort(thrones, fell_earlier);
  for (const Throne& throne : thrones)
    if (auto told = chunk.emit(expired(throne)); !told) return std::move(told).error();
  return Mark{thrones.back().expires_at, thrones.back().id,
              static_cast<std::int64_t>(thrones.size())};
}

Result<std::optional<Instant>> ThroneExpiry::next_wake(Instant /*now*/) {
  auto sql = desk_.database().glance();
  if (!sql) return std::move(sql).error();
  auto nearest = sql::first_row(*sql.value(), statement::nearest, {},
                                [](const sql::Rows& row) { return row.instant_or_none(0); });
  if (!nearest) return std::move(nearest).error();
  return nearest.value().value_or(std::nullopt);
}

}  // namespace hotclock::throne_expiry
