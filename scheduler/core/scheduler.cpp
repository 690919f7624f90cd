#include "scheduler/core/scheduler.h"

#include <algorithm>
#include <limits>

#include "scheduler/core/jitter.h"
#include "scheduler/core/judgement.h"
#include "scheduler/core/stored_schedule.h"

namespace hotclock {
namespace {

constexpr Duration step_worth_telling = std::chrono::seconds{1};
constexpr Duration first_retry = std::chrono::milliseconds{100};
constexpr Duration longest_retry = std::chrono::seconds{10};
// One act stays small enough to commit in some tens of milliseconds; the next follows at once.
constexpr std::size_t entries_per_act = 1000;
// How long an ending may wait to be recorded together with others.
constexpr Duration longest_gathering = std::chrono::milliseconds{2};
// A job that asks to be woken again and again is woken this often at most.
constexpr Duration between_early_slots = std::chrono::seconds{1};

void wait_for_maintenance(Entry& entry, const Policy& policy) {
  const auto held = held_up(policy.maintenance, entry.available_at);
  if (!held) return;
  entry.available_at = held->until;
  entry.reason = to_words(*held);
}

Duration elapsed(Steady from, Steady to) { return std::chrono::duration_cast<Duration>(to - from); }

// By the numbers that the queues have among their turns.
std::vector<int> kept_workers(const SchedulerSettings& settings) {
  Turns turns(settings.queues, settings.workers);
  std::vector<int> kept;
  for (const QueueRule& rule : settings.queues) {
    const Turns::Queue queue = turns.find(rule.name);
    kept.resize(std::max(kept.size(), queue + 1));
    kept[queue] = settings.workers > 1 ? rule.reserved : 0;
  }
  return kept;
}

}  // namespace

Scheduler::Scheduler(Clock& clock, Ledger& ledger, Observer& observer, SchedulerSettings settings)
    : clock_(clock),
      ledger_(ledger),
      observer_(observer),
      settings_(settings),
      turns_(settings.queues, settings.workers),
      next_lost_look_(clock.now()),
      last_wall_(clock.now()),
      last_steady_(clock.steady()),
      runner_(
          settings.workers, clock,
          [this](const Execution& execution) {
            const Instant due = std::max(execution.slot().scheduled_for, execution.available_at);
            observer_.on(Started{execution.permit, clock_.now() - due});
          },
          [this] { stir(); }, kept_workers(settings)) {}

Scheduler::~Scheduler() { stop(Duration::zero()); }

// ---------------------------------------------------------------- from any thread

Result<> Scheduler::add(std::vector<JobSpec> jobs) {
  {
    Lock lock(m_);
    std::unordered_map<std::string_view, int> arriving;
    for (const JobSpec& job : jobs)
      if (by_name_.contains(job.name) || ++arriving[job.name] > 1)
        return Error(Errc::conflict, "there is a job named " + job.name + " already");
    for (JobSpec& job : jobs) arrive(std::move(job));
  }
  stir();
  return {};
}

void Scheduler::arrive(JobSpec job) {
  Row row = static_cast<Row>(jobs_.size());
  if (free_rows_.empty()) {
    jobs_.emplace_back();
  } else {
    row = free_rows_.back();
    free_rows_.pop_back();
  }
  jobs_[row] = {std::move(job.name), std::move(job.job), std::move(job.policy), job.rescheduled};
  by_name_.emplace(jobs_[row].name, row);
  arrivals_.push_back({row, std::move(job.schedule)});
}

Result<> Scheduler::replace(std::vector<JobSpec> jobs) {
  {
    Lock lock(m_);
    for (const JobSpec& job : jobs)
      if (!by_name_.contains(job.name))
        return Error(Errc::not_found, "there is no job named " + job.name);
    for (JobSpec& job : jobs) {
      depart(job.name);
      arrive(std::move(job));
    }
  }
  stir();
  return {};
}

void Scheduler::put(std::vector<JobSpec> jobs, const std::vector<std::string>& gone) {
  {
    Lock lock(m_);
    for (const std::string& name : gone) depart(name);
    for (JobSpec& job : jobs) {
      depart(job.name);
      arrive(std::move(job));
    }
  }
  stir();
}

// Nothing where it is not there.
void Scheduler::depart(const std::string& job) {
  const auto found = by_name_.find(job);
  if (found == by_name_.end()) return;
  departures_.push_back(found->second);
  by_name_.erase(found);
}

Result<> Scheduler::remove(const std::string& name) {
  {
    Lock lock(m_);
    if (!by_name_.contains(name)) return Error(Errc::not_found, "there is no job named " + name);
    depart(name);
  }
  stir();
  return {};
}

void Scheduler::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
}

