#include "scheduler/simulation/simulation.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <random>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "scheduler/core/jitter.h"
#include "scheduler/core/judgement.h"
#include "scheduler/core/timetable.h"
#include "scheduler/memory/memory_ledger.h"
#include "scheduler/simulation/tally_book.h"

namespace hotclock {
namespace {

constexpr std::size_t entries_at_once = 1000;

Result<> possible(const Plan& plan) {
  if (plan.to <= plan.from) return Error(Errc::invalid, "the time to simulate is empty");
  if (plan.nodes < 1 || plan.workers < 1)
    return Error(Errc::invalid, "a simulation needs a node with a worker at least");
  std::unordered_map<std::string, int> names;
  for (const SimulatedJob& job : plan.jobs)
    if (++names[job.name] > 1) return Error(Errc::invalid, "there are two jobs named " + job.name);
  for (const Crowd& crowd : plan.crowds)
    if (!names.contains(crowd.job))
      return Error(Errc::invalid, "there is no job named " + crowd.job);
  int kept = 0;
  for (const QueueRule& rule : plan.queues) kept += rule.reserved;
  if (plan.workers > 1 && kept >= plan.workers)
    return Error(Errc::invalid,
                 fmt::format("of {} workers {} would be kept for queues", plan.workers, kept));
  return {};
}

// One run of a plan, event by event.
class Simulation {
 public:
  explicit Simulation(const Plan& plan) : plan_(plan), book_(plan), random_(plan.seed) {
    for (std::size_t job = 0; job < plan.jobs.size(); ++job) {
      numbers_.emplace(plan.jobs[job].name, job);
      timetable_.add(static_cast<Timetable::Row>(job), plan.jobs[job].schedule,
                     plan.jobs[job].policy->catch_up, plan.from - Duration{1});
    }
    nodes_.resize(static_cast<std::size_t>(plan.nodes), {Turns(plan.queues, plan.workers)});
    crowds_ = plan.crowds;
    std::ranges::stable_sort(crowds_, {}, &Crowd::at);
  }

  Result<Simulated> run() {
    if (auto known = enrol(); !known) return std::move(known).error();
    for (Instant now = next(); now < plan_.to; now = next())
      if (auto done = pass(now); !done) return std::move(done).error();
    return book_.closed();
  }

 private:
  struct Node {
    Turns turns;
    int running = 0;
    std::vector<Ending> endings = {};  // for its next act
  };
  struct Execution {
    std::shared_ptr<Permit> permit;
    std::size_t job;
    std::size_t node;
    Turns::Queue queue;
    Instant began;
    Outcome outcome;
  };
  // When an execution ends; one that was cut short before has another fence, or is no more.
  struct Finish {
    Instant at;
    std::int64_t slot_id;
    std::int64_t fence;
    bool operator>(const Finish& other) const {
      return std::tie(at, slot_id) > std::tie(other.at, other.slot_id);
    }
  };

  Result<> enrol() {
    std::vector<JobRow> rows;
    for (const SimulatedJob& job : plan_.jobs)
      rows.push_back({job.name, "", plan_.from, job.policy->queue});
    auto known = ledger_.enrol(rows);
    return known ? Result<>() : std::move(known).error();
  }

  Instant next() const {
    Instant next = timetable_.next().value_or(Instant::max());
    if (next_crowd_ < crowds_.size()) next = std::min(next, crowds_[next_crowd_].at);
    if (!finishes_.empty()) next = std::min(next, finishes_.top().at);
    if (next_available_) next = std::min(next, *next_available_);
    if (again_) next = std::min(next, *again_);
    return std::max(next, last_);
  }

  // Everything that happens at one instant. Where work is asked to stop, it ends at this instant
  // too.
  Result<> pass(Instant now) {
    last_ = now;
    again_.reset();
    finish(now);
    std::vector<Entry> entries = due(now);
    join(now, entries);
    // Whoever wakes first is not always the same one.
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const std::size_t node = (i + first_) % nodes_.size();
      if (auto done = settle(node, std::exchange(entries, {}), now); !done) return done;
    }
    first_ = (first_ + 1) % nodes_.size();
    return {};
  }

  // ---- endings

  void finish(Instant now) {
    while (!finishes_.empty() && finishes_.top().at <= now) {
      const Finish finish = finishes_.top();
      finishes_.pop();
      const auto found = executions_.find(finish.slot_id);
      if (found == executions_.end() || found->second.permit->fence != finish.fence) continue;
      if (std::holds_alternative<Stopped>(found->second.outcome))
        found->second.permit->request_stop(StopReason::time_limit);
      end(found->second, now);
    }
  }

  void end(Execution& execution, Instant now) {
    hotclock::Execution told{.permit = execution.permit, .cursor = {}};
    auto ending = judged({std::move(told), std::move(execution.outcome), execution.began, now},
                         *plan_.jobs[execution.job].policy);
    Node& node = nodes_[execution.node];
    --node.running;
    node.turns.ended(execution.queue, false);
    book_.ended(execution.job, *ending, now);
    node.endings.push_back(*std::move(ending));
    executions_.erase(execution.permit->slot_id);
  }

