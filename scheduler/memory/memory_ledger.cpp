#include "scheduler/memory/memory_ledger.h"

#include <algorithm>

namespace hotclock {
namespace {

// While everything is switched off a partition is looked at again this often.
constexpr Duration between_looks = std::chrono::seconds{5};

}  // namespace

Result<std::vector<JobRow>> MemoryLedger::enrol(const std::vector<JobRow>& rows) {
  Lock lock(m_);
  std::vector<JobRow> stood;
  for (const JobRow& row : rows) {
    const auto [found, is_new] = jobs_.try_emplace(row.job);
    JobRow& known = found->second.row;
    if (is_new) known = row;
    stood.push_back(known);
    known.queue = row.queue;
    found->second.line = &line_of(row.queue);
  }
  return stood;
}

Result<Settled> MemoryLedger::settle(const Settlement& act, const PolicyOf& policy_of) {
  Lock lock(m_);
  Settled answer;
  for (const Ending& ending : act.endings) record(ending, act.now, answer);
  for (const Entry& entry : act.entries)
    if (!entry.rescheduled || has_heard(entry.slot.job, *entry.rescheduled))
      enter_locked(entry, act.now);
  for (const CursorMove& move : act.cursors) {
    if (!has_heard(move.job, move.rescheduled)) continue;
    JobRow& job = jobs_[move.job].row;
    job.entered_until = std::max(job.entered_until, move.entered_until);
    if (move.schedule) job.schedule = *move.schedule;
  }
  renew(act, answer);
  if (act.look_for_lost) take_lost(act, policy_of, answer);
  claim(act, policy_of, answer);
  return answer;
}

// ---------------------------------------------------------------- entering

std::int64_t MemoryLedger::enter(const Entry& entry, Instant now) {
  Lock lock(m_);
  return enter_locked(entry, now);
}

MemoryLedger::Line& MemoryLedger::line_of(const std::string& queue) {
  Line& line = lines_[queue];
  line.queue = queue;
  return line;
}

std::int64_t MemoryLedger::enter_locked(const Entry& entry, Instant now) {
  JobEntry& job = jobs_[entry.slot.job];
  if (job.line == nullptr) job.line = &line_of({});
  const auto [found, is_new] =
      job.entered.try_emplace({entry.slot.scheduled_for, entry.slot.key}, last_id_ + 1);
  if (!is_new) return found->second;
  Kept& row = slots_[++last_id_];
  row.id = last_id_;
  row.of = &job;
  row.line = job.line;
  row.slot = entry.slot;
  row.token = entry.token;
  row.entered_at = now;
  row.rank = claim_rank(entry.available_at, entry.priority);
  row.reason = entry.reason;
  row.available_at = entry.available_at;
  if (entry.ended)
    end(row, *entry.ended, entry.reason);
  else if (entry.available_at <= now)
    row.line->due.emplace(row.rank, row.id);
  else
    make_due(row, entry.available_at);
  return last_id_;
}

void MemoryLedger::make_due(Kept& row, Instant available_at) {
  row.state = State::due;
  row.available_at = available_at;
  later_.emplace(available_at, row.id);
}

// ---------------------------------------------------------------- endings

bool MemoryLedger::ours(const Kept* row, const Permit& permit) const {
  return row && row->state == State::running && row->partitions_open == 0 &&
         row->fence == permit.fence;
}

MemoryLedger::Kept* MemoryLedger::find(std::int64_t id) {
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : &found->second;
}

void MemoryLedger::record(const Ending& ending, Instant now, Settled& answer) {
  Kept* row = find(ending.permit->slot_id);
  if (!ours(row, *ending.permit)) {
    answer.lost.push_back(ending.permit->execution);
    return;
  }
  if (const auto* parts = std::get_if<Divides>(&ending.follow)) return divide(*row, *parts, now);
  if (keeps_ended_)
    attempts_.push_back({ending.permit->execution, row->id, ending.outcome, ending.error,
                         ending.tally, ending.set_aside_total, ending.log});
  leave_running(*row);
  follow(*row, ending, now, answer);
}

void MemoryLedger::count_end(JobEntry& job, End how, Instant at) {
  if (how == End::failed || how == End::timed_out) {
    ++job.failures_in_a_row;
    job.last_failure = at;
  } else if (how != End::cancelled) {
    job.failures_in_a_row = 0;
  }
}

void MemoryLedger::follow(Kept& row, const Ending& ending, Instant now, Settled& answer) {
  if (const auto* ends = std::get_if<Ends>(&ending.follow)) {
    if (row.partition_of)
      return end_partition(row, {row.slot.key, ends->end, ending.error, ending.tally,
                                 ending.set_aside_total}, now, answer);
    count_end(*row.of, ends->end, ending.ended_at);
    end(row, ends->end, ending.error);
  } else if (const auto* again = std::get_if<TriesAgain>(&ending.follow)) {
    make_due(row, again->at);
  } else if (std::holds_alternative<GoesBack>(ending.follow)) {
    --row.attempt;
    make_due(row, row.available_at);
  } else {
    row.state = State::unknown;
    row.reason = ending.error;
  }
}

void MemoryLedger::end(Kept& row, End how, std::string reason) {
  row.state = State::ended;
  row.end = how;
  row.reason = std::move(reason);
  if (keeps_ended_) return;
  row.of->entered.erase({row.slot.scheduled_for, row.slot.key});
  slots_.erase(row.id);
}

void MemoryLedger::leave_running(Kept& row) {
  if (running_.erase(row.id) > 0) --row.line->running;
  row.cancel_requested_by.clear();
  if (row.partition_of) return;
  JobEntry& job = *row.of;
  --job.running;
  call_waiting(job);
}

// Room has come free for one that waits; or one that was called before has ended without running.
void MemoryLedger::call_waiting(JobEntry& job) {
  if (job.waiting.empty()) return;
  const auto first = *job.waiting.begin();
  job.waiting.erase(job.waiting.begin());
  Kept& waiting = *find(first.second);
  make_due(waiting, waiting.available_at);
}

// ---------------------------------------------------------------- partitions

void MemoryLedger::divide(Kept& row, const Divides& parts, Instant now) {
  running_.erase(row.id);
  --row.line->running;
  row.of->divided.insert(row.id);
  for (const std::string& cursor : parts.cursors) {
    Slot slot = row.slot;
    slot.key = partition_key(row.slot.key, row.partitions.size() + 1);
    const Entry entry{.slot = std::move(slot), .available_at = now};
    Kept& partition = *find(enter_locked(entry, now));
    partition.line->due.erase({partition.rank, partition.id});
    partition.rank = row.rank;
    partition.line = row.line;
    partition.line->due.emplace(partition.rank, partition.id);
    partition.cursor = cursor;
    partition.partition_of = row.id;
    row.partitions.push_back(partition.id);
    ++row.partitions_open;
  }
}

void MemoryLedger::end_partition(Kept& row, EndedPartition ended, Instant now, Settled& answer) {
  Kept& whole = *find(*row.partition_of);
  const std::int64_t id = row.id;
  end(row, ended.end, ended.reason);
  whole.ended_partitions.emplace(id, std::move(ended));
  if (--whole.partitions_open == 0) gather(whole, now, answer);
}

void MemoryLedger::gather(Kept& whole, Instant now, Settled& answer) {
  PartitionEnds ends;
  for (const auto& [id, ended] : whole.ended_partitions)
    ends.add(ended.key, ended.end, ended.reason, ended.tally, ended.set_aside_total);
  JobEntry& job = *whole.of;
  job.divided.erase(whole.id);
  count_end(job, ends.end, now);
  if (keeps_ended_)
    attempts_.push_back({whole.execution,
                         whole.id,
                         std::string(to_string(ends.end)),
                         ends.reason,
                         ends.tally,
                         ends.set_aside_total,
                         {}});
  leave_running(whole);
  answer.gathered.push_back({whole.slot, whole.execution.text(), whole.started_at, now, ends});
  end(whole, ends.end, ends.reason);
}

// What runs of it is asked to stop; the rest ends here.
void MemoryLedger::cancel_partitions(Kept& whole, const std::string& by, Instant now) {
  Settled unheard;
  whole.cancel_requested_by = by;
  const std::vector<std::int64_t> partitions = whole.partitions;
  for (const std::int64_t id : partitions) {
    Kept* partition = find(id);
    if (!partition || partition->state == State::ended) continue;
    if (partition->state == State::running) {
      partition->cancel_requested_by = by;
      continue;
    }
    leave_line(*partition);
    end_partition(*partition, {partition->slot.key, End::cancelled, "cancelled by " + by, {}, 0},
                  now, unheard);
  }
}

// ---------------------------------------------------------------- leases

void MemoryLedger::renew(const Settlement& act, Settled& answer) {
  for (const auto& permit : act.renewals) {
    Kept* row = find(permit->slot_id);
    if (!ours(row, *permit)) {
      answer.lost.push_back(permit->execution);
      continue;
    }
    row->lease_until = act.now + permit->lease;
    permit->renewed(trusted_until(act.asked, permit->lease));
    if (!row->cancel_requested_by.empty()) answer.cancelled.push_back(row->execution);
  }
}

void MemoryLedger::take_lost(const Settlement& act, const PolicyOf& policy_of, Settled& answer) {
  const std::set<std::int64_t> running = running_;
  for (const std::int64_t id : running) {
    Kept& row = *find(id);
    const auto policy = policy_of(row.slot.job);
    if (row.lease_until > act.now || !policy) continue;
    const AfterLoss after = judge_loss(*policy, row.attempt);
    answer.taken.push_back({row.slot, row.execution.text(), {}, after});
    if (keeps_ended_)
      attempts_.push_back({row.execution, row.id, "lost", "its worker vanished", {}, 0, {}});
    leave_running(row);
    row.lost_before = true;
    ++row.fence;
    if (after == AfterLoss::again) {
      make_due(row, act.now);
    } else if (after == AfterLoss::unknown) {
      row.state = State::unknown;
    } else if (row.partition_of) {
      end_partition(row, {row.slot.key, End::failed, "its worker vanished each time", {}, 0},
                    act.now, answer);
    } else {
      count_end(*row.of, End::failed, act.now);
      end(row, End::failed, "its worker vanished each time");
    }
  }
}

// ---------------------------------------------------------------- claims

void MemoryLedger::ripen(Instant now) {
  for (; !later_.empty() && later_.begin()->first <= now; later_.erase(later_.begin())) {
    Kept& row = *find(later_.begin()->second);
    row.line->due.emplace(row.rank, row.id);
  }
}

// The lines in which anything is due, and the queues as they stand.
Turns MemoryLedger::turns_of(const Settlement& act, std::vector<Walk>& walks) {
  Turns turns = act.turns;
  for (auto& [name, line] : lines_) {
    if (line.due.empty()) continue;
    walks.push_back({&line, turns.find(name), line.due.begin()});
    turns.runs_everywhere(walks.back().queue, line.running);
  }
  return turns;
}

// Whether there is one that may be claimed; slots that this node does not know, and partitions for which it
// has no room, stay where they are.
bool MemoryLedger::find_head(Walk& walk, const Settlement& act, const Turns& turns, int partitions,
                             const PolicyOf& policy_of) {
  if (!turns.has_room(walk.queue)) return false;
  for (; walk.at != walk.line->due.end(); ++walk.at) {
    const Kept& row = *find(walk.at->second);
    const std::int64_t whole = row.partition_of.value_or(row.id);
    const bool meant = !act.only_slot || *act.only_slot == row.id || *act.only_slot == whole;
    const bool too_large = row.partition_of && (partitions >= act.room_for_partitions ||
                                                !turns.has_room_for_partition(walk.queue));
    if (meant && !walk.policy) walk.policy = policy_of(row.slot.job);
    if (meant && !too_large && walk.policy) return true;
    walk.policy.reset();
  }
  return false;
}

void MemoryLedger::claim(const Settlement& act, const PolicyOf& policy_of, Settled& answer) {
  ripen(act.now);
  std::vector<Walk> walks;
  Turns turns = turns_of(act, walks);
  int partitions = 0;
  while (static_cast<int>(answer.claims.size()) < act.room) {
    Walk* next = nullptr;
    for (Walk& walk : walks)
      if (find_head(walk, act, turns, partitions, policy_of) &&
          (!next || turns.goes_before(walk.queue, walk.at->first, next->queue, next->at->first)))
        next = &walk;
    if (!next) break;
    Kept& row = *find(next->at->second);
    next->at = next->line->due.erase(next->at);
    const std::size_t before = answer.claims.size();
    consider(row, *std::exchange(next->policy, nullptr), act, answer);
    if (answer.claims.size() == before) continue;
    const bool partition = answer.claims.back().permit->partition_of.has_value();
    turns.began(next->queue, partition);
    if (partition) ++partitions;
  }
  for (const auto& [id, by] : std::exchange(cancelled_, {})) {
    Kept& row = *find(id);
    end_partition(row, {row.slot.key, End::cancelled, "cancelled by " + by, {}, 0}, act.now, answer);
  }
  if (!later_.empty()) answer.next_available = later_.begin()->first;
}

void MemoryLedger::consider(Kept& row, const Policy& policy, const Settlement& act,
                            Settled& answer) {
  if (row.partition_of) {
    const std::string& by = find(*row.partition_of)->cancel_requested_by;
    if (by.empty() && all_off_) return make_due(row, act.now + between_looks);
    if (by.empty()) return admit(row, policy, act, answer);
    cancelled_.emplace_back(row.id, by);
    return;
  }
  JobEntry& job = *row.of;
  const JobFacts facts{job.pause, job.running,
                       job.running > 0 ? job.running_execution.text() : std::string(),
                       job.failures_in_a_row, job.last_failure, all_off_ ? all_off_ : job.off};
  const Verdict verdict = judge(
      policy, facts, {row.slot, row.entered_at, row.attempt, not_allowed(row)}, act.now);
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    answer.refusals.push_back({row.slot, *refusal});
    call_waiting(job);
    end(row, End::refused, to_words(*refusal));
  } else if (const auto* later = std::get_if<Postpone>(&verdict)) {
    row.reason = later->why;
    make_due(row, later->until);
  } else if (const auto* wait = std::get_if<Wait>(&verdict)) {
    row.state = State::waiting;
    job.waiting.emplace(row.rank, row.id);
    if (!wait->cancel_running) return;
    const std::string next = "the next slot of its job";
    for (const std::int64_t other : job.divided) find(other)->cancel_requested_by = next;
    for (const std::int64_t other : running_) {
      Kept& running = *find(other);
      if (running.of != row.of) continue;
      running.cancel_requested_by = next;
      answer.cancelled.push_back(running.execution);
    }
  } else {
    admit(row, policy, act, answer);
  }
}

