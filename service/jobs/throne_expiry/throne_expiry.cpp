#include "service/jobs/throne_expiry/throne_expiry.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/compile.h>

#include "service/jobs/kit/rows.h"
#include "service/jobs/throne_expiry/throne_expiry.sql.h"

namespace hotclock::throne_expiry {
namespace {

namespace statement = stmt::throne_expiry;

Throne read_throne(sql::Rows& row) {
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
  std::from_chars(execution.cursor.data(), execution.cursor.data() + execution.cursor.size(), fallen);
  for (Throne last;;) {
    auto chunk = work::patiently(execution, [&] { return next_chunk(execution, last, fallen); });
    if (!chunk) return work::outcome_of(std::move(chunk).error().within("expire thrones"));
    fallen += static_cast<std::int64_t>(chunk.value().size());
    if (static_cast<std::int64_t>(chunk.value().size()) < settings_.chunk)
      return Done{{{"thrones", fallen}}};
    last = chunk.value().back();
  }
}

Result<std::vector<Throne>> ThroneExpiry::next_chunk(Execution& execution,
                                                     const Throne& last,
                                                     std::int64_t fallen) const {
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  std::vector<Throne> thrones;
  auto read = kit::each_row(
      chunk.value().sql(), statement::expire,
      {execution.slot().scheduled_for, last.expires_at, last.id, settings_.chunk},
      [&](sql::Rows& row) { thrones.push_back(read_throne(row)); });
  if (!read) return std::move(read).error();
  if (thrones.empty()) return thrones;
  std::ranges::sort(thrones, fell_earlier);
  for (const Throne& throne : thrones)
    if (auto told = chunk.value().emit(expired(throne)); !told) return std::move(told).error();
  const auto count = static_cast<std::int64_t>(thrones.size());
  auto done = chunk.value().commit(std::to_string(fallen + count), count);
  if (!done) return std::move(done).error();
  return thrones;
}

Result<std::optional<Instant>> ThroneExpiry::next_wake(Instant /*now*/) {
  auto sql = desk_.database().read();
  if (!sql) return std::move(sql).error();
  auto nearest = kit::first_row(*sql.value(), statement::nearest, {},
                                [](sql::Rows& row) { return row.instant_or_none(0); });
  if (!nearest) return std::move(nearest).error();
  return nearest.value().value_or(std::nullopt);
}

}  // namespace hotclock::throne_expiry
