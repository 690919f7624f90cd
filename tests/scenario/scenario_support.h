// What the scenarios share: a job whose behaviour is the test's, and an observer that remembers.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/core/scheduler.h"

namespace hotclock {

inline const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

// A job that does what the test says, and remembers what it was run for.
class TestJob final : public Job {
 public:
  Outcome run(Execution& execution) override {
    {
      Lock lock(m_);
      ran_for_.push_back(execution.slot().scheduled_for);
    }
    return does ? does(execution) : Outcome(Done{});
  }
  bool wakes_early() const override { return wakes; }
  Result<std::optional<Instant>> next_wake(Instant) override {
    if (asked) asked();
    return wake_at;
  }

  std::vector<Instant> ran_for() const {
    Lock lock(m_);
    return ran_for_;
  }

  std::function<Outcome(Execution&)> does;
  std::function<void()> asked;  // when it wants to be woken
  bool wakes = false;
  std::optional<Instant> wake_at;

 private:
  mutable Mutex m_;
  std::vector<Instant> ran_for_ HOTCLOCK_GUARDED_BY(m_);
};

// Everything a scheduler says but that work has started, by kind.
class Listener final : public Observer {
 public:
  void on(const Notice& notice) override {
    if (const auto* recorded = std::get_if<Recorded>(&notice))
      outcomes.push_back(recorded->ending.outcome);
    if (const auto* refused = std::get_if<RefusedSlot>(&notice))
      refusals.push_back(to_words(refused->refused.why));
    if (const auto* whole = std::get_if<GatheredSlot>(&notice)) gathered.push_back(whole->gathered);
    if (const auto* missed = std::get_if<MissedSlots>(&notice)) missed_slots += missed->count;
    if (const auto* step = std::get_if<ClockStepped>(&notice)) steps.push_back(step->by);
    if (std::get_if<LedgerFailed>(&notice)) ++ledger_failures;
    if (std::get_if<LedgerBack>(&notice)) ++ledger_returns;
    if (std::get_if<Stuck>(&notice)) ++stuck;
    if (std::get_if<LostLease>(&notice)) ++lost_leases;
    if (std::get_if<TakenOver>(&notice)) ++take_overs;
  }

  std::vector<std::string> outcomes;
  std::vector<std::string> refusals;
  std::vector<Gathered> gathered;
  std::vector<Duration> steps;
  std::int64_t missed_slots = 0;
  int ledger_failures = 0, ledger_returns = 0, stuck = 0, lost_leases = 0, take_overs = 0;
};

// Waits for a condition that another thread will bring about.
inline void await(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::yield();
}

}  // namespace hotclock
