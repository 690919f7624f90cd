#include "service/auditor/money.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "service/auditor/auditor.sql.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace json = boost::json;
namespace text = stmt::auditor;
using Sql = sql::Transaction;

constexpr std::int64_t users_at_once = 10'000;
constexpr std::int64_t groups_at_once = 1'000;
constexpr std::int64_t slots_at_once = 1'000;
constexpr std::int64_t set_aside_at_once = 100'000;
constexpr int most_days = 400;
constexpr int most_strays = 10;
// Prices and share are looked at so often that a change is seen within this.
constexpr Duration until_seen = std::chrono::minutes{10};

std::string date_of(const Civil& wall) {
  return fmt::format("{:04}-{:02}-{:02}", wall.year, wall.month, wall.day);
}

// One slot of the date, with what it says that it paid.
struct BonusSlot {
  std::int64_t id = 0;
  Instant scheduled_for;
  std::string ended;
  std::optional<Instant> started_at, ended_at;
  std::int64_t users = 0, coins = 0, set_aside = 0;  // by its end
  std::int64_t paid_users = 0, paid_coins = 0;       // by the transactions

  bool completed() const { return ended == "completed" || ended == "completed_with_errors"; }
};

std::int64_t in_tally(std::string_view tally, std::string_view what) {
  json::error_code failed;
  const json::value parsed = json::parse({tally.data(), tally.size()}, failed);
  const json::object* counts = failed ? nullptr : parsed.if_object();
  const json::value* count = counts ? counts->if_contains(what) : nullptr;
  return count && count->is_int64() ? count->as_int64() : 0;
}

BonusSlot bonus_slot(const sql::Rows& row) {
  return {row.integer(0),
          row.instant(1),
          std::string(row.text(2)),
          row.instant_or_none(3),
          row.instant_or_none(4),
          in_tally(row.text(5), "users"),
          in_tally(row.text(5), "coins"),
          row.integer(6)};
}

// The slot that an execution's id carries: the last six bytes of a UUID. None where it is no such
// id.
std::optional<std::int64_t> slot_in(std::string_view execution) {
  if (execution.size() != 36 || execution[23] != '-') return std::nullopt;
  std::int64_t slot = 0;
  const char* const end = execution.data() + execution.size();
  const auto [read, failed] = std::from_chars(execution.data() + 24, end, slot, 16);
  return failed == std::errc{} && read == end ? std::optional(slot) : std::nullopt;
}

// The tier that a payment names: {"tier":3}. 0 where it names none.
int tier_in(std::string_view metadata) {
  const std::int64_t tier = in_tally(metadata, "tier");
  return tier >= 1 && tier <= 5 ? static_cast<int>(tier) : 0;
}

// A date while it is looked at.
class Day {
 public:
  Day(const Ground& ground, std::string date, Differences& out) : ground_(ground), out_(out) {
    counts_.date = std::move(date);
  }

  Result<MoneyCounts> compare();

 private:
  struct Piece {
    std::int64_t after, until;
  };

  Result<> find_job();
  Result<std::vector<BonusSlot>> slots_now(Sql& sql) const;
  Result<> read_slots();
  Result<> read_partitions(Sql& sql, const BonusSlot& slot);
  Result<> read_set_aside(Sql& sql, const BonusSlot& slot);
  Result<> read_amounts(Sql& sql);
  Result<> read_terms(Sql& sql);
  Result<> look_at_users();
  Result<std::int64_t> look_at_piece(std::int64_t after);
  Result<> look_at_payments(Sql& sql, const Piece& piece);
  Result<> look_for_twice(Sql& sql, const Piece& piece);
  Result<> look_for_missing(Sql& sql, Piece piece);
  void account(std::string_view execution, std::string_view metadata, std::int64_t amount,
               std::int64_t users, std::int64_t coins, std::int64_t first_user);
  void without_slot(std::string_view execution, std::int64_t users, std::int64_t coins,
                    std::int64_t first_user);
  bool is_amount(int tier, std::int64_t amount) const;
  bool would_be_paid(int tier) const;
  void missing(std::int64_t user, int tier, Instant expires, Instant created);
  Result<bool> still_the_same() const;
  void look_at_tallies();
  void look_at_many_set_aside();
  void add(Kind kind, std::string subject, std::string detail);

  const Ground& ground_;
  Differences& out_;
  Differences found_;
  Differences unpaid_;
  MoneyCounts counts_;
  std::optional<JobRow> job_;
  std::optional<Schedule> schedule_;
  std::vector<BonusSlot> slots_;
  std::map<std::int64_t, std::size_t> whole_of_;  // of slots and their partitions: where in slots_
  std::set<std::string, std::less<>> set_aside_;  // "user 17"
  std::int64_t set_aside_unnamed_ = 0;
  std::vector<Amounts> amounts_;         // that were to be paid at that time
  std::array<std::int64_t, 6> terms_{};  // days of each tier
  const BonusSlot* first_completed_ = nullptr;
  Instant at_;  // of the date: its first slot, or its midnight
};

