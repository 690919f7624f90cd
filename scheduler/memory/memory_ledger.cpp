#include "scheduler/memory/memory_ledger.h"

#include <algorithm>

namespace hotclock {

Result<std::vector<JobRow>> MemoryLedger::enrol(const std::vector<JobRow>& rows) {
  Lock lock(m_);
  std::vector<JobRow> stood;
  for (const JobRow& row : rows) {
    const auto [found, is_new] = jobs_.try_emplace(row.job);
    JobRow& known = found->second.row;
    if (is_new) known = row;
    stood.push_back(known);
    known.schedule = row.schedule;
  }
  return stood;
}

Result<Settled> MemoryLedger::settle(const Settlement& act, const PolicyOf& policy_of) {
  Lock lock(m_);
  Settled answer;
  for (const Ending& ending : act.endings) record(ending, answer);
  for (const Entry& entry : act.entries) enter_locked(entry, act.now);
  for (const CursorMove& move : act.cursors) {
    JobRow& job = jobs_[move.job].row;
    job.entered_until = std::max(job.entered_until, move.entered_until);
  }
  renew(act, policy_of, answer);
  if (act.look_for_lost) take_lost(act, policy_of, answer);
  claim(act, policy_of, answer);
  return answer;
}

// ---------------------------------------------------------------- entering

std::int64_t MemoryLedger::enter(const Entry& entry, Instant now) {
  Lock lock(m_);
  return enter_locked(entry, now);
}

std::int64_t MemoryLedger::enter_locked(const Entry& entry, Instant now) {
  JobEntry& job = jobs_[entry.slot.job];
  const auto [found, is_new] =
      job.entered.try_emplace({entry.slot.scheduled_for, entry.slot.key}, last_id_ + 1);
  if (!is_new) return found->second;
  Kept& row = slots_[++last_id_];
  row.id = last_id_;
  row.of = &job;
  row.slot = entry.slot;
  row.entered_at = now;
  row.rank = claim_rank(entry.available_at, entry.priority);
  row.reason = entry.reason;
  row.available_at = entry.available_at;
  if (entry.ended)
    end(row, *entry.ended, entry.reason);
  else if (entry.available_at <= now)
    due_.emplace(row.rank, row.id);
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
  return row && row->state == State::running && row->fence == permit.fence;
}

MemoryLedger::Kept* MemoryLedger::find(std::int64_t id) {
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : &found->second;
}

void MemoryLedger::record(const Ending& ending, Settled& answer) {
  Kept* row = find(ending.permit->slot_id);
  if (!ours(row, *ending.permit)) {
    answer.lost.push_back(ending.permit->execution);
    return;
  }
  if (keeps_ended_)
    attempts_.push_back({ending.permit->execution, row->id, ending.outcome, ending.error,
                         ending.tally, ending.set_aside_total});
  leave_running(*row);
  follow(*row, ending);
}

void MemoryLedger::follow(Kept& row, const Ending& ending) {
  if (const auto* ends = std::get_if<Ends>(&ending.follow)) {
    JobEntry& job = *row.of;
    if (ends->end == End::failed || ends->end == End::timed_out) {
      ++job.failures_in_a_row;
      job.last_failure = ending.ended_at;
    } else if (ends->end != End::cancelled) {
      job.failures_in_a_row = 0;
    }
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
  running_.erase(row.id);
  row.cancel_requested_by.clear();
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

// ---------------------------------------------------------------- leases

void MemoryLedger::renew(const Settlement& act, const PolicyOf& policy_of, Settled& answer) {
  for (const auto& permit : act.renewals) {
    Kept* row = find(permit->slot_id);
    const auto policy = policy_of(permit->slot.job);
    if (!ours(row, *permit) || !policy) {
      answer.lost.push_back(permit->execution);
      continue;
    }
    row->lease_until = act.now + policy->lease;
    permit->renewed(trusted_until(act.asked, policy->lease));
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
      attempts_.push_back({row.execution, row.id, "lost", "its worker vanished", {}, 0});
    leave_running(row);
    row.lost_before = true;
    ++row.fence;
    if (after == AfterLoss::again) {
      make_due(row, act.now);
    } else if (after == AfterLoss::unknown) {
      row.state = State::unknown;
    } else {
      JobEntry& job = *row.of;
      ++job.failures_in_a_row;
      job.last_failure = act.now;
      end(row, End::failed, "its worker vanished each time");
    }
  }
}

// ---------------------------------------------------------------- claims

void MemoryLedger::claim(const Settlement& act, const PolicyOf& policy_of, Settled& answer) {
  answer.claims.reserve(std::min(due_.size(), static_cast<std::size_t>(std::max(act.room, 0))));
  for (; !later_.empty() && later_.begin()->first <= act.now; later_.erase(later_.begin())) {
    const std::int64_t id = later_.begin()->second;
    due_.emplace(find(id)->rank, id);
  }
  for (auto at = due_.begin();
       at != due_.end() && static_cast<int>(answer.claims.size()) < act.room;) {
    Kept& row = *find(at->second);
    const auto policy = policy_of(row.slot.job);
    if (!policy || (act.only_slot && *act.only_slot != row.id)) {
      ++at;
      continue;
    }
    at = due_.erase(at);
    consider(row, *policy, act, answer);
  }
  if (!later_.empty()) answer.next_available = later_.begin()->first;
}

void MemoryLedger::consider(Kept& row, const Policy& policy, const Settlement& act,
                            Settled& answer) {
  JobEntry& job = *row.of;
  const JobFacts facts{job.pause, job.running,
                       job.running > 0 ? job.running_execution.text() : std::string(),
                       job.failures_in_a_row, job.last_failure};
  const Verdict verdict = judge(policy, facts, {row.slot, row.entered_at, row.attempt}, act.now);
  if (const auto* refusal = std::get_if<Refusal>(&verdict)) {
    answer.refusals.push_back({row.slot, *refusal});
    call_waiting(job);
    end(row, End::refused, to_words(*refusal));
  } else if (const auto* wait = std::get_if<Wait>(&verdict)) {
    row.state = State::waiting;
    job.waiting.emplace(row.rank, row.id);
    if (!wait->cancel_running) return;
    for (const std::int64_t other : running_)
      if (find(other)->of == row.of) answer.cancelled.push_back(find(other)->execution);
  } else {
    admit(row, policy, act, answer);
  }
}

void MemoryLedger::admit(Kept& row, const Policy& policy, const Settlement& act,
                         Settled& answer) {
  row.state = State::running;
  row.execution = uuids_.next(act.now);
  row.lease_until = act.now + policy.lease;
  ++row.fence;
  ++row.attempt;
  running_.insert(row.id);
  JobEntry& job = *row.of;
  ++job.running;
  job.running_execution = row.execution;
  auto permit = std::make_shared<Permit>(row.slot, row.id, row.execution, row.fence, row.attempt,
                                         trusted_until(act.asked, policy.lease));
  answer.claims.push_back({std::move(permit), row.cursor, row.available_at, row.lost_before});
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

Result<> MemoryLedger::request_cancel(std::int64_t slot_id, const std::string& by) {
  Lock lock(m_);
  Kept* row = find(slot_id);
  if (!row) return Error(Errc::not_found, "there is no slot " + std::to_string(slot_id));
  if (row->state == State::ended) return Error(Errc::conflict, "the slot has ended already");
  if (row->state == State::running) {
    row->cancel_requested_by = by;
    return {};
  }
  due_.erase({row->rank, row->id});
  later_.erase({row->available_at, row->id});
  JobEntry& job = *row->of;
  job.waiting.erase({row->rank, row->id});
  call_waiting(job);
  end(*row, End::cancelled, "cancelled by " + by);
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