std::optional<NotAllowed> MemoryLedger::not_allowed(const Kept& row) const {
  const auto found = row.token ? disallowed_.find(*row.token) : disallowed_.end();
  return found == disallowed_.end() ? std::nullopt : std::optional(found->second);
}

void MemoryLedger::admit(Kept& row, const Policy& policy, const Settlement& act,
                         Settled& answer) {
  row.state = State::running;
  row.execution = uuids_.next(act.now);
  row.lease_until = act.now + policy.lease;
  ++row.fence;
  ++row.attempt;
  row.started_at = act.now;
  running_.insert(row.id);
  ++row.line->running;
  if (!row.partition_of) {
    ++row.of->running;
    row.of->running_execution = row.execution;
  }
  auto permit = std::make_shared<Permit>(row.slot, row.id, row.execution, row.fence, row.attempt,
                                         trusted_until(act.asked, policy.lease), row.partition_of,
                                         policy.lease);
  answer.claims.push_back(
      {std::move(permit), row.cursor, row.available_at, row.lost_before, row.line->queue});
}

// ---------------------------------------------------------------- control

void MemoryLedger::pause(const std::string& job, Pause pause) {
  Lock lock(m_);
  jobs_[job].pause = std::move(pause);
}

void MemoryLedger::resume(const std::string& job) {
  Lock lock(m_);
  jobs_[job].pause.reset();
}

