#include "service/ledger/control.h"

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "scheduler/core/ledger.h"
#include "service/ledger/control.sql.h"
#include "service/ledger/entering.h"
#include "service/ledger/finding.h"
#include "service/ledger/rows.h"
#include "service/ledger/settle.sql.h"

namespace hotclock::ledger {
namespace text = stmt::control;

namespace {

using Sql = sql::Transaction;

struct Job {
  std::int64_t id;
  bool paused;
};

Error no_such_job(Sql& transaction, const std::string& name) {
  std::vector<std::string> names;
  auto read = for_each_row(transaction, text::job_names, {},
                           [&](const sql::Rows& row) { names.emplace_back(row.text(0)); });
  if (!read) return std::move(read).error();
  const std::string_view meant = nearest(name, std::span<const std::string>(names));
  std::string message = "there is no job " + name;
  if (!meant.empty()) message += fmt::format("; did you mean {}?", meant);
  return Error(Errc::not_found, std::move(message));
}

Result<Job> find_job(Sql& transaction, const std::string& name) {
  auto job = first_row(transaction, text::job, {name}, [](const sql::Rows& row) {
    return Job{row.integer(0), !row.is_null(1)};
  });
  if (!job) return std::move(job).error();
  if (!*job) return no_such_job(transaction, name);
  return **job;
}

struct Note {
  std::string_view what;
  std::string_view job;
  std::optional<std::int64_t> slot_id = {};
  std::string detail = {};
};

Result<> write_note(Sql& transaction, const Note& note, const Person& by, Instant now) {
  const sql::Param slot = note.slot_id ? sql::Param(*note.slot_id) : sql::Param(nullptr);
  auto written = transaction.exec(
      text::note, {now, by.name, note.what, note.job, slot, note.detail, by.reason});
  if (!written) return std::move(written).error().within("audit");
  return {};
}

// Runs `act(transaction)` and commits it if it succeeds.
template <class Act>
auto in_one(sql::Database& database, std::string_view step, Act act)
    -> decltype(act(std::declval<Sql&>())) {
  auto transaction = database.write_alone();
  if (!transaction) return std::move(transaction).error().within(step);
  auto result = act(**transaction);
  if (!result) return std::move(result).error().within(step);
  if (auto told = (*transaction)->notify(); !told) return std::move(told).error().within(step);
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error().within(step);
  return result;
}

Result<> changed(Result<std::int64_t> count) {
  if (!count) return std::move(count).error();
  return {};
}

// ---------------------------------------------------------------- slots by what people type

struct Target {
  std::int64_t slot_id;
  std::int64_t job_id;
  std::string job;
  Instant scheduled_for;
};

Result<Target> find_slot(Sql& transaction, std::int64_t slot_id) {
  auto found = first_row(transaction, text::slot, {slot_id}, [&](const sql::Rows& row) {
    return Target{slot_id, row.integer(0), std::string(row.text(1)), row.instant(2)};
  });
  if (!found) return std::move(found).error();
  if (!*found) return Error(Errc::not_found, fmt::format("there is no slot {}", slot_id));
  return **std::move(found);
}

std::string name_of(const Target& target) {
  return fmt::format("slot {} of {} ({})", to_string(target.scheduled_for), target.job,
                     target.slot_id);
}

// Where in the queue a slot stands.
struct Place {
  std::string phase;
  std::int64_t line, rank, attempt, fence;
};

Result<std::optional<Place>> place_of(Sql& transaction, std::int64_t slot_id) {
  return first_row(transaction, text::queued, {slot_id}, [](const sql::Rows& row) {
    return Place{std::string(row.text(0)), row.integer(1), row.integer(2), row.integer(3),
                 row.integer(4)};
  });
}

// Ends a slot that stands in the queue, and lets the next one of its job come forward.
Result<> end_queued(Sql& transaction, const Target& target, const Place& place, End end,
                    const std::string& reason, Instant now) {
  auto left = changed(transaction.exec(
      text::leave_queue, {std::string_view(place.phase), place.line, place.rank, target.slot_id}));
  if (!left) return left;
  auto ended = changed(transaction.exec(
      stmt::settle::end_unworked,
      {target.slot_id, place.fence + 1, to_string(end), place.attempt, now, reason}));
  if (!ended) return ended;
  return changed(transaction.exec(stmt::settle::call_waiting, {target.job_id, std::int64_t{1}}));
}

Error has_ended(Sql& transaction, const Target& target) {
  std::string how = "ended";
  auto read =
      for_each_row(transaction, text::how_it_ended, {target.slot_id}, [&](const sql::Rows& row) {
        how = fmt::format("ended as {} at {}", row.text(0), to_string(row.instant(1)));
      });
  if (!read) return std::move(read).error();
  return Error(Errc::conflict, name_of(target) + " has " + how);
}

Result<Cancelled> cancel_slot(Sql& transaction, const Target& target, const Person& by,
                              Instant now) {
  auto asked = transaction.exec(text::request_cancel, {target.job_id, target.slot_id, by.name});
  if (!asked) return std::move(asked).error();
  if (*asked > 0) return Cancelled::requested;
  auto place = place_of(transaction, target.slot_id);
  if (!place) return std::move(place).error();
  if (!*place) return has_ended(transaction, target);
  std::string reason = "cancelled by " + by.name;
  if (!by.reason.empty()) reason += ": " + by.reason;
  auto ended = end_queued(transaction, target, **place, End::cancelled, reason, now);
  if (!ended) return std::move(ended).error();
  return Cancelled::ended;
}

Result<Cancelled> cancel(Sql& transaction, std::string_view id, const Person& by, Instant now) {
  auto slot_id = find_slot_id(transaction, id);
  if (!slot_id) return std::move(slot_id).error();
  auto target = find_slot(transaction, *slot_id);
  if (!target) return std::move(target).error();
  auto done = cancel_slot(transaction, *target, by, now);
  if (!done) return done;
  auto noted = write_note(transaction, {"cancel", target->job, *slot_id, std::string(id)}, by, now);
  if (!noted) return std::move(noted).error();
  return done;
}

// ---------------------------------------------------------------- slots people ask for

Error is_there(Sql& transaction, const ManualSlot& slot) {
  std::string state = "there";
  auto read = for_each_row(transaction, text::existing, {slot.job, slot.scheduled_for, slot.key},
                           [&](const sql::Rows& row) {
                             state = fmt::format("there already as slot {}, {}", row.integer(0),
                                                 row.text(1));
                           });
  if (!read) return std::move(read).error();
  return Error(Errc::conflict,
               fmt::format("slot {} of {} with key '{}' is {}", to_string(slot.scheduled_for),
                           slot.job, slot.key, state));
}

Result<std::int64_t> enter_one(Sql& transaction, const ManualSlot& slot, const Person& by,
                               Instant now) {
  if (slot.key.empty()) return Error(Errc::invalid, "a slot that a person asks for needs a key");
  auto job = find_job(transaction, slot.job);
  if (!job) return std::move(job).error();
  const Entry entry{.slot = {slot.job, slot.scheduled_for, Trigger::manual, slot.key},
                    .available_at = now,
                    .priority = slot.priority,
                    .requested_by = by.name,
                    .ended = {},
                    .reason = {}};
  auto id = enter_slot(transaction, job->id, entry, now);
  if (!id) return std::move(id).error();
  if (!*id) return is_there(transaction, slot);
  auto noted =
      write_note(transaction, {"run", slot.job, **id, to_string(slot.scheduled_for)}, by, now);
  if (!noted) return std::move(noted).error();
  return **id;
}

Result<std::int64_t> enter_plan(Sql& transaction, const Backfill& plan, const Person& by,
                                Instant now) {
  if (plan.key.empty()) return Error(Errc::invalid, "a backfill needs a key");
  auto job = find_job(transaction, plan.job);
  if (!job) return std::move(job).error();
  std::int64_t entered = 0;
  Instant available_at = now;
  for (const Instant at : plan.slots) {
    const Entry entry{.slot = {plan.job, at, Trigger::backfill, plan.key},
                      .available_at = available_at,
                      .priority = plan.priority,
                      .requested_by = by.name,
                      .ended = {},
                      .reason = {}};
    auto id = enter_slot(transaction, job->id, entry, now);
    if (!id) return std::move(id).error();
    if (!*id) continue;
    ++entered;
    available_at += plan.spacing;
  }
  auto noted = write_note(
      transaction, {"backfill", plan.job, {}, fmt::format("{}: {} slots", plan.key, entered)}, by,
      now);
  if (!noted) return std::move(noted).error();
  return entered;
}

// ---------------------------------------------------------------- decisions

std::string_view to_word(Decision decision) {
  switch (decision) {
    case Decision::try_again:
      return "try again";
    case Decision::completed:
      return "completed";
    case Decision::failed:
      return "failed";
  }
  return "";
}

Result<> carry_out(Sql& transaction, const Target& target, const Place& place, Decision decision,
                   const Person& by, Instant now) {
  if (decision == Decision::try_again)
    return changed(
        transaction.exec(text::try_unknown_again, {place.line, place.rank, target.slot_id, now}));
  const End end = decision == Decision::completed ? End::completed : End::failed;
  return end_queued(transaction, target, place, end,
                    fmt::format("decided by {}: {}", by.name, by.reason), now);
}

}  // namespace

Result<> pause(sql::Database& database, const std::string& job, const Person& by,
               std::optional<Instant> until, Instant now) {
  if (by.reason.empty()) return Error(Errc::invalid, "a pause needs a reason");
  return in_one(database, "pause " + job, [&](Sql& transaction) -> Result<> {
    auto known = find_job(transaction, job);
    if (!known) return std::move(known).error();
    auto done = changed(
        transaction.exec(text::pause, {known->id, by.name, by.reason, now, sql::param(until)}));
    if (!done) return done;
    return write_note(transaction, {"pause", job, {}, until ? "until " + to_string(*until) : ""},
                      by, now);
  });
}

Result<> resume(sql::Database& database, const std::string& job, const Person& by, Instant now) {
  return in_one(database, "resume " + job, [&](Sql& transaction) -> Result<> {
    auto known = find_job(transaction, job);
    if (!known) return std::move(known).error();
    if (!known->paused) return Error(Errc::conflict, "it is not paused");
    if (auto done = changed(transaction.exec(text::resume, {known->id})); !done) return done;
    return write_note(transaction, {"resume", job}, by, now);
  });
}

Result<Cancelled> request_cancel(sql::Database& database, std::string_view id, const Person& by,
                                 Instant now) {
  return in_one(database, fmt::format("cancel {}", id),
                [&](Sql& transaction) { return cancel(transaction, id, by, now); });
}

Result<std::int64_t> enter_manual(sql::Database& database, const ManualSlot& slot, const Person& by,
                                  Instant now) {
  return in_one(database, "run " + slot.job,
                [&](Sql& transaction) { return enter_one(transaction, slot, by, now); });
}

Result<std::int64_t> enter_backfill(sql::Database& database, const Backfill& plan, const Person& by,
                                    Instant now) {
  return in_one(database, "backfill " + plan.job,
                [&](Sql& transaction) { return enter_plan(transaction, plan, by, now); });
}

Result<> decide(sql::Database& database, std::int64_t slot_id, Decision decision, const Person& by,
                Instant now) {
  return in_one(database, "decide", [&](Sql& transaction) -> Result<> {
    auto target = find_slot(transaction, slot_id);
    if (!target) return std::move(target).error();
    auto place = place_of(transaction, slot_id);
    if (!place) return std::move(place).error();
    if (!*place || (*place)->phase != "unknown")
      return Error(Errc::conflict, name_of(*target) + " does not wait for a decision");
    auto done = carry_out(transaction, *target, **place, decision, by, now);
    if (!done) return done;
    return write_note(transaction, {"decide", target->job, slot_id, std::string(to_word(decision))},
                      by, now);
  });
}

}  // namespace hotclock::ledger
