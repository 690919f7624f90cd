// What a settlement brings: endings, entries, cursors, renewals.
#include "service/ledger/entering.h"
#include "service/ledger/log_tail.sql.h"
#include "service/ledger/partitions.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"
#include "service/ledger/tally.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

sql::Param or_null(std::optional<End> end) {
  return end ? sql::Param(to_string(*end)) : sql::Param(nullptr);
}

}  // namespace

Settling::Settling(sql::Transaction& transaction, Lasting lasting, const Settlement& act,
                   const PolicyOf& policy_of, Instant now)
    : sql_(transaction),
      lasting_(lasting),
      act_(act),
      policy_of_(policy_of),
      now_(now),
      turns_(act.turns),
      attempts_(transaction, text::record, text::record_eight),
      claims_(transaction, text::claim, text::claim_eight) {}

// ---------------------------------------------------------------- endings

Result<> Settling::record_endings() {
  auto released = lasting_.at_once ? end_at_once() : release_ended();
  if (!released) return std::move(released).error().within("release leases");
  for (const Ending& ending : act_.endings)
    if (auto done = record(ending); !done)
      return std::move(done).error().within("record the end of " + ending.permit->execution.text());
  if (auto done = attempts_.flush(); !done)
    return std::move(done).error().within("record attempts");
  if (auto done = gather_partitions(); !done)
    return std::move(done).error().within("end divided slots");
  return write_streaks();
}

// The leases of all that ended for good, at once, each in the lane it is in as a rule.
Result<> Settling::release_ended() {
  std::vector<const Ending*> ended;
  std::vector<sql::Param> leases;
  for (const Ending& ending : act_.endings) {
    if (!std::holds_alternative<Ends>(ending.follow)) continue;
    const Permit& permit = *ending.permit;
    if (permit.partition_of) continue;
    auto place = place_of(permit);
    if (!place) return std::move(place).error();
    ended.push_back(&ending);
    leases.insert(leases.end(), {place->job_id, place->lane, permit.slot_id, permit.fence});
  }
  auto released = sql_.exec_each(text::release, leases, 4);
  if (!released) return std::move(released).error();
  for (std::size_t i = 0; i < ended.size(); ++i)
    if ((*released)[i] > 0) released_.insert(ended[i]);
  return {};
}

Result<Settling::Place> Settling::place_of(const Permit& permit) {
  auto job = lasting_.names.id_of(sql_, permit.slot.job);
  if (!job) return std::move(job).error();
  auto known = job_now(*job);
  if (!known) return std::move(known).error();
  const auto& policy = (*known)->policy;
  const bool alone = !policy || policy->overlap != Overlap::allow;
  return Place{*job, alone ? std::int64_t{0} : permit.slot_id};
}

Result<bool> Settling::release(const Permit& permit) {
  auto place = place_of(permit);
  if (!place) return std::move(place).error();
  const std::int64_t other = place->lane == 0 ? permit.slot_id : 0;
  for (const std::int64_t lane : {place->lane, other}) {
    auto released = sql_.exec(text::release, {place->job_id, lane, permit.slot_id, permit.fence});
    if (!released) return std::move(released).error();
    if (*released > 0) return true;
  }
  return false;
}

Result<> Settling::record(const Ending& ending) {
  if (const auto job = recorded_at_once(ending)) {
    count_end(*job, std::get<Ends>(ending.follow).end, ending.ended_at);
    ++freed_[*job];
    if (ending.set_aside.empty() && ending.log.empty()) return {};
    return keep_details(ending, ending.permit->execution.text());
  }
  auto job = lasting_.names.id_of(sql_, ending.permit->slot.job);
  if (!job) return std::move(job).error();
  auto ours = follow(ending, *job);
  if (!ours) return std::move(ours).error();
  const bool goes_on =
      ending.permit->partition_of || std::holds_alternative<Divides>(ending.follow);
  if (!*ours)
    answer_.lost.push_back(ending.permit->execution);
  else if (!goes_on)
    ++freed_[*job];
  return {};
}

// False where the fence is old: then nothing was written.
Result<bool> Settling::follow(const Ending& ending, JobId job) {
  const Permit& permit = *ending.permit;
  if (const auto* parts = std::get_if<Divides>(&ending.follow)) {
    tell_ = true;
    auto ours = divide(sql_, job, permit, *parts, now_);
    if (!ours || !*ours) return ours;
    if (auto kept = keep_log(ending, permit.execution.text()); !kept)
      return std::move(kept).error();
    return true;
  }
  if (const auto* ends = std::get_if<Ends>(&ending.follow)) {
    if (permit.partition_of) return end_partition(ending, job, ends->end);
    auto ours = end_attempt(ending, ends->end);
    if (!ours || !*ours) return ours;
    count_end(job, ends->end, ending.ended_at);
    return true;
  }
  Result<bool> ours = false;
  if (const auto* again = std::get_if<TriesAgain>(&ending.follow))
    ours = requeue(permit, job, "later", again->at, 0, "");
  else if (std::holds_alternative<GoesBack>(ending.follow))
    ours = requeue(permit, job, "later", std::nullopt, 1, "");
  else
    ours = requeue(permit, job, "unknown", std::nullopt, 0, ending.error);
  if (!ours || !*ours) return ours;
  if (auto done = write_attempt(ending, std::nullopt); !done) return std::move(done).error();
  return true;
}

