#include "service/live/live.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "service/ledger/finding.h"
#include "service/live/live.sql.h"
#include "service/live/values.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::live {
namespace text = stmt::live;

namespace {

using Sql = sql::Transaction;

constexpr std::array<std::string_view, 5> keys{"dst", "enabled", "priority", "schedule", "zone"};
constexpr std::array<std::string_view, 3> keys_of_schedule{"dst", "schedule", "zone"};

// A row of live_changes as it stands.
struct Row {
  Change change;
  Values was, became;
};

// ---------------------------------------------------------------- reading

Result<Values> read_values(const sql::Rows& row, int column) { return values_of(row.text(column)); }

Result<Row> row_of(const sql::Rows& row) {
  auto was = read_values(row, 4);
  if (!was) return std::move(was).error();
  auto became = read_values(row, 5);
  if (!became) return std::move(became).error();
  Row out;
  out.change = {.id = row.integer(0),
                .job = std::string(row.text(1)),
                .version = row.integer(2),
                .act = std::string(row.text(3)),
                .was = list_of(*was),
                .became = list_of(*became),
                .author = std::string(row.text(6)),
                .reason = std::string(row.text(7)),
                .at = row.instant(8),
                .undoes = row.is_null(9) ? std::nullopt : std::optional(row.integer(9))};
  out.was = std::move(was).value();
  out.became = std::move(became).value();
  return out;
}

Result<Standing> standing_of(const sql::Rows& row) {
  auto values = read_values(row, 2);
  if (!values) return std::move(values).error();
  Standing standing{.job = std::string(row.text(0)),
                    .version = row.integer(1),
                    .author = std::string(row.text(3)),
                    .reason = std::string(row.text(4)),
                    .at = row.instant(5)};
  for (const auto& [key, kept] : *values)
    standing.values.push_back(
        {{key, kept.value}, kept.version, standing.author, standing.reason, standing.at});
  return standing;
}

// A job that was never changed stands at version 0.
Result<Standing> standing(Sql& sql, const std::string& job) {
  auto found = try_first_row(sql, text::standing, {job}, standing_of);
  if (!found) return std::move(found).error();
  return std::move(*found).value_or(Standing{.job = job});
}

// Whose each value is: the newest change's, as standing_of() has it, or that of the version it
// names.
Result<> name_the_authors(Sql& sql, Standing& standing) {
  for (ValueInForce& value : standing.values) {
    if (value.version == standing.version) continue;
    auto read = for_each_row(sql, text::author, {standing.job, value.version},
                             [&value](const sql::Rows& row) {
                               value.author = row.text(0);
                               value.reason = row.text(1);
                               value.at = row.instant(2);
                             });
    if (!read) return read;
  }
  return {};
}

// ---------------------------------------------------------------- one change

// What becomes of a job, before it is written.
struct Plan {
  std::string act;
  Values was, became;
  std::optional<std::int64_t> undoes;
};

bool touches_schedule(const Plan& plan) {
  return std::ranges::any_of(keys_of_schedule, [&plan](std::string_view key) {
    return differ(plan.was, plan.became, key);
  });
}

Result<> may_be_changed(std::string_view key) {
  if (std::ranges::find(keys, key) != keys.end()) return {};
  return Error(Errc::invalid,
               fmt::format("'{}' cannot be changed live; {} can", key, fmt::join(keys, ", ")));
}

Result<> may_be_made(const Edit& edit) {
  if (edit.act.empty() || (edit.set.empty() && edit.reset.empty()))
    return Error(Errc::invalid, "the change has nothing in it");
  for (const std::string& key : edit.reset)
    if (auto may = may_be_changed(key); !may) return may;
  for (const Value& value : edit.set) {
    if (auto may = may_be_changed(value.key); !may) return may;
    if (value.key == "enabled" && value.value != "true" && value.value != "false")
      return Error(Errc::invalid, fmt::format("enabled is true or false, not '{}'", value.value));
  }
  return {};
}

Result<> has_reason(const audit::Person& by, std::string_view what) {
  if (!by.reason.empty()) return {};
  return Error(Errc::invalid, fmt::format("{} needs a reason", what));
}

Result<> is_fresh(const Standing& now, std::optional<std::int64_t> seen) {
  if (!seen || *seen == now.version) return {};
  if (now.version == 0)
    return Error(Errc::stale, fmt::format("it was never changed, and so has no version {}", *seen));
  return Error(Errc::stale,
               fmt::format("it has version {} by now ({} at {}: {}), not {}", now.version,
                           now.author, to_string(now.at), now.reason, *seen));
}

Values values_of(const Standing& standing) {
  Values values;
  for (const ValueInForce& value : standing.values)
    values.emplace(value.key, Kept{value.value, value.version});
  return values;
}

// A value that is set to what it is stays whose it was.
void put(Values& values, const std::string& key, const std::string& value, std::int64_t version) {
  Kept& kept = values[key];
  if (kept.version == 0 || kept.value != value) kept = {value, version};
}

Values edited(Values values, const Edit& edit, std::int64_t version) {
  for (const std::string& key : edit.reset) values.erase(key);
  for (const Value& value : edit.set) put(values, value.key, value.value, version);
  return values;
}

bool same(const Values& one, const Values& other) {
  return std::ranges::none_of(keys, [&](std::string_view key) { return differ(one, other, key); });
}

// What of it the ledger reads as it claims and enters.
Result<> tell_the_ledger(Sql& sql, std::int64_t job, std::int64_t version, const Plan& plan,
                         const audit::Person& by) {
  if (touches_schedule(plan)) {
    auto told = sql.exec(text::reschedule, {job, version});
    if (!told) return std::move(told).error();
  }
  if (!differ(plan.was, plan.became, "enabled")) return {};
  const auto enabled = plan.became.find("enabled");
  const bool off = enabled != plan.became.end() && enabled->second.value == "false";
  const auto of = [off](const std::string& words) {
    return off ? sql::Param(std::string_view(words)) : sql::Param(nullptr);
  };
  auto told = sql.exec(text::switch_off, {job, of(by.name), of(by.reason)});
  return told ? Result<>() : std::move(told).error();
}

Result<Change> add(Sql& sql, const Standing& before, const Plan& plan, const audit::Person& by,
                   Instant now) {
  Change change{.id = 0,
                .job = before.job,
                .version = before.version + 1,
                .act = plan.act,
                .was = list_of(plan.was),
                .became = list_of(plan.became),
                .author = by.name,
                .reason = by.reason,
                .at = std::max(now, before.at),  // a clock that went back changes no order
                .undoes = plan.undoes};
  const std::string was = to_json(plan.was);
  const std::string became = to_json(plan.became);
  auto id =
      first_row(sql, text::add,
                {change.job, change.version, change.act, was, became, change.author, change.reason,
                 change.at, plan.undoes ? sql::Param(*plan.undoes) : sql::Param(nullptr)},
                [](const sql::Rows& row) { return row.integer(0); });
  if (!id) return std::move(id).error();
  change.id = (*id).value_or(0);
  return change;
}

Result<Change> carry_out(Sql& sql, std::int64_t job, const Standing& before, const Plan& plan,
                         const audit::Person& by, Instant now) {
  if (same(plan.was, plan.became))
    return Error(Errc::conflict, "nothing would be different: live it is " + in_words(plan.was));
  auto change = add(sql, before, plan, by, now);
  if (!change) return std::move(change).error();
  if (auto told = tell_the_ledger(sql, job, change->version, plan, by); !told)
    return std::move(told).error();
  std::string detail = fmt::format("version {}", change->version);
  if (plan.undoes) detail += fmt::format(", undoes version {}", *plan.undoes);
  auto noted = audit::append(sql,
                             {.what = plan.act,
                              .job = before.job,
                              .detail = std::move(detail),
                              .was = in_words(plan.was),
                              .became = in_words(plan.became)},
                             by, now);
  if (!noted) return std::move(noted).error();
  return change;
}

// Ids rise in the order of commits because nobody else writes meanwhile; and no claim is made
// between what is written and its commit.
template <class Act>
auto alone(sql::Database& database, std::string_view step, Act act) {
  return sql::in_one_with_news(database.write_alone(), step, act);
}

// `plan(transaction, standing)` says what becomes of the job as it stands.
template <class MakePlan>
Result<Change> changed(sql::Database& database, const std::string& job,
                       std::optional<std::int64_t> seen, const audit::Person& by, Instant now,
                       MakePlan make_plan) {
  return alone(database, "change " + job, [&](Sql& sql) -> Result<Change> {
    auto id = ledger::find_job_id(sql, job);
    if (!id) return std::move(id).error();
    auto before = standing(sql, job);
    if (!before) return std::move(before).error();
    if (auto fresh = is_fresh(*before, seen); !fresh) return std::move(fresh).error();
    Result<Plan> plan = make_plan(sql, *before);
    if (!plan) return std::move(plan).error();
    return carry_out(sql, *id, *before, *plan, by, now);
  });
}

Result<Plan> plan_to_undo(Sql& sql, const Standing& before, std::optional<std::int64_t> which) {
  const std::int64_t version = which.value_or(before.version);
  auto found = try_first_row(sql, text::of_version, {before.job, version}, row_of);
  if (!found) return std::move(found).error();
  if (!*found)
    return Error(Errc::not_found,
                 which ? fmt::format("it has no version {}", version) : "it was never changed");
  const Row& undone = **found;
  Plan plan{"undo", values_of(before), values_of(before), version};
  for (const std::string_view key : keys) {
    if (!differ(undone.was, undone.became, key)) continue;
    if (differ(undone.became, plan.was, key))
      return Error(Errc::conflict,
                   fmt::format("{} was changed again since version {}; now it is at version {}: {}",
                               key, version, before.version, in_words(plan.was)));
    plan.became.erase(std::string(key));
    if (const auto old = undone.was.find(key); old != undone.was.end())
      put(plan.became, old->first, old->second.value, before.version + 1);
  }
  return plan;
}

}  // namespace

