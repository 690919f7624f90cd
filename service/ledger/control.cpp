#include "service/ledger/control.h"

#include <fmt/format.h>

#include "scheduler/core/ledger.h"
#include "service/ledger/control.sql.h"
#include "service/ledger/control_steps.h"
#include "service/ledger/entering.h"
#include "service/ledger/finding.h"
#include "service/ledger/partitions.h"
#include "service/ledger/partitions.sql.h"
#include "service/ledger/queue_line.h"
#include "service/ledger/settle.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::control;

namespace {

using Sql = sql::Transaction;

using Answers = std::vector<std::unique_ptr<sql::Rows>>;

// In the turn of all who write.
template <class Act>
auto in_turn(sql::Database& database, std::string_view step, Act act) {
  return sql::in_one_with_news(database.write_alone(), step, act);
}

Result<> changed(Result<std::int64_t> count) {
  if (!count) return std::move(count).error();
  return {};
}

}  // namespace

// ---------------------------------------------------------------- slots by what people type

Result<Job> find_job(Sql& transaction, const std::string& name) {
  auto job = first_row(transaction, text::job, {name}, [](const sql::Rows& row) {
    return Job{row.integer(0), !row.is_null(1), line_of_queue(row, 4)};
  });
  if (!job) return std::move(job).error();
  if (!*job) return no_such_job(transaction, name);
  return **job;
}

Result<Target> find_slot(Sql& transaction, std::int64_t slot_id) {
  auto found = first_row(transaction, text::slot, {slot_id}, [&](const sql::Rows& row) {
    return Target{slot_id, row.integer(0), std::string(row.text(1)), row.instant(2),
                  row.is_null(3) ? std::nullopt : std::optional(row.integer(3))};
  });
  if (!found) return std::move(found).error();
  if (!*found) return Error(Errc::not_found, fmt::format("there is no slot {}", slot_id));
  return **std::move(found);
}

std::string name_of(const Target& target) {
  return fmt::format("slot {} of {} ({})", to_string(target.scheduled_for), target.job,
                     target.slot_id);
}

