#include "service/jobs/og_daily_bonus/og_daily_bonus.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "service/jobs/og_daily_bonus/og_daily_bonus.sql.h"
#include "service/jobs/og_daily_bonus/og_daily_bonus_at_once.sql.h"
#include "service/sql/rows.h"

namespace hotclock::og_daily_bonus {
namespace {

namespace statement = stmt::og_daily_bonus;

// A chunk that failed is tried again in pieces so many times smaller.
constexpr std::int64_t kStep = 8;

// A record can be the cause: something about its values, not about the database.
bool is_records_fault(const Error& error) {
  switch (error.code()) {
    case Errc::check:
    case Errc::unique:
    case Errc::foreign_key:
      return true;
    default:
      return false;
  }
}

// What a cursor is: "1200..5000 paid 985 180000". The range that is left, and how many users were
// paid how many coins before it, so that the end of a slot counts what all its attempts have paid.
// A partition begins with its range alone.
constexpr std::string_view paid_word = " paid ";

struct Standing {
  kit::UserRange rest;
  std::int64_t users = 0;
  std::int64_t coins = 0;
};

std::string to_text(const Standing& standing) {
  return fmt::format("{}{}{} {}", kit::to_text(standing.rest), paid_word, standing.users,
                     standing.coins);
}

// An unreadable cursor means the beginning: those who were paid are passed over.
Standing parse_standing(std::string_view cursor) {
  const auto end = cursor.find(paid_word);
  const auto rest = kit::parse_user_range(cursor.substr(0, end));
  if (!rest) return {};
  Standing standing{*rest};
  if (end != std::string_view::npos) {
    const char* const last = cursor.data() + cursor.size();
    const auto users =
        std::from_chars(cursor.data() + end + paid_word.size(), last, standing.users);
    if (users.ptr != last) std::from_chars(users.ptr + 1, last, standing.coins);
  }
  return standing;
}

Result<Tiers> read_tiers(sql::Transaction& sql, const config::Decimal& share) {
  Tiers tiers{};
  auto done = sql::for_each_row(sql, statement::tiers, {}, [&](const sql::Rows& row) {
    const auto tier = static_cast<std::size_t>(row.integer(0));
    if (tier >= 1 && tier <= tiers.size())
      tiers[tier - 1] = daily_bonus(row.integer(1), row.integer(2), share);
  });
  if (!done) return std::move(done).error();
  return tiers;
}

}  // namespace

Result<Settings> read_settings(config::Section& section) {
  Settings settings;
  settings.share = section.decimal("share", settings.share, {0, 0}, {1, 0});
  settings.chunk = section.integer("chunk", settings.chunk, 1, 100'000);
  settings.partitions = kit::read_partitions(section);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

std::span<const sql::Statement* const> statements(const sql::Dialect& dialect) {
  static const std::vector<const sql::Statement*> at_once = {
      &statement::tiers, &statement::anybody, &statement::count_users, &statement::chunk_end,
      &stmt::og_daily_bonus_at_once::pay_chunk};
  if (dialect.changes_in_with) return at_once;
  return statement::all;
}

Outcome OgDailyBonus::run(Execution& execution) {
  auto round = work::patiently(execution, [&] { return prepare(execution); });
  if (!round) return work::outcome_of(std::move(round).error().within("prepare"));
  Round& r = round.value();
  if (!r.partitions.empty()) return kit::as_outcome(r.partitions);
  while (!r.finished)
    if (auto paid = work::patiently(execution, [&] { return next_chunk(execution, r); }); !paid)
      return work::outcome_of(
          std::move(paid).error().within("users after " + std::to_string(r.last)));
  Tally tally{{"users", r.users}, {"coins", r.coins}};
  if (r.set_aside_total == 0) return Done{std::move(tally)};
  return Partial{std::move(tally), std::move(r.set_aside), r.set_aside_total};
}

Result<OgDailyBonus::Round> OgDailyBonus::prepare(Execution& execution) const {
  Round round;
  round.date = bonus_date(*zone_, execution.slot().scheduled_for);
  const Standing standing = parse_standing(execution.cursor);
  round.last = standing.rest.after;
  round.until = standing.rest.until;
  round.users = standing.users;
  round.coins = standing.coins;
  round.size = settings_.chunk;
  auto sql = desk_.read(execution);
  if (!sql) return std::move(sql).error();
  auto tiers = read_tiers(*sql.value(), settings_.share);
  if (!tiers) return std::move(tiers).error();
  round.tiers = tiers.value();
  auto anybody = somebody_to_pay(*sql.value(), execution, round);
  if (!anybody) return std::move(anybody).error();
  if (!*anybody) {
    round.finished = true;
    return round;
  }
  auto users = sql::number(*sql.value(), statement::count_users, {round.last, round.until});
  if (!users) return std::move(users).error();
  execution.progress->total = execution.progress->done + users.value();
  const auto division =
      kit::division(settings_.partitions, settings_.chunk, desk_.database().dialect());
  auto partitions = kit::divided(*sql.value(), execution, division, users.value());
  if (!partitions) return std::move(partitions).error();
  round.partitions = std::move(partitions).value();
  return round;
}

// Behind a first run of the day, there is nobody as a rule, and nothing to count or to divide.
Result<bool> OgDailyBonus::somebody_to_pay(sql::Transaction& sql, const Execution& execution,
                                           const Round& round) {
  const Tiers& t = round.tiers;
  auto found = sql::number(sql, statement::anybody,
                           {round.last, round.until, execution.slot().scheduled_for, t[0], t[1],
                            t[2], t[3], t[4], round.date});
  if (!found) return std::move(found).error();
  return *found != 0;
}

Result<> OgDailyBonus::next_chunk(Execution& execution, Round& round) const {
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  auto range = sql::first_row(chunk.value().sql(), statement::chunk_end,
                              {round.last, round.size, round.until}, [&](const sql::Rows& row) {
                                return Range{round.last, row.integer(0), row.integer(1)};
                              });
  if (!range) return std::move(range).error();
  if (range.value()->users == 0) {
    round.finished = true;
    return {};
  }
  auto paid = pay(chunk.value(), execution, round, *range.value());
  if (!paid) return went_wrong(round, *range.value(), std::move(paid).error());
  went_well(round, *range.value(), paid.value());
  return {};
}

Result<OgDailyBonus::Paid> OgDailyBonus::pay(work::Chunk& chunk, Execution& execution,
                                             const Round& round, const Range& range) const {
  const std::string id = execution.permit->execution.text();
  const Tiers& t = round.tiers;
  const sql::Param eligible[] = {range.after, range.until, execution.slot().scheduled_for,
                                 t[0],        t[1],        t[2],
                                 t[3],        t[4],        round.date,
                                 id,          chunk.now()};
  const bool at_once = desk_.database().dialect().changes_in_with;
  auto paid =
      at_once ? pay_at_once(chunk.sql(), eligible) : pay_step_by_step(chunk.sql(), eligible);
  if (!paid) return paid;
  const Standing standing{{round.hold.value_or(range.until), round.until},
                          round.users + paid.value().users,
                          round.coins + paid.value().coins};
  if (auto done = chunk.commit(to_text(standing), range.users); !done)
    return std::move(done).error();
  return paid;
}

Result<OgDailyBonus::Paid> OgDailyBonus::pay_at_once(sql::Transaction& sql,
                                                     std::span<const sql::Param> eligible) {
  auto rows = sql.query(stmt::og_daily_bonus_at_once::pay_chunk, eligible);
  if (!rows) return std::move(rows).error();
  Paid paid{0, 0};
  while ((*rows)->next()) paid = {(*rows)->integer(0), (*rows)->integer(1)};
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return paid;
}

Result<OgDailyBonus::Paid> OgDailyBonus::pay_step_by_step(sql::Transaction& sql,
                                                          std::span<const sql::Param> eligible) {
  const sql::Param entered_here[] = {eligible[0], eligible[1], eligible[8], eligible[9],
                                     eligible[10]};
  auto before = sql::number(sql, statement::paid_before, {eligible[0], eligible[1], eligible[8]});
  if (!before) return std::move(before).error();
  const bool all = before.value() == 0;
  auto entered = sql.exec(statement::audit, eligible);
  if (!entered) return std::move(entered).error();
  Paid paid{entered.value(), 0};
  if (paid.users == 0) return paid;
  auto updated = all ? sql.exec(statement::pay_all, eligible.first(9))
                     : sql.exec(statement::pay, std::span(entered_here).first(4));
  if (!updated) return std::move(updated).error();
  auto announced = all ? sql.exec(statement::announce_all, eligible)
                       : sql.exec(statement::announce, entered_here);
  if (!announced) return std::move(announced).error();
  if (updated.value() != paid.users || announced.value() != paid.users)
    return Error(Errc::internal, fmt::format("{} audit rows, {} balances, {} events", paid.users,
                                             updated.value(), announced.value()));
  auto coins =
      sql::number(sql, statement::coins, {eligible[0], eligible[1], eligible[8], eligible[9]});
  if (!coins) return std::move(coins).error();
  paid.coins = coins.value();
  return paid;
}

void OgDailyBonus::went_well(Round& round, const Range& range, const Paid& paid) const {
  round.users += paid.users;
  round.coins += paid.coins;
  go_on_behind(round, range);
}

Result<> OgDailyBonus::went_wrong(Round& round, const Range& range, Error why) const {
  if (!is_records_fault(why)) return why;
  if (range.users > 1) {
    round.size = std::max<std::int64_t>(1, range.users / kStep);
    round.suspects.push_back({range.until, round.size});
    return {};
  }
  if (!round.hold) round.hold = range.after;
  if (++round.set_aside_total <= static_cast<std::int64_t>(Partial::max_kept))
    round.set_aside.push_back({"user " + std::to_string(range.until), std::move(why)});
  go_on_behind(round, range);
  return {};
}

void OgDailyBonus::go_on_behind(Round& round, const Range& range) const {
  round.last = range.until;
  while (!round.suspects.empty() && round.suspects.back().until <= round.last)
    round.suspects.pop_back();
  round.size = round.suspects.empty() ? settings_.chunk : round.suspects.back().size;
}

}  // namespace hotclock::og_daily_bonus