// ---------------------------------------------------------------- what people do

Result<Change> change(sql::Database& database, const Edit& edit, const audit::Person& by,
                      Instant now) {
  if (auto reason = has_reason(by, "a live change"); !reason) return std::move(reason).error();
  if (auto may = may_be_made(edit); !may)
    return std::move(may).error().within("change " + edit.job);
  return changed(database, edit.job, edit.version, by, now,
                 [&edit](Sql&, const Standing& before) -> Result<Plan> {
                   const Values was = values_of(before);
                   return Plan{edit.act, was, edited(was, edit, before.version + 1), std::nullopt};
                 });
}

Result<Change> undo(sql::Database& database, const std::string& job,
                    std::optional<std::int64_t> which, std::optional<std::int64_t> version,
                    const audit::Person& by, Instant now) {
  if (auto reason = has_reason(by, "an undo"); !reason) return std::move(reason).error();
  return changed(database, job, version, by, now, [which](Sql& sql, const Standing& before) {
    return plan_to_undo(sql, before, which);
  });
}

Result<> kill(sql::Database& database, bool stop_running, const audit::Person& by, Instant now) {
  if (auto reason = has_reason(by, "the kill switch"); !reason) return reason;
  return alone(database, "kill", [&](Sql& sql) -> Result<> {
    if (auto on = sql.exec(text::kill, {by.name, by.reason, now}); !on)
      return std::move(on).error();
    if (stop_running)
      if (auto asked = sql.exec(text::cancel_all, {by.name}); !asked)
        return std::move(asked).error();
    return audit::append(
        sql,
        {.what = "kill",
         .detail = stop_running ? "what runs was asked to stop" : "what runs goes on"},
        by, now);
  });
}