Result<bool> Settling::end_attempt(const Ending& ending, End end) {
  const Permit& permit = *ending.permit;
  if (!released_.contains(&ending)) {
    auto ours = release(permit);
    if (!ours || !*ours) return ours;
  }
  if (auto done = write_attempt(ending, end); !done) return std::move(done).error();
  return true;
}

Result<bool> Settling::end_partition(const Ending& ending, JobId job, End end) {
  const Permit& permit = *ending.permit;
  auto done = first_row(sql_, text::take_back, {job, permit.slot_id, permit.fence},
                        [](const sql::Rows& row) { return row.integer(4); });
  if (!done) return std::move(done).error();
  if (!*done) return false;
  if (auto written = write_attempt(ending, end); !written) return std::move(written).error();
  ended_partitions_.push_back({job, *permit.partition_of, **done});
  return true;
}

Result<> Settling::gather_partitions() {
  for (const EndedPartition& ended : std::exchange(ended_partitions_, {})) {
    ahead_.reset();
    auto whole = partition_ended(sql_, ended.job_id, ended.whole, ended.progress_done, now_);
    if (!whole) return std::move(whole).error();
    if (!*whole) continue;
    auto job = job_now(ended.job_id);
    if (!job) return std::move(job).error();
    Gathered& gathered = answer_.gathered.emplace_back(**std::move(whole));
    gathered.slot.job = *(*job)->name;
    count_end(ended.job_id, gathered.ends.end, now_);
    ++freed_[ended.job_id];
  }
  return {};
}

Result<bool> Settling::requeue(const Permit& permit, JobId job, std::string_view phase,
                               std::optional<Instant> at, int uncounted, std::string_view reason) {
  return go_back(job, permit.slot_id, permit.fence,
                 {.phase = phase, .at = at, .uncounted = uncounted, .reason = reason});
}

Result<bool> Settling::go_back(JobId job, std::int64_t slot_id, std::int64_t fence,
                               const Back& back) {
  struct Lease {
    Instant available_at;
    std::int64_t attempt, vanished;
    std::string cursor;
    std::int64_t done;
  };
  auto lease = first_row(sql_, text::take_back, {job, slot_id, fence}, [](const sql::Rows& row) {
    return Lease{row.instant(0), row.integer(1), row.integer(2), std::string(row.text(3)),
                 row.integer(4)};
  });
  if (!lease) return std::move(lease).error();
  if (!*lease) return false;
  const Lease& held = **lease;
  auto moved = sql_.exec(
      text::go_back, {slot_id, back.phase, back.at.value_or(held.available_at),
                      held.attempt - back.uncounted, fence, held.vanished + (back.vanished ? 1 : 0),
                      std::string_view(held.cursor), held.done, back.reason});
  if (!moved) return std::move(moved).error();
  if (back.phase == "later" && !back.at) tell_ = true;
  return true;
}

Result<> Settling::write_attempt(const Ending& ending, std::optional<End> end) {
  const Permit& permit = *ending.permit;
  const std::string_view execution = attempts_.keep(permit.execution.text());
  const std::string_view tally =
      ending.tally.empty() ? std::string_view("{}") : attempts_.keep(to_json(ending.tally));
  if (auto kept = keep_details(ending, execution); !kept) return kept;
  return attempts_.add({permit.slot_id, permit.fence, or_null(end), std::int64_t{permit.attempt},
                        execution, lasting_.node.id, ending.started_at, ending.ended_at,
                        std::string_view(ending.outcome), std::string_view(ending.error), tally,
                        ending.set_aside_total, permit.slot.scheduled_for});
}

Result<> Settling::keep_details(const Ending& ending, std::string_view execution) {
  std::int64_t number = 0;
  for (const SetAside& aside : ending.set_aside) {
    auto kept = sql_.post(text::set_aside, {execution, ++number, aside.record,
                                            to_string(aside.why.code()), aside.why.message()});
    if (!kept) return kept;
  }
  return keep_log(ending, execution);
}