Result<MoneyCounts> Day::compare() {
  if (auto done = find_job(); !done) return std::move(done).error();
  if (auto done = read_slots(); !done) return std::move(done).error();
  if (counts_.open) return counts_;
  if (auto done = look_at_users(); !done) return std::move(done).error();
  auto same = still_the_same();
  if (!same) return std::move(same).error();
  if (!*same) {
    counts_.open = true;
    return counts_;
  }
  look_at_tallies();
  look_at_many_set_aside();
  out_.add(std::move(found_));
  return counts_;
}

Result<> Day::find_job() {
  auto job = auditor::find_job(ground_, std::string(bonus_job));
  if (!job) return std::move(job).error();
  job_ = std::move(job).value();
  if (!job_) return {};
  auto schedule = stored_schedule(job_->schedule, bonus_job);
  if (!schedule) return std::move(schedule).error();
  schedule_ = std::move(schedule).value();
  return {};
}

// ---------------------------------------------------------------- the date's slots

Result<std::vector<BonusSlot>> Day::slots_now(Sql& sql) const {
  std::vector<BonusSlot> slots;
  if (!job_) return slots;
  const auto midnight = parse_civil(counts_.date);
  if (!midnight) return midnight.error();
  const Zone& zone = schedule_->zone();
  const Civil day_after = civil_of(wall_seconds(*midnight) + 86400);
  auto read = sql::for_each_row(
      sql, text::bonus_slots,
      {job_->id, zone.from_civil(*midnight).first, zone.from_civil(day_after).first, slots_at_once},
      [&](const sql::Rows& row) { slots.push_back(bonus_slot(row)); });
  if (!read) return std::move(read).error();
  return slots;
}

Result<> Day::read_slots() {
  auto sql = ground_.read();
  if (!sql) return std::move(sql).error();
  auto slots = slots_now(**sql);
  if (!slots) return std::move(slots).error();
  slots_ = std::move(slots).value();
  counts_.slots = static_cast<std::int64_t>(slots_.size());
  const auto midnight = parse_civil(counts_.date);
  at_ = !slots_.empty() ? slots_.front().scheduled_for
        : midnight      ? from_millis(wall_seconds(*midnight) * 1000)
                        : ground_.now;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    whole_of_[slots_[i].id] = i;
    if (slots_[i].ended.empty()) counts_.open = true;
    if (!slots_[i].completed()) continue;
    ++counts_.completed;
    if (!first_completed_) first_completed_ = &slots_[i];
    if (auto done = read_set_aside(**sql, slots_[i]); !done) return done;
  }
  for (const BonusSlot& slot : slots_)
    if (auto done = read_partitions(**sql, slot); !done) return done;
  if (auto done = read_amounts(**sql); !done) return done;
  return read_terms(**sql);
}

Result<> Day::read_partitions(Sql& sql, const BonusSlot& slot) {
  const std::size_t whole = whole_of_.at(slot.id);
  std::vector<std::int64_t> parts;
  auto read = sql::for_each_row(sql, text::partitions, {slot.id},
                                [&](const sql::Rows& row) { parts.push_back(row.integer(0)); });
  for (const std::int64_t part : parts) {
    whole_of_[part] = whole;
    auto aside = read_set_aside(sql, {.id = part});
    if (!aside) return aside;
  }
  return read;
}

Result<> Day::read_set_aside(Sql& sql, const BonusSlot& slot) {
  counts_.set_aside += slot.set_aside;
  return sql::for_each_row(sql, text::set_aside, {slot.id}, [this](const sql::Rows& row) {
    if (set_aside_.size() < static_cast<std::size_t>(set_aside_at_once))
      set_aside_.emplace(row.text(0));
  });
}

Result<> Day::read_amounts(Sql& sql) {
  auto seen = amounts_seen(sql);
  if (!seen) return std::move(seen).error();
  Instant begin = Instant::max(), end = Instant::min();
  for (const BonusSlot& slot : slots_) {
    if (slot.started_at) begin = std::min(begin, *slot.started_at);
    if (slot.ended_at) end = std::max(end, *slot.ended_at);
  }
  if (begin > end) return {};
  for (const Amounts* one : seen->between(begin, end + until_seen)) amounts_.push_back(*one);
  counts_.amounts_judged = !amounts_.empty();
  return {};
}

