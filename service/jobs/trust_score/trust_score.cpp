#include "service/jobs/trust_score/trust_score.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "service/jobs/trust_score/trust_score.sql.h"
#include "service/jobs/trust_score/trust_score_at_once.sql.h"
#include "service/sql/columns.h"
#include "service/sql/rows.h"

namespace hotclock::trust_score {

struct TrustScore::Person {
  std::int64_t id = 0;
  double added = 0;
  Factors factors;
  std::string level_before{"low"};  // of a user never scored: the lowest
  std::string factors_before;       // empty: never scored
  double score_before = 0;
  double sum_before = 0;
  Instant summed_at;
};

struct TrustScore::Range {
  std::int64_t after = 0;
  std::int64_t until = 0;
  std::int64_t size = 0;
};

// Row by row, or many in one statement where the engine takes arrays apart.
class TrustScore::Keeper {
 public:
  Keeper(sql::Transaction& sql, bool at_once, std::int64_t watermark, Instant summed_at)
      : sql_(sql), at_once_(at_once), watermark_(watermark), summed_at_(summed_at) {}

  Result<> add(std::int64_t user, double score, std::string_view level, std::string_view factors,
               double sum);
  Result<> flush();

 private:
  sql::Transaction& sql_;
  const bool at_once_;
  const std::int64_t watermark_;
  const Instant summed_at_;
  sql::Columns<5> waiting_;
};

namespace {

namespace statement = stmt::trust_score;
namespace at_once = stmt::trust_score_at_once;

constexpr std::size_t most_at_once = 5000;  // users in one statement

Result<std::string> read_memo(sql::Transaction& sql, const std::string& job) {
  auto memo = sql::first_row(sql, statement::memo, {job},
                             [](const sql::Rows& row) { return std::string(row.text(0)); });
  if (!memo) return std::move(memo).error();
  return memo.value().value_or("");
}

// The cursor of a partition that has nothing left to do.
constexpr std::string_view partition_done = "done";

Factors read_factors(const sql::Rows& row, int column, Instant t) {
  return {row.text(column) == "verified",
          row.integer(column + 1) != 0,
          row.integer(column + 2) != 0,
          row.integer(column + 3) != 0,
          whole_days(row.instant(column + 4), t),
          row.integer(column + 5),
          row.integer(column + 6),
          row.integer(column + 7)};
}

}  // namespace

Result<> TrustScore::Keeper::add(std::int64_t user, double score, std::string_view level,
                                 std::string_view factors, double sum) {
  if (!at_once_)
    return sql_.post(statement::keep, {user, score, level, factors, sum, watermark_, summed_at_});
  waiting_.add(user, score, level, factors, sum);
  return waiting_.rows() < most_at_once ? Result<>() : flush();
}

Result<> TrustScore::Keeper::flush() {
  if (waiting_.rows() == 0) return {};
  const auto [user, score, level, factors, sum] = waiting_.params();
  auto done =
      sql_.post(at_once::keep_many, {user, score, level, factors, sum, watermark_, summed_at_});
  waiting_.clear();
  return done;
}

Result<Settings> read_settings(config::Section& section) {
  Settings settings;
  settings.chunk = section.integer("chunk", settings.chunk, 1, 100'000);
  settings.half_life = section.duration("half_life", settings.half_life);
  settings.full = section.flag("full", settings.full);
  settings.partitions = kit::read_partitions(section);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

std::span<const sql::Statement* const> statements(const sql::Dialect& dialect) {
  if (!dialect.takes_arrays) return statement::all;
  static const std::vector<const sql::Statement*> with_arrays = [] {
    std::vector<const sql::Statement*> said(at_once::all.begin(), at_once::all.end());
    for (const sql::Statement* one : statement::all)
      if (one != &statement::keep && one != &statement::everyone) said.push_back(one);
    return said;
  }();
  return with_arrays;
}

outbox::Event changed(std::int64_t user, double score, std::string_view level,
                      std::string_view previous_level) {
  const std::string id = std::to_string(user);
  return {"trust:changed",
          {"user:" + id},
          {{"userId", id}, {"score", score}, {"level", level}, {"previousLevel", previous_level}}};
}

Outcome TrustScore::run(Execution& execution) {
  auto planned = work::patiently(execution, [&] { return plan(execution); });
  if (!planned) return work::outcome_of(std::move(planned).error().within("plan"));
  if (!planned->partitions.empty()) return start_partitions(execution, *planned);
  Counts counts;
  while (!planned->done) {
    const Counts before = counts;
    auto more = work::patiently(execution, [&] {
      counts = before;
      return next_chunk(execution, planned.value(), counts);
    });
    if (!more)
      return work::outcome_of(
          std::move(more).error().within(planned->full ? "full pass" : "events"));
    if (!more.value()) break;
  }
  return Done{{{"users", counts.users}, {"changed", counts.changed}, {"levels", counts.levels}}};
}

Result<TrustScore::Plan> TrustScore::plan(Execution& execution) const {
  auto sql = desk_.read(execution);
  if (!sql) return std::move(sql).error();
  auto text = read_memo(*sql.value(), execution.slot().job);
  if (!text) return std::move(text).error();
  if (execution.permit->partition_of) return partition_plan(*sql.value(), execution, *text);
  const auto memo = parse_memo(text.value());
  const Memo known = memo.value_or(Memo{});
  const Instant t = execution.slot().scheduled_for;
  auto newest = sql::first_row(*sql.value(), statement::last_event, {known.watermark, t},
                               [](const sql::Rows& row) { return row.integer(0); });
  if (!newest) return std::move(newest).error();
  const std::int64_t upto = newest.value().value_or(known.watermark);
  const bool full = !memo || settings_.full || known.half_life != settings_.half_life ||
                    known.full_day < utc_day(t);
  Plan plan = full ? full_pass(t, known, parse_underway(text.value()), upto)
                   : events_behind(t, known, upto, execution.dry_run);
  auto total = full ? sql::number(*sql.value(), statement::count_users, {plan.last, plan.until})
                    : sql::number(*sql.value(), statement::count_events, {plan.last, plan.upto});
  if (!total) return std::move(total).error();
  execution.progress->total = execution.progress->done + total.value();
  if (auto divided = divide(*sql.value(), execution, plan, *total); !divided)
    return std::move(divided).error();
  return plan;
}

// What was broken off is not divided: its rest may be small, and its cursor is in the memo.
Result<> TrustScore::divide(sql::Transaction& sql, const Execution& execution, Plan& plan,
                            std::int64_t users) const {
  if (!plan.full || plan.last != 0) return {};
  const auto division =
      kit::division(settings_.partitions, settings_.chunk, desk_.database().dialect());
  auto partitions = kit::divided(sql, execution, division, users);
  if (!partitions) return std::move(partitions).error();
  plan.partitions = std::move(partitions).value();
  return {};
}

// From here on sums of different kinds stand side by side: the memo says so before the first of
// them.
Outcome TrustScore::start_partitions(Execution& execution, const Plan& plan) const {
  const std::string memo =
      to_text(Shared{execution.permit->slot_id, static_cast<std::int64_t>(plan.partitions.size()),
                     plan.upto, plan.full_day, settings_.half_life});
  auto started = work::patiently(execution, [&]() -> Result<> {
    auto chunk = desk_.begin(execution);
    if (!chunk) return std::move(chunk).error();
    if (auto kept = chunk->sql().exec(statement::keep_memo, {execution.slot().job, memo}); !kept)
      return std::move(kept).error();
    return chunk->commit("", 0);
  });
  if (!started) return work::outcome_of(std::move(started).error().within("divide"));
  return kit::as_outcome(plan.partitions);
}

Result<TrustScore::Plan> TrustScore::partition_plan(sql::Transaction& sql, Execution& execution,
                                                    const std::string& memo) const {
  Plan plan;
  if (execution.cursor == partition_done) {
    plan.done = true;
    return plan;
  }
  const auto range = kit::parse_user_range(execution.cursor);
  const auto shared = parse_shared(memo);
  if (!range || !shared || shared->whole != *execution.permit->partition_of ||
      shared->half_life != settings_.half_life)
    return Error(Errc::invalid, "the full pass it is a part of is not under way any more");
  plan = {execution.slot().scheduled_for,
          true,
          range->after,
          shared->upto,
          settings_.chunk,
          shared->full_day};
  plan.until = range->until;
  plan.partition_of = shared->whole;
  auto users = sql::number(sql, statement::count_users, {plan.last, plan.until});
  if (!users) return std::move(users).error();
  execution.progress->total = execution.progress->done + *users;
  return plan;
}

TrustScore::Plan TrustScore::full_pass(Instant t, const Memo& known,
                                       const std::optional<Underway>& underway,
                                       std::int64_t upto) const {
  const std::int64_t day = std::max(known.full_day, utc_day(t));
  if (underway && underway->full_day == day && underway->half_life == settings_.half_life)
    return {t, true, underway->user, underway->upto, settings_.chunk, day};
  return {t, true, 0, upto, settings_.chunk, day};
}

// What one chunk adds the next builds upon; a dry run keeps nothing, so it takes all at once.
TrustScore::Plan TrustScore::events_behind(Instant t, const Memo& known, std::int64_t upto,
                                           bool dry_run) const {
  const auto size = dry_run ? std::numeric_limits<std::int64_t>::max() : settings_.chunk;
  return {t, false, known.watermark, upto, size, known.full_day};
}

// False when there was nothing left to do.
Result<bool> TrustScore::next_chunk(Execution& execution, Plan& plan, Counts& counts) const {
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  auto range = next_range(chunk->sql(), plan);
  if (!range) return std::move(range).error();
  if (range->size == 0 && !plan.full) return false;
  auto touched = people(chunk->sql(), plan, range.value());
  if (!touched) return std::move(touched).error();
  const std::int64_t watermark = plan.full ? plan.upto : range->until;
  Keeper keeper(chunk->sql(), desk_.database().dialect().takes_arrays, watermark, plan.at);
  for (const Person& person : touched.value())
    if (auto kept = keep(chunk.value(), keeper, person, plan, counts); !kept)
      return std::move(kept).error();
  if (auto kept = keeper.flush(); !kept) return std::move(kept).error();
  if (auto done = commit_chunk(*chunk, execution, plan, *range); !done)
    return std::move(done).error();
  plan.last = range->until;
  return range->size == plan.size;
}

Result<> TrustScore::commit_chunk(work::Chunk& chunk, Execution& execution, const Plan& plan,
                                  const Range& range) const {
  if (!plan.partition_of) {
    const std::string memo = memo_after(plan, range);
    auto kept = chunk.sql().exec(statement::keep_memo, {execution.slot().job, memo});
    if (!kept) return std::move(kept).error();
    return chunk.commit("", range.size);
  }
  const bool last = range.size < plan.size;
  if (last)
    if (auto noted = partition_is_done(chunk.sql(), execution); !noted) return noted;
  return chunk.commit(
      last ? std::string(partition_done) : to_text(kit::UserRange{range.until, plan.until}),
      range.size);
}

// Two that are done at the same time note it one after the other.
Result<> TrustScore::partition_is_done(sql::Transaction& sql, const Execution& execution) const {
  const std::string& job = execution.slot().job;
  if (auto held = sql.exec(statement::hold_memo, {job}); !held) return std::move(held).error();
  auto text = read_memo(sql, job);
  if (!text) return std::move(text).error();
  auto shared = parse_shared(*text);
  if (!shared || shared->whole != *execution.permit->partition_of)
    return Error(Errc::invalid, "the full pass it is a part of is not under way any more");
  --shared->open;
  const std::string memo = shared->open > 0
                               ? to_text(*shared)
                               : to_text(Memo{shared->upto, shared->full_day, shared->half_life});
  if (auto kept = sql.exec(statement::keep_memo, {job, memo}); !kept)
    return std::move(kept).error();
  return {};
}

std::string TrustScore::memo_after(const Plan& plan, const Range& range) const {
  if (!plan.full) return to_text(Memo{range.until, plan.full_day, settings_.half_life});
  if (range.size < plan.size) return to_text(Memo{plan.upto, plan.full_day, settings_.half_life});
  return to_text(Underway{range.until, plan.upto, plan.full_day, settings_.half_life});
}

Result<TrustScore::Range> TrustScore::next_range(sql::Transaction& sql, const Plan& plan) const {
  auto read = [&](const sql::Rows& row) {
    return Range{plan.last, row.integer(0), row.integer(1)};
  };
  auto range =
      plan.full
          ? sql::first_row(sql, statement::users_end, {plan.last, plan.size, plan.until}, read)
          : sql::first_row(sql, statement::events_end, {plan.last, plan.upto, plan.size}, read);
  if (!range) return std::move(range).error();
  return range.value().value_or(Range{plan.last, plan.last, 0});
}

Result<std::vector<TrustScore::Person>> TrustScore::people(sql::Transaction& sql, const Plan& plan,
                                                           const Range& range) const {
  std::vector<Person> people;
  auto read = [&](const sql::Rows& row) {
    Person& p = people.emplace_back();
    p.id = row.integer(0);
    p.added = row.real(1);
    p.factors = read_factors(row, 2, plan.at);
    if (row.is_null(10)) return;
    p.score_before = row.real(10);
    p.level_before = row.text(11);
    p.factors_before = row.text(12);
    p.sum_before = row.real(13);
    p.summed_at = row.instant(14);
  };
  const sql::Statement& everyone =
      desk_.database().dialect().takes_arrays ? at_once::everyone_by_range : statement::everyone;
  auto done = plan.full
                  ? sql::for_each_row(sql, everyone, {range.after, range.until, plan.upto}, read)
                  : sql::for_each_row(sql, statement::touched, {range.after, range.until}, read);
  if (!done) return std::move(done).error();
  if (settings_.half_life > Duration::zero())
    if (auto added = add_fading(sql, plan, range, people); !added) return std::move(added).error();
  return people;
}

// Replaces what is added by the same events, each faded by its age. Both lists are in order of ids.
Result<> TrustScore::add_fading(sql::Transaction& sql, const Plan& plan, const Range& range,
                                std::vector<Person>& people) const {
  for (Person& p : people) p.added = 0;
  auto person = people.begin();
  auto add = [&](const sql::Rows& row) {
    const std::int64_t user = row.integer(0);
    while (person != people.end() && person->id < user) ++person;
    if (person != people.end() && person->id == user)
      person->added += faded(row.real(1), plan.at - row.instant(2), settings_.half_life);
  };
  return plan.full
             ? sql::for_each_row(sql, statement::everyones_events,
                                 {range.after, range.until, plan.upto}, add)
             : sql::for_each_row(sql, statement::touched_events, {range.after, range.until}, add);
}

double TrustScore::sum_of(const Person& person, const Plan& plan, Instant t) const {
  if (plan.full) return person.added;
  return faded(person.sum_before, t - person.summed_at, settings_.half_life) + person.added;
}

Result<> TrustScore::keep(work::Chunk& chunk, Keeper& keeper, const Person& person,
                          const Plan& plan, Counts& counts) const {
  const Instant t = plan.at;
  ++counts.users;
  const double sum = sum_of(person, plan, t);
  const double score = score_of(sum);
  const std::string_view level = level_of(score);
  const std::string factors = to_json(person.factors);
  if (factors == person.factors_before && score == person.score_before &&
      sum == person.sum_before && level == person.level_before)
    return {};
  ++counts.changed;
  if (auto written = keeper.add(person.id, score, level, factors, sum); !written) return written;
  if (level == person.level_before) return {};
  ++counts.levels;
  return chunk.emit(changed(person.id, score, level, person.level_before));
}

}  // namespace hotclock::trust_score