void MemoryLedger::switch_off(const std::string& job, const std::string& by,
                              const std::string& reason) {
  Lock lock(m_);
  (job.empty() ? all_off_ : jobs_[job].off) = SwitchedOff{by, reason, job.empty()};
}

void MemoryLedger::switch_on(const std::string& job) {
  Lock lock(m_);
  (job.empty() ? all_off_ : jobs_[job].off).reset();
}

std::int64_t MemoryLedger::reschedule(const std::string& job) {
  Lock lock(m_);
  return ++jobs_[job].rescheduled;
}

bool MemoryLedger::has_heard(const std::string& job, std::int64_t rescheduled) const {
  const auto known = jobs_.find(job);
  return known == jobs_.end() || rescheduled >= known->second.rescheduled;
}

void MemoryLedger::disallow(std::int64_t token, NotAllowed why) {
  Lock lock(m_);
  disallowed_.insert_or_assign(token, std::move(why));
}

// It may stand in any of these, or in none.
void MemoryLedger::leave_line(const Kept& row) {
  row.line->due.erase({row.rank, row.id});
  later_.erase({row.available_at, row.id});
  row.of->waiting.erase({row.rank, row.id});
}

Result<> MemoryLedger::request_cancel(std::int64_t slot_id, const std::string& by, Instant now) {
  Lock lock(m_);
  Kept* row = find(slot_id);
  if (!row) return Error(Errc::not_found, "there is no slot " + std::to_string(slot_id));
  if (row->state == State::ended) return Error(Errc::conflict, "the slot has ended already");
  if (row->partitions_open > 0) {
    cancel_partitions(*row, by, now);
    return {};
  }
  if (row->state == State::running) {
    row->cancel_requested_by = by;
    return {};
  }
  leave_line(*row);
  const std::string reason = "cancelled by " + by;
  if (row->partition_of) {
    Settled unheard;
    end_partition(*row, {row->slot.key, End::cancelled, reason, {}, 0}, now, unheard);
    return {};
  }
  call_waiting(*row->of);
  end(*row, End::cancelled, reason);
  return {};
}

Result<> MemoryLedger::move_cursor(const Permit& permit, std::string cursor) {
  Lock lock(m_);
  Kept* row = find(permit.slot_id);
  if (!ours(row, permit)) return Error(Errc::lease_lost, "the slot is no longer ours");
  row->cursor = std::move(cursor);
  return {};
}

std::vector<MemoryLedger::SlotRow> MemoryLedger::slots() const {
  Lock lock(m_);
  std::vector<SlotRow> rows;
  for (const auto& [id, row] : slots_) rows.push_back(row);
  return rows;
}

std::vector<MemoryLedger::AttemptRow> MemoryLedger::attempts() const {
  Lock lock(m_);
  return attempts_;
}

std::optional<JobRow> MemoryLedger::job(const std::string& name) const {
  Lock lock(m_);
  const auto found = jobs_.find(name);
  return found == jobs_.end() ? std::nullopt : std::optional(found->second.row);
}

}  // namespace hotclock
