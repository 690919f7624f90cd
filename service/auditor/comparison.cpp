#include "service/auditor/comparison.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/auditor/auditor.sql.h"
#include "service/schema/invariants.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace text = stmt::auditor;

constexpr std::int64_t slots_at_once = 1'000;
constexpr std::int64_t effects_at_once = 1'000;
// A node that said so within this is there.
constexpr Duration seen_within = std::chrono::minutes{2};
// An effect is looked for behind a slot that ended so long ago: what was written beside it has
// arrived.
constexpr Duration effects_settle = std::chrono::seconds{30};
// Editors change gifts and festivals between two slots; behind one nothing may differ.
constexpr Duration gifts_hold = std::chrono::minutes{12};
// A date whose slot may have been removed is not looked at.
constexpr Duration longest_day = std::chrono::hours{26};

// ---------------------------------------------------------------- slots

SlotRow slot_of(const sql::Rows& row) {
  SlotRow slot;
  slot.id = row.integer(0);
  slot.scheduled_for = row.instant(1);
  slot.key = row.text(2);
  slot.trigger = row.text(3);
  slot.entered_at = row.instant(4);
  slot.partition = !row.is_null(5);
  slot.running = row.integer(6);
  slot.waiting = row.integer(7);
  slot.ends = row.integer(8);
  slot.ended = row.text(9);
  slot.started_at = row.instant_or_none(10);
  slot.ended_at = row.instant_or_none(11);
  slot.reason = row.text(12);
  return slot;
}

Result<std::optional<Instant>> watched_since(const Ground& ground) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  auto since = sql::first_row(**sql, text::watched_since, {ground.now - seen_within},
                              [](const sql::Rows& row) { return row.instant_or_none(0); });
  if (!since) return std::move(since).error();
  return since->value_or(std::nullopt);
}

// Where a row from before the range stands for slots in it.
Result<std::optional<Instant>> stands_for_until(const Ground& ground, const JobRow& job,
                                                Instant from) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  auto found = sql::first_row(**sql, text::slot_before, {job.id, from},
                              [](const sql::Rows& row) { return summed_up_in(row.text(2)); });
  if (!found) return std::move(found).error();
  if (!*found || !**found) return std::optional<Instant>();
  return std::optional((**found)->before);
}

Result<> see_all(const Ground& ground, const JobRow& job, const Range& range,
                 SlotComparison& comparison) {
  Instant at = range.from;
  std::int64_t id = -1;
  for (std::int64_t rows = slots_at_once; rows == slots_at_once;) {
    rows = 0;
    {
      auto sql = ground.read();
      if (!sql) return std::move(sql).error();
      auto read =
          sql::for_each_row(**sql, text::slots, {job.id, at, id, range.until, slots_at_once},
                            [&](const sql::Rows& row) {
                              const SlotRow slot = slot_of(row);
                              at = slot.scheduled_for;
                              id = slot.id;
                              ++rows;
                              comparison.see(slot);
                            });
      if (!read) return read;
    }
    if (auto rested = ground.rest(); !rested) return rested;
  }
  return {};
}

Result<Looked> look_at_slots(const Ground& ground, const JobRow& job, const Range& range,
                             std::optional<Instant> watched) {
  Looked looked{.scope = "slots " + job.name, .job = job.name};
  auto facts = facts_of(ground, job, looked.differences);
  if (!facts) return std::move(facts).error();
  auto summed = stands_for_until(ground, job, range.from);
  if (!summed) return std::move(summed).error();
  SlotComparison comparison(*facts, {range.from, range.until, ground.now, watched},
                            looked.differences, *summed);
  if (auto done = see_all(ground, job, range, comparison); !done) return std::move(done).error();
  comparison.finish();
  looked.slots = comparison.counts();
  return looked;
}

Result<> compare_slots(const Ground& ground, const Range& range, const std::string& only,
                       Comparison& out) {
  auto watched = watched_since(ground);
  if (!watched) return std::move(watched).error();
  auto all = jobs(ground);
  if (!all) return std::move(all).error();
  for (const JobRow& job : *all) {
    if (!only.empty() && job.name != only) continue;
    auto looked = look_at_slots(ground, job, range, *watched);
    if (!looked) return std::move(looked).error().within("slots of " + job.name);
    out.looked.push_back(std::move(looked).value());
  }
  return {};
}

// ---------------------------------------------------------------- money

Result<> compare_dates(const Ground& ground, const Range& range, const Wanted& wanted,
                       Comparison& out) {
  auto dates = bonus_dates(ground, std::max(range.from, out.known_from + longest_day), range.until);
  if (!dates) return std::move(dates).error().within("money");
  for (const std::string& date : *dates) {
    if (!wanted.money(date)) continue;
    Looked looked{.scope = "money " + date, .job = std::string(bonus_job)};
    auto counts = compare_money(ground, date, looked.differences);
    if (!counts) return std::move(counts).error().within("money of " + date);
    looked.money = std::move(counts).value();
    out.looked.push_back(std::move(looked));
  }
  return {};
}