bool Scheduler::stop(Duration grace) {
  {
    Lock lock(m_);
    draining_ = true;
    for (auto& [id, running] : in_flight_) running.permit->request_stop(StopReason::drain);
  }
  const Steady give_up_at = clock_.steady() + grace;
  if (thread_.joinable()) {
    thread_.request_stop();
    stir();
    thread_.join();
  }
  for (;;) {
    turn();
    if (running().empty() && pending_.endings.empty()) return true;
    const Duration left = elapsed(clock_.steady(), give_up_at);
    if (left <= Duration::zero()) return false;
    nap(clock_.now() + std::min<Duration>(left, std::chrono::milliseconds{50}));
  }
}

void Scheduler::hold(bool held) {
  {
    Lock lock(m_);
    if (held_ == held) return;
    held_ = held;
    news_ = news_ || !held;
  }
  stir();
}

void Scheduler::wake() {
  {
    Lock lock(m_);
    news_ = true;
  }
  stir();
}

std::vector<std::shared_ptr<const Permit>> Scheduler::running() const {
  Lock lock(m_);
  std::vector<std::shared_ptr<const Permit>> permits;
  for (const auto& [id, running] : in_flight_) permits.push_back(running.permit);
  return permits;
}

const Scheduler::Known& Scheduler::known(Row row) const {
  Lock lock(m_);
  return jobs_[row];
}

std::optional<Scheduler::Row> Scheduler::row_of(const std::string& job) const {
  Lock lock(m_);
  const auto found = by_name_.find(job);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

// ---------------------------------------------------------------- the loop

void Scheduler::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    Instant next = turn();
    if (settings_.turned) settings_.turned();
    if (settings_.longest_nap > Duration::zero())
      next = std::min(next, clock_.now() + settings_.longest_nap);
    nap(next);
    let_endings_gather();
  }
}

// While much work waits for a worker nothing new could begin anyway, and one act that records many
// endings costs far less than many acts. The runner stirs before its workers run dry.
void Scheduler::let_endings_gather() {
  {
    Lock lock(m_);
    stirred_ = false;
  }
  if (runner_.has_backlog()) nap(clock_.now() + longest_gathering);
}

void Scheduler::nap(Instant until) {
  std::stop_source nap;
  {
    Lock lock(m_);
    if (stirred_) return;
    nap_ = nap;
  }
  clock_.sleep_until(until, nap.get_token());
}

// Ends a nap, or keeps the next one from beginning.
void Scheduler::stir() {
  std::stop_source nap(std::nostopstate);
  {
    Lock lock(m_);
    stirred_ = true;
    std::swap(nap, nap_);
  }
  nap.request_stop();
}

Instant Scheduler::turn() {
  const bool news = hear_news();
  look_at_the_clock();
  see_off_departures();
  welcome_arrivals();
  collect_finished();
  // What somebody asked for begins before the jobs are asked, which takes a query each.
  if (news && !wakers_.empty()) settle();
  ask_wakers();
  list_due_slots();
  settle();
  stop_the_overdue();
  return next_turn();
}

bool Scheduler::hear_news() {
  Lock lock(m_);
  stirred_ = false;
  if (!std::exchange(news_, false)) return false;
  look_ = true;
  for (Waker& waker : wakers_) waker.ask = true;
  return true;
}