Result<> Day::read_terms(Sql& sql) {
  return sql::for_each_row(sql, text::tiers, {}, [this](const sql::Rows& row) {
    const std::int64_t tier = row.integer(0);
    if (tier >= 1 && tier <= 5) terms_[static_cast<std::size_t>(tier)] = row.integer(2);
  });
}

// ---------------------------------------------------------------- its users and their payments

// The last piece goes on without an end: somebody may have been paid who is no user.
Result<> Day::look_at_users() {
  for (std::int64_t after = std::numeric_limits<std::int64_t>::min();
       after != std::numeric_limits<std::int64_t>::max();) {
    auto until = look_at_piece(after);
    if (!until) return std::move(until).error();
    after = *until;
    if (auto rested = ground_.rest(); !rested) return rested;
  }
  return {};
}

Result<std::int64_t> Day::look_at_piece(std::int64_t after) {
  auto sql = ground_.read();
  if (!sql) return std::move(sql).error();
  Piece piece{after, std::numeric_limits<std::int64_t>::max()};
  auto read =
      sql::for_each_row(**sql, text::users_end, {after, users_at_once}, [&](const sql::Rows& row) {
        if (row.integer(1) == users_at_once) piece.until = row.integer(0);
      });
  if (!read) return std::move(read).error();
  if (auto done = look_at_payments(**sql, piece); !done) return std::move(done).error();
  if (auto done = look_for_twice(**sql, piece); !done) return std::move(done).error();
  if (first_completed_)
    if (auto done = look_for_missing(**sql, piece); !done) return std::move(done).error();
  return piece.until;
}

// More groups than these are a flood of executions that nobody knows: what is left off is told.
Result<> Day::look_at_payments(Sql& sql, const Piece& piece) {
  std::int64_t groups = 0;
  auto read =
      sql::for_each_row(sql, text::payments,
                        {piece.after, piece.until, std::string_view(counts_.date), groups_at_once},
                        [&](const sql::Rows& row) {
                          ++groups;
                          account(row.text(0), row.text(1), row.integer(2), row.integer(3),
                                  row.integer(4), row.integer(5));
                        });
  if (!read) return read;
  if (groups == groups_at_once)
    add(Kind::payment_without_slot, "executions from user " + std::to_string(piece.after),
        "more executions have paid here than can be looked at");
  return {};
}

void Day::account(std::string_view execution, std::string_view metadata, std::int64_t amount,
                  std::int64_t users, std::int64_t coins, std::int64_t first_user) {
  counts_.payments += users;
  counts_.coins += coins;
  if (const int tier = tier_in(metadata); counts_.amounts_judged && !is_amount(tier, amount))
    add(Kind::wrong_amount,
        fmt::format("user {} and others of tier {} for {}", first_user, tier, counts_.date),
        fmt::format("{} payments of {} coins, which no price of the tier then came to", users,
                    amount));
  const auto slot = slot_in(execution);
  const auto whole = slot ? whole_of_.find(*slot) : whole_of_.end();
  if (whole == whole_of_.end()) return without_slot(execution, users, coins, first_user);
  slots_[whole->second].paid_users += users;
  slots_[whole->second].paid_coins += coins;
}

void Day::without_slot(std::string_view execution, std::int64_t users, std::int64_t coins,
                       std::int64_t first_user) {
  add(Kind::payment_without_slot,
      fmt::format("user {} and others by '{}' for {}", first_user, execution, counts_.date),
      fmt::format("{} payments, {} coins, the first to user {}: no slot of that date was worked by "
                  "that execution",
                  users, coins, first_user));
}

bool Day::is_amount(int tier, std::int64_t amount) const {
  return std::ranges::any_of(amounts_, [&](const Amounts& one) {
    if (tier > 0) return one.of[tier] == amount;
    return std::ranges::find(one.of, amount) != std::end(one.of);
  });
}

Result<> Day::look_for_twice(Sql& sql, const Piece& piece) {
  return sql::for_each_row(
      sql, text::paid_twice,
      {piece.after, piece.until, std::string_view(counts_.date), groups_at_once},
      [this](const sql::Rows& row) {
        add(Kind::payment_twice, fmt::format("user {} for {}", row.integer(0), counts_.date),
            fmt::format("{} payments, {} coins in all", row.integer(1), row.integer(2)));
      });
}

Result<> Day::look_for_missing(Sql& sql, Piece piece) {
  for (std::int64_t rows = groups_at_once; rows == groups_at_once;) {
    rows = 0;
    auto read = sql::for_each_row(sql, text::unpaid,
                                  {piece.after, piece.until, std::string_view(counts_.date),
                                   first_completed_->scheduled_for, groups_at_once},
                                  [&](const sql::Rows& row) {
                                    ++rows;
                                    piece.after = row.integer(0);
                                    missing(row.integer(0), static_cast<int>(row.integer(1)),
                                            row.instant(2), row.instant(3));
                                  });
    if (!read) return read;
  }
  return {};
}