// ---------------------------------------------------------------- other effects

struct Completed {
  Instant scheduled_for, ended_at;
};

Result<std::optional<Completed>> last_completed(sql::Transaction& sql, const Ground& ground,
                                                const std::string& name) {
  auto job =
      sql::first_row(sql, text::job, {name}, [](const sql::Rows& row) { return row.integer(0); });
  if (!job) return std::move(job).error();
  if (!*job) return std::optional<Completed>();
  return sql::first_row(sql, text::last_completed,
                        {**job, ground.now - std::chrono::days{1}, ground.now - effects_settle},
                        [](const sql::Rows& row) {
                          return Completed{row.instant(0), row.instant(1)};
                        });
}

Result<> look_at_thrones(sql::Transaction& sql, const Ground& ground, Differences& out) {
  auto slot = last_completed(sql, ground, "throne-expiry");
  if (!slot) return std::move(slot).error();
  if (!*slot) return {};
  return sql::for_each_row(
      sql, text::thrones_standing, {(*slot)->scheduled_for, effects_at_once},
      [&](const sql::Rows& row) {
        out.add(Difference{Kind::throne_standing, "throne-expiry", (*slot)->scheduled_for,
                           fmt::format("throne {}", row.integer(0)),
                           fmt::format("of stream {}: its time was up at {}, and it stands",
                                       row.integer(1), to_string(row.instant(2)))});
      });
}

Result<> look_at_gifts(sql::Transaction& sql, const Ground& ground, Differences& out) {
  auto slot = last_completed(sql, ground, "festival-activation");
  if (!slot) return std::move(slot).error();
  if (!*slot || (*slot)->ended_at + gifts_hold < ground.now) return {};
  auto edits = sql::number(sql, text::festival_edits);
  if (!edits) return std::move(edits).error();
  if (*edits > 0) return {};
  return sql::for_each_row(sql, text::gifts_wrong, {effects_at_once}, [&](const sql::Rows& row) {
    out.add(Difference{Kind::gift_wrong, "festival-activation", (*slot)->scheduled_for,
                       fmt::format("gift {}", row.integer(0)),
                       fmt::format("it is {}on sale", row.integer(1) != 0 ? "" : "not ")});
  });
}

Result<> compare_effects(const Ground& ground, Comparison& out) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  Looked looked{.scope = "effects"};
  if (auto done = look_at_thrones(**sql, ground, looked.differences); !done)
    return std::move(done).error().within("thrones");
  if (auto done = look_at_gifts(**sql, ground, looked.differences); !done)
    return std::move(done).error().within("gifts");
  out.looked.push_back(std::move(looked));
  return {};
}

Result<> compare_invariants(const Ground& ground, Comparison& out) {
  auto findings = schema::check_invariants(
      ground.database, {.stop = ground.stop, .deadline = std::chrono::hours{1}});
  if (!findings) return std::move(findings).error();
  Looked looked{.scope = "invariants"};
  for (const schema::Finding& one : *findings)
    if (!one.ok)
      looked.differences.add(
          Difference{Kind::invariant_broken, "", ground.now, one.name, one.detail});
  out.looked.push_back(std::move(looked));
  return {};
}

}  // namespace

std::int64_t Comparison::differences() const {
  std::int64_t all = 0;
  for (const Looked& one : looked) all += one.differences.total();
  return all;
}

std::int64_t Comparison::left_off() const {
  std::int64_t all = 0;
  for (const Looked& one : looked) all += one.differences.left_off();
  return all;
}

Instant removed_before(const config::Config& settings, Instant now) {
  Duration least = settings.history.retention;
  for (const auto& [end, rule] : settings.history.ends) {
    // By count any may go that was due before yesterday.
    if (rule.most > 0) return std::chrono::floor<std::chrono::days>(now) - std::chrono::days{1};
    least = std::min(least, rule.retention);
  }
  return now - least;
}

Result<Comparison> compare(const Ground& ground, Range range, const Wanted& wanted) {
  Comparison out{range, ground.now, removed_before(ground.settings, ground.now), {}};
  range.from = std::max(range.from, out.known_from);
  range.until = std::min(range.until, ground.now);
  if (range.until < range.from) return out;
  if (wanted.slots)
    if (auto done = compare_slots(ground, range, wanted.job, out); !done)
      return std::move(done).error().within("audit");
  const bool of_bonus = wanted.job.empty() || wanted.job == bonus_job;
  if (wanted.money && of_bonus)
    if (auto done = compare_dates(ground, range, wanted, out); !done)
      return std::move(done).error().within("audit");
  if (wanted.effects && wanted.job.empty())
    if (auto done = compare_effects(ground, out); !done)
      return std::move(done).error().within("audit");
  if (wanted.invariants)
    if (auto done = compare_invariants(ground, out); !done)
      return std::move(done).error().within("audit");
  return out;
}

}  // namespace hotclock::auditor
