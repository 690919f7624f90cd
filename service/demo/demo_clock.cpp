#include "service/demo/demo_clock.h"

#include <charconv>

#include "service/demo/demo_clock.sql.h"

namespace hotclock::demo {
namespace {

namespace text = stmt::demo_clock;

constexpr Duration moment = std::chrono::seconds{3};
constexpr Duration instant_step{1};

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
  auto rows = (*tx)->query(text::turns, {now, country});
  if (!rows) return std::move(rows).error();
  std::optional<Turn> turn;
  if ((*rows)->next()) {
    const bool begins = (*rows)->integer(2) != 0;
    turn = Turn{(*rows)->instant(0) + (begins ? Duration::zero() : instant_step),
                std::string((*rows)->text(1)), begins};
  }
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return turn;
}

Result<Duration> kept_ahead(sql::Database& database) {
  auto tx = database.read();
  if (!tx) return std::move(tx).error();
  auto rows = (*tx)->query(text::ahead);
  if (!rows) return std::move(rows).error();
  std::int64_t millis = 0;
  if ((*rows)->next()) {
    const std::string_view kept = (*rows)->text(0);
    std::from_chars(kept.data(), kept.data() + kept.size(), millis);
  }
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
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