namespace {

// Where in the queue a slot stands.
struct Place {
  std::string phase;
  std::int64_t line, rank, attempt, fence, progress_done;
};

Result<std::optional<Place>> place_of(Sql& transaction, std::int64_t slot_id) {
  return first_row(transaction, text::queued, {slot_id}, [](const sql::Rows& row) {
    return Place{std::string(row.text(0)), row.integer(1), row.integer(2),
                 row.integer(3),           row.integer(4), row.integer(5)};
  });
}

// The last partition of a slot may have ended: then it has ended too.
Result<> gather(Sql& transaction, const Target& partition, std::int64_t progress_done,
                Instant now) {
  auto whole =
      partition_ended(transaction, partition.job_id, *partition.partition_of, progress_done, now);
  if (!whole) return std::move(whole).error();
  if (!*whole) return {};
  const End end = (*whole)->ends.end;
  if (end == End::failed || end == End::timed_out) {
    auto counted = changed(
        transaction.exec(stmt::settle::count_failures, {partition.job_id, std::int64_t{1}, now}));
    if (!counted) return counted;
  } else if (end != End::cancelled) {
    auto forgot = changed(transaction.exec(stmt::settle::forget_failures, {partition.job_id}));
    if (!forgot) return forgot;
  }
  return changed(transaction.exec(stmt::settle::call_waiting, {partition.job_id, std::int64_t{1}}));
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
  if (target.partition_of) return gather(transaction, target, place.progress_done, now);
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

// What runs of a divided slot is asked to stop; the rest ends here.
Result<> cancel_partitions(Sql& transaction, const Target& whole, const Person& by, Instant now) {
  namespace partitions = stmt::partitions;
  auto asked =
      changed(transaction.exec(partitions::cancel, {whole.job_id, whole.slot_id, by.name}));
  if (!asked) return asked;
  std::vector<std::int64_t> open;
  auto read = for_each_row(transaction, partitions::open, {whole.slot_id},
                           [&](const sql::Rows& row) { open.push_back(row.integer(0)); });
  if (!read) return read;
  for (const std::int64_t id : open) {
    auto place = place_of(transaction, id);
    if (!place) return std::move(place).error();
    if (!*place) continue;
    const Target partition{id, whole.job_id, whole.job, whole.scheduled_for, whole.slot_id};
    auto ended =
        end_queued(transaction, partition, **place, End::cancelled, "cancelled by " + by.name, now);
    if (!ended) return ended;
  }
  return {};
}

Result<Cancelled> cancel_running(Sql& transaction, const Target& target, const Person& by,
                                 Instant now) {
  auto open = first_row(transaction, stmt::partitions::whole, {target.job_id, target.slot_id},
                        [](const sql::Rows& row) { return row.integer(1); });
  if (!open) return std::move(open).error();
  if ((*open).value_or(0) > 0)
    if (auto done = cancel_partitions(transaction, target, by, now); !done)
      return std::move(done).error();
  auto left = first_row(transaction, stmt::partitions::whole, {target.job_id, target.slot_id},
                        [](const sql::Rows& row) { return row.integer(1); });
  if (!left) return std::move(left).error();
  return *left ? Cancelled::requested : Cancelled::ended;
}

}  // namespace

Result<std::optional<std::int64_t>> enter_asked(Sql& transaction, const Job& job,
                                                const Asked& asked, const Person& by, Instant now) {
  const Entry entry{.slot = {asked.job, asked.scheduled_for, Trigger::backfill, asked.key},
                    .available_at = asked.available_at,
                    .priority = asked.priority,
                    .requested_by = by.name,
                    .ended = {},
                    .reason = {},
                    .token = by.token};
  return enter_slot(transaction, job.id, job.line, entry, now);
}

Result<Cancelled> cancel_slot(Sql& transaction, const Target& target, const Person& by,
                              Instant now) {
  auto asked = transaction.exec(text::request_cancel, {target.job_id, target.slot_id, by.name});
  if (!asked) return std::move(asked).error();
  if (*asked > 0) return cancel_running(transaction, target, by, now);
  auto place = place_of(transaction, target.slot_id);
  if (!place) return std::move(place).error();
  if (!*place) return has_ended(transaction, target);
  std::string reason = "cancelled by " + by.name;
  if (!by.reason.empty()) reason += ": " + by.reason;
  auto ended = end_queued(transaction, target, **place, End::cancelled, reason, now);
  if (!ended) return std::move(ended).error();
  return Cancelled::ended;
}

namespace {

Result<Cancelled> cancel(Sql& transaction, std::string_view id, const Person& by, Instant now) {
  auto slot_id = find_slot_id(transaction, id);
  if (!slot_id) return std::move(slot_id).error();
  auto target = find_slot(transaction, *slot_id);
  if (!target) return std::move(target).error();
  auto done = cancel_slot(transaction, *target, by, now);
  if (!done) return done;
  auto noted =
      audit::append(transaction, {"cancel", target->job, *slot_id, std::string(id)}, by, now);
  if (!noted) return std::move(noted).error();
  return done;
}

// ---------------------------------------------------------------- slots people ask for

Result<> may_be_key(std::string_view key) {
  if (key.empty()) return Error(Errc::invalid, "a slot that a person asks for needs a key");
  if (key.find(partition_mark) != std::string_view::npos)
    return Error(Errc::invalid,
                 fmt::format("the key '{}' must not hold a '{}': that is how partitions"
                             " are named",
                             key, partition_mark));
  return {};
}

// Why it could not be entered.
Error not_entered(Sql& transaction, const ManualSlot& slot) {
  if (auto job = find_job(transaction, slot.job); !job) return std::move(job).error();
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

Entry entry_of(const ManualSlot& slot, const Person& by, Instant now) {
  return {.slot = {slot.job, slot.scheduled_for, Trigger::manual, slot.key},
          .available_at = now,
          .priority = slot.priority,
          .requested_by = by.name,
          .ended = {},
          .reason = {},
          .token = by.token};
}

Result<std::int64_t> entered_one(Sql& transaction, const Answers& answers, const ManualSlot& slot,
                                 const Entry& entry, const Person& by, Instant now) {
  auto id = slot_entered(transaction, *answers[0], entry, now);
  if (!id) return std::move(id).error();
  if (!*id) return not_entered(transaction, slot);
  auto link = audit::link_of(*answers[1]);
  if (!link) return std::move(link).error();
  auto noted = audit::append(transaction, *link,
                             {"run", slot.job, **id, to_string(slot.scheduled_for)}, by, now);
  if (!noted) return std::move(noted).error();
  if (slot.profiled)
    if (auto ordered = transaction.exec(text::order_profile, {**id}); !ordered)
      return std::move(ordered).error();
  return **id;
}

Result<std::int64_t> enter_plan(Sql& transaction, const Backfill& plan, const Person& by,
                                Instant now) {
  if (auto right = may_be_key(plan.key); !right) return std::move(right).error();
  auto job = find_job(transaction, plan.job);
  if (!job) return std::move(job).error();
  std::int64_t entered = 0;
  Instant available_at = now;
  for (const Instant at : plan.slots) {
    auto id = enter_asked(transaction, *job, {plan.job, at, plan.key, available_at, plan.priority},
                          by, now);
    if (!id) return std::move(id).error();
    if (!*id) continue;
    ++entered;
    available_at += plan.spacing;
  }
  auto noted = audit::append(
      transaction, {"backfill", plan.job, {}, fmt::format("{}: {} slots", plan.key, entered)}, by,
      now);
  if (!noted) return std::move(noted).error();
  return entered;
}

// Ending one lets a waiting one of its job come forward, so each is looked up when its turn comes.
Result<std::int64_t> take_out(Sql& transaction, const Withdrawal& backfill, const Job& job,
                              const Person& by, Instant now) {
  std::vector<std::int64_t> slots;
  auto read = for_each_row(transaction, text::backfilled,
                           {job.id, backfill.from, backfill.to, std::string_view(backfill.key)},
                           [&](const sql::Rows& row) { slots.push_back(row.integer(0)); });
  if (!read) return std::move(read).error();
  if (slots.empty()) return Error(Errc::not_found, "there is no such backfill");
  const std::string reason = fmt::format("its backfill was stopped by {}: {}", by.name, by.reason);
  std::int64_t count = 0;
  for (const std::int64_t id : slots) {
    auto place = place_of(transaction, id);
    if (!place) return std::move(place).error();
    if (!*place || (*place)->phase == "unknown") continue;
    const Target target{id, job.id, backfill.job, {}, {}};
    auto ended = end_queued(transaction, target, **place, End::cancelled, reason, now);
    if (!ended) return std::move(ended).error();
    ++count;
  }
  return count;
}

Result<std::int64_t> withdraw_one(Sql& transaction, const Withdrawal& backfill, const Person& by,
                                  Instant now) {
  auto job = find_job(transaction, backfill.job);
  if (!job) return std::move(job).error();
  auto count = take_out(transaction, backfill, *job, by, now);
  if (!count) return count;
  auto noted = audit::append(transaction,
                             {.what = "backfill.stop",
                              .job = backfill.job,
                              .detail = fmt::format("{}: {} slots", backfill.key, *count)},
                             by, now);
  if (!noted) return std::move(noted).error();
  return count;
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
  return in_turn(database, "pause " + job, [&](Sql& transaction) -> Result<> {
    auto known = find_job(transaction, job);
    if (!known) return std::move(known).error();
    auto done = changed(
        transaction.exec(text::pause, {known->id, by.name, by.reason, now, sql::param(until)}));
    if (!done) return done;
    return audit::append(transaction, {"pause", job, {}, until ? "until " + to_string(*until) : ""},
                         by, now);
  });
}

Result<> resume(sql::Database& database, const std::string& job, const Person& by, Instant now) {
  return in_turn(database, "resume " + job, [&](Sql& transaction) -> Result<> {
    auto known = find_job(transaction, job);
    if (!known) return std::move(known).error();
    if (!known->paused) return Error(Errc::conflict, "it is not paused");
    if (auto done = changed(transaction.exec(text::resume, {known->id})); !done) return done;
    return audit::append(transaction, {"resume", job}, by, now);
  });
}

Result<Cancelled> request_cancel(sql::Database& database, std::string_view id, const Person& by,
                                 Instant now) {
  return in_turn(database, fmt::format("cancel {}", id),
                 [&](Sql& transaction) { return cancel(transaction, id, by, now); });
}

Result<std::int64_t> enter_manual(sql::Database& database, const ManualSlot& slot, const Person& by,
                                  Instant now) {
  const std::string step = "run " + slot.job;
  if (auto right = may_be_key(slot.key); !right) return std::move(right).error().within(step);
  const Entry entry = entry_of(slot, by, now);
  const sql::Question first[] = {enter_by_name(entry, now), audit::next_link()};
  auto asked = database.ask_alone(first);
  if (!asked) return std::move(asked).error().within(step);
  return sql::in_one_with_news(std::move(asked->transaction), step, [&](Sql& transaction) {
    const Answers answers = std::move(asked->answers);  // they end before their transaction
    return entered_one(transaction, answers, slot, entry, by, now);
  });
}

Result<std::int64_t> enter_backfill(sql::Database& database, const Backfill& plan, const Person& by,
                                    Instant now) {
  return in_turn(database, "backfill " + plan.job,
                 [&](Sql& transaction) { return enter_plan(transaction, plan, by, now); });
}

Result<std::int64_t> withdraw(sql::Database& database, const Withdrawal& backfill, const Person& by,
                              Instant now) {
  return in_turn(database, "stop backfill of " + backfill.job,
                 [&](Sql& transaction) { return withdraw_one(transaction, backfill, by, now); });
}

Result<> decide(sql::Database& database, std::int64_t slot_id, Decision decision, const Person& by,
                Instant now) {
  return in_turn(database, "decide", [&](Sql& transaction) -> Result<> {
    auto target = find_slot(transaction, slot_id);
    if (!target) return std::move(target).error();
    auto place = place_of(transaction, slot_id);
    if (!place) return std::move(place).error();
    if (!*place || (*place)->phase != "unknown")
      return Error(Errc::conflict, name_of(*target) + " does not wait for a decision");
    auto done = carry_out(transaction, *target, **place, decision, by, now);
    if (!done) return done;
    return audit::append(transaction,
                         {"decide", target->job, slot_id, std::string(to_word(decision))}, by, now);
  });
}

Result<> note_act(sql::Database& database, std::string_view what, std::string detail,
                  const Person& by, Instant now) {
  return in_turn(database, what, [&](Sql& transaction) {
    return audit::append(transaction, {.what = what, .job = "", .detail = std::move(detail)}, by,
                         now);
  });
}

}  // namespace hotclock::ledger