void Scheduler::look_at_the_clock() {
  const Instant wall = clock_.now();
  const Steady steady = clock_.steady();
  const Duration step = (wall - last_wall_) - elapsed(last_steady_, steady);
  last_wall_ = wall;
  last_steady_ = steady;
  if (step >= step_worth_telling || step <= -step_worth_telling) observer_.on(ClockStepped{step});
}

// ---------------------------------------------------------------- jobs come and go

void Scheduler::welcome_arrivals() {
  std::vector<Arrival> arrivals;
  {
    Lock lock(m_);
    if (draining_ || clock_.now() < retry_settling_at_) return;
    arrivals = std::exchange(arrivals_, {});
  }
  if (arrivals.empty()) return;
  const Instant now = clock_.now();
  std::vector<JobRow> rows;
  for (const Arrival& arrival : arrivals)
    rows.push_back({known(arrival.row).name, stored_form(arrival.schedule), now,
                    known(arrival.row).policy->queue});
  auto stood = ledger_.enrol(rows);
  if (!stood) {
    settle_failed(std::move(stood).error().within("enrol the jobs"), now);
    Lock lock(m_);
    std::move(arrivals.begin(), arrivals.end(), std::back_inserter(arrivals_));
    return;
  }
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    put_on_timetable(std::move(arrivals[i]), stood.value()[i], now);
  look_ = true;
}

void Scheduler::put_on_timetable(Arrival arrival, const JobRow& stood, Instant now) {
  const Known& job = known(arrival.row);
  if (!settings_.plans) return;
  Instant entered_until = stood.entered_until;
  if (std::string ours = stored_form(arrival.schedule); stood.schedule != ours) {
    catch_up_under(stood.schedule, arrival.row, entered_until, now);
    pending_.cursors.push_back({job.name, entered_until, job.rescheduled.version, std::move(ours)});
  }
  timetable_.add(arrival.row, std::move(arrival.schedule), job.policy->catch_up, entered_until);
  if (job.job->wakes_early()) wakers_.push_back({arrival.row, std::nullopt, {}});
}

// A changed schedule is never due in the past: until now the old one counted. Where it was changed live
// it counted until then, the same on all nodes.
void Scheduler::catch_up_under(const std::string& stored, Row row, Instant& entered_until,
                               Instant now) {
  const Known& job = known(row);
  const Rescheduled& live = job.rescheduled;
  const Instant until = live.version > 0 ? std::clamp(live.at, std::min(entered_until, now), now) : now;
  if (const auto old = read_stored(stored, job.name)) {
    for (;;) {
      auto slots = due_slots(*old, job.policy->catch_up, entered_until, until, entries_per_act);
      for (DueSlot& slot : slots) enter_slot(row, std::move(slot));
      if (slots.size() < entries_per_act) break;
    }
  }
  entered_until = std::max(entered_until, until);
}

void Scheduler::see_off_departures() {
  Lock lock(m_);
  for (const Row row : std::exchange(departures_, {})) {
    std::erase_if(arrivals_, [row](const Arrival& arrival) { return arrival.row == row; });
    std::erase_if(wakers_, [row](const Waker& waker) { return waker.row == row; });
    timetable_.remove(row);
    jobs_[row] = {};
    free_rows_.push_back(row);
  }
}

// ---------------------------------------------------------------- what the next act will carry

void Scheduler::collect_finished() {
  for (Finished& finished : runner_.take()) {
    const auto permit = finished.execution.permit;
    std::shared_ptr<const Policy> policy;
    {
      Lock lock(m_);
      const auto node = in_flight_.extract(permit->slot_id);
      if (node.empty()) continue;
      policy = node.mapped().policy;
      turns_.ended(node.mapped().queue, permit->partition_of.has_value());
      for (Waker& waker : wakers_) waker.ask = waker.ask || waker.row == node.mapped().row;
    }
    if (auto ending = judged(std::move(finished), *policy))
      pending_.endings.push_back(*std::move(ending));
    else
      observer_.on(LostLease{permit});
  }
}