  void stop(const Uuid& id, Instant now) {
    for (auto& [slot, execution] : executions_) {
      if (execution.permit->execution != id) continue;
      execution.permit->request_stop(StopReason::replaced);
      execution.outcome = Stopped{};
      again_ = now;
      return end(execution, now);
    }
  }

  // ---- entries

  std::vector<Entry> due(Instant now) {
    std::vector<Entry> entries;
    for (;;) {
      auto some = timetable_.due(now, entries_at_once);
      if (some.empty()) return entries;
      for (auto& [row, slot] : some) entries.push_back(entry_of(row, std::move(slot)));
    }
  }

  Entry entry_of(std::size_t job, DueSlot slot) {
    const SimulatedJob& of = plan_.jobs[job];
    Entry entry{.slot = {of.name, slot.scheduled_for, slot.trigger, {}},
                .available_at = slot.available_at};
    if (!slot.missed)
      entry.available_at += jitter_of(of.name, slot.scheduled_for, of.policy->jitter);
    entry.priority = of.policy->priority;
    entry.reason = std::move(slot.reason);
    if (slot.missed) entry.ended = End::missed;
    book_.entered(job, entry);
    return entry;
  }

  void join(Instant now, std::vector<Entry>& entries) {
    for (; next_crowd_ < crowds_.size() && crowds_[next_crowd_].at <= now; ++next_crowd_) {
      const Crowd& crowd = crowds_[next_crowd_];
      for (int i = 0; i < crowd.count; ++i) {
        const std::string key = fmt::format("crowd {}.{}", next_crowd_, i);
        entries.push_back({.slot = {crowd.job, crowd.at, Trigger::backfill, key},
                           .available_at = crowd.at,
                           .priority = crowd.priority});
        book_.entered(numbers_.at(crowd.job), entries.back());
      }
    }
  }

  // ---- the act

  Result<> settle(std::size_t number, std::vector<Entry> entries, Instant now) {
    Node& node = nodes_[number];
    Settlement act{.now = now, .asked = Steady{} + (now - plan_.from)};
    act.endings = std::exchange(node.endings, {});
    act.entries = std::move(entries);
    act.room = plan_.workers - node.running;
    act.turns = node.turns;
    act.turns.free(act.room);
    auto settled = ledger_.settle(
        act, [this](const std::string& job) { return plan_.jobs[numbers_.at(job)].policy; });
    if (!settled) return std::move(settled).error();
    next_available_ = settled->next_available;
    for (const Refused& refused : settled->refusals)
      book_.refused(numbers_.at(refused.slot.job), refused.why);
    for (Claim& claim : settled->claims) begin(number, claim, now);
    for (const Uuid& execution : settled->cancelled) stop(execution, now);
    return {};
  }

  void begin(std::size_t number, Claim& claim, Instant now) {
    Node& node = nodes_[number];
    const std::size_t job = numbers_.at(claim.permit->slot.job);
    const Turns::Queue queue = node.turns.find(claim.queue);
    node.turns.began(queue, false);
    book_.began(job, claim, ++node.running, now);
    Execution& execution = executions_[claim.permit->slot_id];
    execution = {claim.permit, job, number, queue, now, Done{}};
    const Duration lasts = duration_of(execution);
    finishes_.push({now + lasts, claim.permit->slot_id, claim.permit->fence});
  }

  // Decides how it will end, too.
  Duration duration_of(Execution& execution) {
    const SimulatedJob& job = plan_.jobs[execution.job];
    const Duration limit = job.policy->soft_limit;
    const auto drawn = [this](std::uint64_t below) { return random_() % below; };
    const Duration lasts = job.durations.empty() ? guessed_duration(*job.policy)
                                                 : job.durations[drawn(job.durations.size())];
    constexpr std::uint64_t fine = 1'000'000;
    if (job.failure_rate > 0 && static_cast<double>(drawn(fine)) < job.failure_rate * fine)
      execution.outcome = Failed{Error(Errc::internal, "as many did before"), false};
    if (lasts <= limit) return std::max(lasts, Duration{1});
    execution.outcome = Stopped{};
    return limit;
  }

  const Plan& plan_;
  TallyBook book_;
  std::mt19937_64 random_;
  MemoryLedger ledger_{false};
  Timetable timetable_;
  std::unordered_map<std::string, std::size_t> numbers_;  // of jobs by their names
  std::vector<Node> nodes_;
  std::vector<Crowd> crowds_;
  std::size_t next_crowd_ = 0;
  std::unordered_map<std::int64_t, Execution> executions_;  // by slot
  std::priority_queue<Finish, std::vector<Finish>, std::greater<>> finishes_;
  std::optional<Instant> next_available_;
  std::optional<Instant> again_;  // something ended at this very instant
  std::size_t first_ = 0;
  Instant last_;
};

}  // namespace

Result<Simulated> simulate(const Plan& plan) {
  if (auto right = possible(plan); !right) return std::move(right).error().within("simulate");
  auto told = Simulation(plan).run();
  if (!told) return std::move(told).error().within("simulate");
  return told;
}

}  // namespace hotclock