Result<> revive(sql::Database& database, const audit::Person& by, Instant now) {
  return alone(database, "revive", [&](Sql& sql) -> Result<> {
    auto off = sql.exec(text::revive);
    if (!off) return std::move(off).error();
    if (*off == 0) return Error(Errc::conflict, "the kill switch is off");
    return audit::append(sql, {.what = "revive"}, by, now);
  });
}

// ---------------------------------------------------------------- what people see

Result<std::vector<Change>> changes(sql::Database& database, const std::string& job,
                                    std::optional<std::int64_t> before, int limit) {
  const std::int64_t below = before.value_or(std::numeric_limits<std::int64_t>::max());
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within("live changes");
  auto rows = job.empty()
                  ? try_all_rows(**sql, text::all_changes, {below, std::int64_t{limit}}, row_of)
                  : try_all_rows(**sql, text::changes, {job, below, std::int64_t{limit}}, row_of);
  if (!rows) return std::move(rows).error().within("live changes");
  std::vector<Change> out;
  for (Row& row : *rows) out.push_back(std::move(row.change));
  return out;
}

const ValueInForce* Standing::find(std::string_view key) const {
  const auto found = std::ranges::find(values, key, &ValueInForce::key);
  return found == values.end() ? nullptr : &*found;
}

const Standing* InForce::find(std::string_view job) const {
  const auto found = std::ranges::find(jobs, job, &Standing::job);
  return found == jobs.end() ? nullptr : &*found;
}

Result<InForce> in_force(sql::Database& database) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within("live changes");
  InForce out;
  auto last =
      first_row(**sql, text::newest, {}, [](const sql::Rows& row) { return row.integer(0); });
  if (!last) return std::move(last).error().within("live changes");
  out.newest = (*last).value_or(0);
  auto jobs = try_all_rows(**sql, text::in_force, {}, [](const sql::Rows& row) {
    auto one = standing_of(row);
    if (one) one->schedule_version = row.integer(6);
    if (one) one->scheduled_at = row.instant(7);
    return one;
  });
  if (!jobs) return std::move(jobs).error().within("live changes");
  for (Standing& job : *jobs)
    if (auto named = name_the_authors(**sql, job); !named)
      return std::move(named).error().within("live changes");
  out.jobs = std::move(jobs).value();
  return out;
}

Result<std::int64_t> newest(sql::Database& database) {
  auto sql = database.glance();
  if (!sql) return std::move(sql).error().within("live changes");
  auto id = first_row(**sql, text::newest, {}, [](const sql::Rows& row) { return row.integer(0); });
  if (!id) return std::move(id).error().within("live changes");
  return (*id).value_or(0);
}

Result<std::optional<KillSwitch>> kill_switch(sql::Database& database) {
  auto sql = database.glance();
  if (!sql) return std::move(sql).error().within("kill switch");
  auto on = first_row(**sql, text::kill_switch, {}, [](const sql::Rows& row) {
    return KillSwitch{std::string(row.text(0)), std::string(row.text(1)), row.instant(2)};
  });
  if (!on) return std::move(on).error().within("kill switch");
  return on;
}

}  // namespace hotclock::live
