#include "scheduler/core/guard.h"

#include <fmt/format.h>

namespace hotclock {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

bool asked_by_a_person(Trigger t) { return t == Trigger::manual || t == Trigger::backfill; }

// Several of these are entered at one moment by design; to refuse all but the first would lose them.
bool comes_in_crowds(Trigger t) { return t == Trigger::catch_up || t == Trigger::backfill; }

// So do slots that waited for the end of maintenance.
bool comes_in_crowds(const Policy& policy, const Slot& slot) {
  return comes_in_crowds(slot.trigger) ||
         held_up(policy.maintenance, slot.scheduled_for).has_value();
}

bool holds(const Pause& pause, Instant now) { return !pause.until || now < *pause.until; }

std::optional<Refusal> switched_off(const Policy& policy, const JobFacts& job, const Slot& slot,
                                    Instant now) {
  if (job.off) return *job.off;
  if (!policy.enabled) return Disabled{policy.disabled_by};
  if (asked_by_a_person(slot.trigger)) return std::nullopt;
  for (const Blackout& blackout : policy.blackouts)
    if (blackout.from <= slot.scheduled_for && slot.scheduled_for < blackout.until)
      return BlackedOut{blackout.name};
  if (job.pause && holds(*job.pause, now)) return Paused{*job.pause};
  const Instant closes = job.last_failure + policy.circuit.pause;
  if (policy.circuit.failures > 0 && job.failures_in_a_row >= policy.circuit.failures &&
      now < closes)
    return CircuitOpen{job.failures_in_a_row, closes};
  return std::nullopt;
}

Verdict beside_the_running(const Policy& policy, const JobFacts& job, const Slot& slot) {
  if (job.running == 0) return Admit{};
  switch (policy.overlap) {
    case Overlap::allow:
      if (job.running < policy.max_running) return Admit{};
      return Wait{};
    case Overlap::wait: return Wait{};
    case Overlap::replace: return Wait{.cancel_running = !comes_in_crowds(policy, slot)};
    case Overlap::refuse: break;
  }
  if (comes_in_crowds(policy, slot)) return Wait{};
  return Refusal(Held{job.running_execution});
}

}  // namespace

Verdict judge(const Policy& policy, const JobFacts& job, const SlotFacts& slot, Instant now) {
  if (slot.not_allowed) return Refusal(*slot.not_allowed);
  if (auto refusal = switched_off(policy, job, slot.slot, now)) return *std::move(refusal);
  if (!asked_by_a_person(slot.slot.trigger))
    if (auto held = held_up(policy.maintenance, now)) return Postpone{held->until, to_words(*held)};
  return beside_the_running(policy, job, slot.slot);
}

std::string to_words(const HeldUp& held) { return "waits for the end of maintenance " + held.by; }

AfterLoss judge_loss(const Policy& policy, int attempt) {
  if (!policy.repeatable) return AfterLoss::unknown;
  return attempt <= policy.retry.retries ? AfterLoss::again : AfterLoss::failed;
}

std::string to_words(const Refusal& refusal) {
  return std::visit(
      Overloaded{
          [](const Held& held) { return fmt::format("execution {} is still running", held.by); },
          [](const Paused& paused) {
            std::string text = fmt::format("paused by {}: {}", paused.pause.by, paused.pause.reason);
            if (paused.pause.until) text += fmt::format(" (until {})", to_string(*paused.pause.until));
            return text;
          },
          [](const Disabled& disabled) { return fmt::format("disabled by {}", disabled.where); },
          [](const CircuitOpen& open) {
            return fmt::format("circuit open until {} after {} failures in a row",
                               to_string(open.until), open.failures);
          },
          [](const BlackedOut& out) { return fmt::format("blackout {}", out.name); },
          [](const SwitchedOff& off) {
            return fmt::format("{} by {}: {}", off.everything ? "kill switch" : "switched off",
                               off.by, off.reason);
          },
          [](const NotAllowed& no) {
            return fmt::format("{} may not have it done any more: {}", no.who, no.why);
          },
      },
      refusal);
}

std::string_view kind_of(const Refusal& refusal) {
  return std::visit(Overloaded{[](const Held&) { return "held"; },
                               [](const Paused&) { return "paused"; },
                               [](const Disabled&) { return "disabled"; },
                               [](const CircuitOpen&) { return "circuit_open"; },
                               [](const BlackedOut&) { return "blackout"; },
                               [](const SwitchedOff& off) {
                                 return off.everything ? "kill_switch" : "disabled";
                               },
                               [](const NotAllowed&) { return "not_allowed"; }},
                    refusal);
}

}  // namespace hotclock