void Scheduler::ask_wakers() {
  const Instant now = clock_.now();
  for (Waker& waker : wakers_) {
    if (waker.ask) {
      waker.ask = false;
      const Known& job = known(waker.row);
      const auto at = job.job->next_wake(now);
      if (!at) observer_.on(WakeFailed{job.name, at.error()});
      waker.at = at ? at.value() : std::nullopt;
    }
    if (waker.at && *waker.at <= now) enter_early(waker, now);
  }
}

// An instant that the schedule, or an earlier wake, has passed already cannot have a slot of its
// own any more: what is overdue is due now.
void Scheduler::enter_early(Waker& waker, Instant now) {
  // One slot at the end does for all that it would ask for until then.
  if (const auto held = held_up(known(waker.row).policy->maintenance, now)) {
    waker.at = held->until;
    return;
  }
  const Instant passed = std::max(timetable_.entered_until(waker.row), waker.last_entered);
  const bool overdue = *waker.at <= passed;
  if (overdue && now < waker.last_entered + between_early_slots) {
    waker.at = waker.last_entered + between_early_slots;
    return;
  }
  const Instant at = overdue ? std::max(now, passed + Duration{1}) : *waker.at;
  waker.at.reset();
  waker.last_entered = at;
  enter_slot(waker.row, {at, Trigger::early, at, false, {}});
}

void Scheduler::list_due_slots() {
  const bool behind = pending_.entries.size() >= entries_per_act;
  {
    Lock lock(m_);
    if (draining_ || behind) return;
  }
  auto due = timetable_.due(clock_.now(), entries_per_act);
  if (due.empty()) return;
  auto& cursors = pending_.cursors;
  cursors.reserve(cursors.size() + due.size());
  pending_.entries.reserve(pending_.entries.size() + due.size());
  for (auto& [row, slot] : due) {
    const Known& job = known(row);
    if (!cursors.empty() && cursors.back().job == job.name &&
        cursors.back().rescheduled == job.rescheduled.version)
      cursors.back().entered_until = slot.scheduled_for;
    else
      cursors.push_back({job.name, slot.scheduled_for, job.rescheduled.version});
    enter_slot(row, std::move(slot));
  }
}

void Scheduler::enter_slot(Row row, DueSlot slot) {
  const Known& job = known(row);
  Entry entry;
  entry.slot = {job.name, slot.scheduled_for, slot.trigger, {}};
  entry.available_at = slot.available_at;
  if (!slot.missed && slot.trigger != Trigger::early)
    entry.available_at += jitter_of(job.name, slot.scheduled_for, job.policy->jitter);
  if (slot.trigger != Trigger::early) entry.rescheduled = job.rescheduled.version;
  entry.priority = job.policy->priority;
  entry.reason = std::move(slot.reason);
  if (!slot.missed) wait_for_maintenance(entry, *job.policy);
  if (slot.missed) {
    entry.ended = End::missed;
    auto* span = missed_.empty() ? nullptr : &missed_.back();
    if (span && span->job == job.name && span->reason == entry.reason) {
      span->to = slot.scheduled_for;
      ++span->count;
    } else {
      missed_.push_back({job.name, slot.scheduled_for, slot.scheduled_for, 1, entry.reason});
    }
  }
  pending_.entries.push_back(std::move(entry));
  look_ = true;
}

// ---------------------------------------------------------------- the act

void Scheduler::settle() {
  const Instant now = clock_.now();
  const Steady asked = clock_.steady();
  if (failing_since_ && now < retry_settling_at_ && retry_settling_at_ - now <= longest_retry) return;
  if (next_available_ && *next_available_ <= now) look_ = true;
  Settlement act = this->act(now, asked);
  if (act.endings.empty() && act.entries.empty() && act.cursors.empty() && act.renewals.empty() &&
      !act.look_for_lost && !(look_ && act.room > 0))
    return;
  auto answer = ledger_.settle(act, [this](const std::string& job) {
    const auto row = row_of(job);
    return row ? known(*row).policy : nullptr;
  });
  if (!answer) {
    pending_ = std::move(act);
    settle_failed(answer.error(), now);
    return;
  }
  if (failing_since_) observer_.on(LedgerBack{now - *failing_since_});
  failing_since_.reset();
  retry_delay_ = Duration::zero();
  settled(std::move(act), std::move(answer).value());
}

