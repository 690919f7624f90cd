#include "service/demo/demo_clock.h"

#include <charconv>

#include "service/demo/demo_clock.sql.h"
#include "service/sql/rows.h"
#include "service/theme/festival.h"

namespace hotclock::demo {
namespace {

namespace text = stmt::demo_clock;

constexpr Duration moment = std::chrono::seconds{3};

Result<> keep_ahead(sql::Database& database, Duration ahead) {
  auto tx = database.write();
  if (!tx) return std::move(tx).error();
  if (auto kept = (*tx)->exec(text::keep_ahead, {std::to_string(ahead.count())}); !kept)
    return std::move(kept).error();
  return (*tx)->commit();
}

}  // namespace

Result<std::optional<Turn>> next_turn(sql::Database& database, Instant now,
                                      std::string_view country) {
  auto tx = database.read();
  if (!tx) return std::move(tx).error();
  return sql::first_row(**tx, text::turns, {now, country}, [](const sql::Rows& row) {
    const bool begins = row.integer(2) != 0;
    return Turn{row.instant(0) + (begins ? Duration::zero() : theme::instant_step),
                std::string(row.text(1)), begins};
  });
}

Result<Duration> kept_ahead(sql::Database& database) {
  auto tx = database.read();
  if (!tx) return std::move(tx).error();
  auto kept = sql::first_row(**tx, text::ahead, {},
                             [](const sql::Rows& row) { return std::string(row.text(0)); });
  if (!kept) return std::move(kept).error();
  const std::string memo = kept->value_or("0");
  std::int64_t millis = 0;
  std::from_chars(memo.data(), memo.data() + memo.size(), millis);
  return Duration{millis};
}

Result<Turn> jump(sql::Database& database, ShiftedClock& clock, std::string_view country) {
  const Instant now = clock.now();
  auto turn = next_turn(database, now + moment, country);
  if (!turn) return std::move(turn).error();
  if (!*turn) return Error(Errc::not_found, "no festival begins or ends any more");
  const Duration ahead = clock.ahead() + ((*turn)->at - moment - now);
  if (auto kept = keep_ahead(database, ahead); !kept) return std::move(kept).error();
  clock.set_ahead(ahead);
  return **std::move(turn);
}

}  // namespace hotclock::demo