// Where prices were seen to change at that time nobody can tell.
bool Day::would_be_paid(int tier) const {
  return tier >= 1 && tier <= 5 && !amounts_.empty() &&
         std::ranges::all_of(amounts_, [tier](const Amounts& one) { return one.of[tier] > 0; });
}

// What he is now is all there is to see. Whose term began behind the slot was not entitled then.
void Day::missing(std::int64_t user, int tier, Instant expires, Instant created) {
  if (!would_be_paid(tier)) return;
  const Instant slot = first_completed_->scheduled_for;
  const std::string name = "user " + std::to_string(user);
  if (set_aside_.contains(name)) return;
  if (created > slot ||
      expires - std::chrono::days{terms_[static_cast<std::size_t>(tier)]} > slot) {
    ++counts_.entitled_since;
    return;
  }
  unpaid_.add(Difference{Kind::payment_missing, std::string(bonus_job), at_,
                         fmt::format("{} for {}", name, counts_.date),
                         fmt::format("tier {} until {}, and not paid", tier, to_string(expires))});
}

// ---------------------------------------------------------------- the whole of it

// A slot that came, or ended again, while users were looked at.
Result<bool> Day::still_the_same() const {
  auto sql = ground_.read();
  if (!sql) return std::move(sql).error();
  auto now = slots_now(**sql);
  if (!now) return std::move(now).error();
  return std::ranges::equal(*now, slots_, [](const BonusSlot& a, const BonusSlot& b) {
    return a.id == b.id && a.ended_at == b.ended_at;
  });
}

// A slot that failed counts nothing, and what it has paid until then stands.
void Day::look_at_tallies() {
  for (const BonusSlot& slot : slots_) {
    if (!slot.completed() || (slot.users == slot.paid_users && slot.coins == slot.paid_coins))
      continue;
    add(Kind::wrong_tally, fmt::format("slot {} for {}", slot.id, counts_.date),
        fmt::format("its end counts {} users and {} coins, its executions' transactions {} and {}",
                    slot.users, slot.coins, slot.paid_users, slot.paid_coins));
  }
}

// Of very many that were set aside not all are named: then as many of the unpaid are theirs.
void Day::look_at_many_set_aside() {
  const std::int64_t unnamed = counts_.set_aside - static_cast<std::int64_t>(set_aside_.size());
  if (unnamed <= 0 || unpaid_.total() > unnamed) found_.add(std::move(unpaid_));
}

void Day::add(Kind kind, std::string subject, std::string detail) {
  found_.add({kind, std::string(bonus_job), at_, std::move(subject), std::move(detail)});
}

// Those behind `newest` that anybody was paid for.
Result<> add_strays(Sql& sql, std::string newest, std::vector<std::string>& dates) {
  for (int strays = 0; strays < most_strays; ++strays) {
    auto next = sql::first_row(sql, text::next_bonus_date, {newest},
                               [](const sql::Rows& row) { return std::string(row.text(0)); });
    if (!next) return std::move(next).error();
    if (!*next || (*next)->empty()) break;
    newest = **next;
    if (std::ranges::find(dates, newest) == dates.end()) dates.push_back(newest);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> bonus_dates(const Ground& ground, Instant from, Instant until) {
  std::vector<std::string> dates;
  auto job = find_job(ground, std::string(bonus_job));
  if (!job) return std::move(job).error();
  if (!*job) return dates;
  auto schedule = stored_schedule((*job)->schedule, bonus_job);
  if (!schedule) return std::move(schedule).error();
  const Zone& zone = schedule->zone();
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  auto known = sql::first_row(**sql, text::schedules, {(*job)->id},
                              [](const sql::Rows& row) { return row.instant(0); });
  if (!known) return std::move(known).error();
  const Instant known_from = known->value_or(Instant::max());
  const std::int64_t last = wall_seconds(zone.to_civil(until)) / 86400;
  std::int64_t day = wall_seconds(zone.to_civil(from)) / 86400;
  for (int days = 0; day <= last && days < most_days; ++day, ++days)
    if (zone.from_civil(civil_of(day * 86400)).first >= known_from)
      dates.push_back(date_of(civil_of(day * 86400)));
  if (auto done = add_strays(**sql, date_of(zone.to_civil(ground.now)), dates); !done)
    return std::move(done).error();
  return dates;
}

Result<MoneyCounts> compare_money(const Ground& ground, const std::string& date, Differences& out) {
  return Day(ground, date, out).compare();
}

}  // namespace hotclock::auditor