Settlement Scheduler::act(Instant now, Steady asked) {
  Settlement act = std::exchange(pending_, {});
  act.now = now;
  act.asked = asked;
  act.room = room();
  act.room_for_partitions = room_for_partitions();
  act.only_slot = settings_.only_slot;
  act.turns = turns_;
  act.turns.free(fits());
  act.renewals.clear();
  if (settings_.look_for_lost > Duration::zero() && now >= next_lost_look_) act.look_for_lost = true;
  Lock lock(m_);
  if (asked < in_flight_due_) return act;
  for (auto& [id, running] : in_flight_)
    if (running.renew_at <= asked) act.renewals.push_back(running.permit);
  return act;
}

// Of what is claimed ahead never more than half by one act: the workers work one half while the ends of
// the other are recorded and the next is claimed.
int Scheduler::room() const {
  {
    Lock lock(m_);
    if (draining_ || held_) return 0;
  }
  const int workers = std::max(settings_.workers, 1);
  return std::min(fits(), std::max(workers, (workers + settings_.ahead) / 2));
}

// How many more executions may be in flight.
int Scheduler::fits() const {
  Lock lock(m_);
  const int at_once = std::max(settings_.workers, 1) + settings_.ahead;
  return std::max(0, at_once - static_cast<int>(in_flight_.size()));
}

// A divided slot is large: one worker is left to all that is small, so that it never waits for it.
int Scheduler::room_for_partitions() const {
  if (settings_.workers <= 1 || settings_.only_slot) return std::numeric_limits<int>::max();
  Lock lock(m_);
  const auto is_partition = [](const auto& running) {
    return running.second.permit->partition_of.has_value();
  };
  const auto taken = std::count_if(in_flight_.begin(), in_flight_.end(), is_partition);
  return std::max(0, settings_.workers - 1 - static_cast<int>(taken));
}

void Scheduler::settle_failed(const Error& why, Instant now) {
  if (!failing_since_) {
    failing_since_ = now;
    observer_.on(LedgerFailed{why});
  }
  retry_delay_ = std::clamp(retry_delay_ * 2, first_retry, longest_retry);
  retry_settling_at_ = now + retry_delay_;
}

void Scheduler::settled(Settlement act, Settled answer) {
  if (act.look_for_lost) next_lost_look_ = act.now + settings_.look_for_lost;
  next_available_ = answer.next_available;
  // Room that was used up may have left more behind it.
  look_ = act.room == 0 ? look_ : static_cast<int>(answer.claims.size()) == act.room;
  {
    Lock lock(m_);
    for (const auto& permit : act.renewals)
      if (const auto found = in_flight_.find(permit->slot_id); found != in_flight_.end())
        found->second.renew_at = act.asked + found->second.policy->lease / 3;
  }
  for (const Uuid& execution : answer.lost) cancel(execution, StopReason::lease_lost);
  for (const Uuid& execution : answer.cancelled) cancel(execution, StopReason::cancelled);
  for (const Ending& ending : act.endings) {
    if (std::find(answer.lost.begin(), answer.lost.end(), ending.permit->execution) ==
        answer.lost.end())
      observer_.on(Recorded{ending});
    else
      observer_.on(LostLease{ending.permit, true});
  }
  if (!act.endings.empty()) look_ = true;
  for (const Gathered& gathered : answer.gathered) observer_.on(GatheredSlot{gathered});
  for (const Taken& taken : answer.taken) observer_.on(TakenOver{taken});
  for (const Refused& refused : answer.refusals) observer_.on(RefusedSlot{refused});
  for (const MissedSlots& missed : std::exchange(missed_, {})) observer_.on(missed);
  begin(std::move(answer.claims));
}

void Scheduler::begin(std::vector<Claim> claims) {
  std::vector<Task> tasks;
  tasks.reserve(claims.size());
  for (Claim& claim : claims)
    if (auto task = taken(std::move(claim))) tasks.push_back(*std::move(task));
  if (!tasks.empty()) runner_.start(std::move(tasks));
}