Result<> Settling::keep_log(const Ending& ending, std::string_view execution) {
  if (ending.log_was_shown)
    if (auto done = sql_.post(stmt::log_tail::forget, {execution}); !done) return done;
  if (ending.log.empty()) return {};
  return sql_.post(text::keep_log,
                   {execution, std::string_view(ending.log.text), ending.log.dropped});
}

void Settling::count_end(JobId job, End end, Instant at) {
  if (end == End::cancelled) return;
  Streak& streak = streaks_[job];
  if (end == End::failed || end == End::timed_out) {
    ++streak.failures;
    streak.last = at;
  } else {
    streak = {.broken = true, .failures = 0, .last = {}};
  }
}

Result<> Settling::write_streaks() {
  if (streaks_.empty()) return {};
  if (auto read = read_troubles(); !read) return read;
  for (const auto& [job, streak] : streaks_) {
    const std::int64_t failures = streak.failures;
    const auto known = troubles_.find(job);
    const bool failing = known != troubles_.end() && known->second.failures_in_a_row > 0;
    if (failures == 0 && !failing) continue;
    auto done = failures == 0   ? sql_.exec(text::forget_failures, {job})
                : streak.broken ? sql_.exec(text::begin_failures, {job, failures, streak.last})
                                : sql_.exec(text::count_failures, {job, failures, streak.last});
    if (!done) return std::move(done).error();
    troubles_are_read_ = false;
  }
  streaks_.clear();
  return {};
}

// ---------------------------------------------------------------- entries

Result<> Settling::hear_of_changes(sql::Rows& answer) {
  return each_row(answer,
                  [this](const sql::Rows& row) { rescheduled_[row.integer(0)] = row.integer(1); });
}

Result<bool> Settling::has_heard(const std::string& name, std::int64_t rescheduled) {
  if (rescheduled_.empty()) return true;
  auto job = lasting_.names.id_of(sql_, name);
  if (!job) return std::move(job).error();
  const auto newest = rescheduled_.find(*job);
  return newest == rescheduled_.end() || newest->second <= rescheduled;
}

Result<bool> Settling::is_wanted(const Entry& entry) {
  return entry.rescheduled ? has_heard(entry.slot.job, *entry.rescheduled) : true;
}

Result<> Settling::enter_slots() {
  if (lasting_.at_once && act_.entries.size() > 1) return enter_at_once();
  for (const Entry& entry : act_.entries)
    if (auto done = enter(entry); !done)
      return std::move(done).error().within("enter a slot of " + entry.slot.job);
  return {};
}

Result<> Settling::enter(const Entry& entry) {
  auto wanted = is_wanted(entry);
  if (!wanted) return std::move(wanted).error();
  if (!*wanted) return {};
  auto job = lasting_.names.known(sql_, entry.slot.job);
  if (!job) return std::move(job).error();
  auto entered = enter_slot(sql_, job->id, job->line, entry, now_);
  if (!entered) return std::move(entered).error();
  if (*entered && !entry.ended && entry.available_at > now_) tell_ = true;
  return {};
}

Result<> Settling::move_cursors() {
  if (lasting_.at_once && act_.cursors.size() > 1) return move_cursors_at_once();
  for (const CursorMove& move : act_.cursors) {
    auto heard = has_heard(move.job, move.rescheduled);
    if (!heard) return std::move(heard).error().within("move a cursor");
    if (!*heard) continue;
    auto job = lasting_.names.id_of(sql_, move.job);
    if (!job) return std::move(job).error().within("move a cursor");
    auto moved = sql_.exec(text::move_cursor, {*job, move.entered_until});
    if (!moved) return std::move(moved).error().within("move the cursor of " + move.job);
    if (auto done = reschedule(move, *job); !done) return done;
  }
  return {};
}

Result<> Settling::reschedule(const CursorMove& move, JobId job) {
  if (!move.schedule) return {};
  auto done = sql_.post(text::reschedule, {job, *move.schedule});
  if (done) done = sql_.post(text::note_schedule, {job, move.entered_until, *move.schedule});
  return done ? Result<>() : std::move(done).error().within("reschedule " + move.job);
}

// ---------------------------------------------------------------- leases

Result<> Settling::renew_leases() {
  for (const auto& permit : act_.renewals) {
    auto job = lasting_.names.id_of(sql_, permit->slot.job);
    if (!job) return std::move(job).error().within("renew leases");
    auto renewed =
        sql_.exec(text::renew, {*job, permit->slot_id, permit->fence, now_ + permit->lease});
    if (!renewed) return std::move(renewed).error().within("renew leases");
    if (*renewed == 0)
      answer_.lost.push_back(permit->execution);
    else
      renewed_.emplace_back(permit.get(), trusted_until(act_.asked, permit->lease));
  }
  return {};
}

void Settling::trust_the_renewed() {
  for (const auto& [permit, until] : renewed_) permit->renewed(until);
}

}  // namespace hotclock::ledger