// Goes the way that the ledger went, so that the next act goes on from there. None where the job was
// removed meanwhile: its lease runs out, and whoever knows it takes it over.
std::optional<Task> Scheduler::taken(Claim claim) {
  const Turns::Queue queue = turns_.find(claim.queue);
  const bool partition = claim.permit->partition_of.has_value();
  turns_.began(queue, partition);
  Lock lock(m_);
  const auto found = by_name_.find(claim.permit->slot.job);
  if (found == by_name_.end()) {
    turns_.ended(queue, partition);
    return std::nullopt;
  }
  const Known& job = jobs_[found->second];
  const Steady now = clock_.steady();
  const auto [place, is_new] = in_flight_.try_emplace(claim.permit->slot_id);
  InFlight& running = place->second;
  // An execution that lost the same slot to this one has not come back yet.
  if (!is_new) turns_.ended(running.queue, partition);
  running = {claim.permit, job.policy, found->second, queue, now, now + job.policy->lease / 3,
             now + job.policy->hard_limit};
  in_flight_due_ = std::min(in_flight_due_, due_again(running));
  Task task{.job = job.job, .execution = {}, .queue = queue};
  task.execution.permit = std::move(claim.permit);
  task.execution.cursor = std::move(claim.cursor);
  task.execution.available_at = claim.available_at;
  task.execution.log_watch = settings_.log_watch;
  task.execution.hidden_keys = job.policy->hidden_keys;
  return task;
}

void Scheduler::cancel(const Uuid& execution, StopReason why) {
  Lock lock(m_);
  for (auto& [id, running] : in_flight_)
    if (running.permit->execution == execution) running.permit->request_stop(why);
}

// When an execution next needs anything of us.
Steady Scheduler::due_again(const InFlight& running) {
  const Steady nearest = std::min(running.renew_at, running.tell_stuck_at);
  if (running.permit->stop_reason() != StopReason::none) return nearest;
  return std::min(nearest, running.began + running.policy->soft_limit);
}

void Scheduler::stop_the_overdue() {
  std::vector<Stuck> stuck;
  {
    Lock lock(m_);
    const Steady now = clock_.steady();
    if (now < in_flight_due_) return;
    in_flight_due_ = Steady::max();
    for (auto& [id, running] : in_flight_) {
      if (!running.permit->may_write(now)) running.permit->request_stop(StopReason::lease_lost);
      if (now >= running.began + running.policy->soft_limit)
        running.permit->request_stop(StopReason::time_limit);
      if (now >= running.tell_stuck_at) {
        running.tell_stuck_at = now + running.policy->hard_limit;
        stuck.push_back({running.permit, elapsed(running.began, now)});
      }
      in_flight_due_ = std::min(in_flight_due_, due_again(running));
    }
  }
  for (const Stuck& notice : stuck) observer_.on(notice);
}

Instant Scheduler::next_turn() const {
  const Instant now = clock_.now();
  const Steady steady = clock_.steady();
  Instant next = timetable_.next().value_or(Instant::max());
  if (next_available_ && !look_) next = std::min(next, *next_available_);
  for (const Waker& waker : wakers_)
    if (waker.at) next = std::min(next, *waker.at);
  if (settings_.look_for_lost > Duration::zero()) next = std::min(next, next_lost_look_);
  Lock lock(m_);
  if (!in_flight_.empty())
    next = std::min(next, now + std::max(elapsed(steady, in_flight_due_), Duration{1}));
  const bool idle = pending_.endings.empty() && pending_.entries.empty() && arrivals_.empty();
  if (failing_since_) return idle ? std::max(next, retry_settling_at_) : retry_settling_at_;
  const bool full = static_cast<int>(in_flight_.size()) >= std::max(settings_.workers, 1) + settings_.ahead;
  if (stirred_ || (look_ && !full && !draining_ && !held_)) return now;
  return next;
}

}  // namespace hotclock
