#include "scheduler/core/judgement.h"

#include <algorithm>
#include <utility>

#include "scheduler/core/redaction.h"

namespace hotclock {
namespace {

Ending ending_of(const Finished& finished) {
  Ending ending;
  ending.permit = finished.execution.permit;
  ending.started_at = finished.started_at;
  ending.ended_at = finished.ended_at;
  ending.peak_memory = finished.execution.peak_memory;
  if (finished.execution.kept_log) {
    auto [log, shown] = finished.execution.kept_log->finish();
    ending.log = std::move(log);
    ending.log_was_shown = shown;
  }
  return ending;
}

// Since when a slot grows too old to be tried again. One that was old when it was asked for never does:
// what a person or the catch-up rule wants is bounded by the count of retries alone.
Instant ages_since(const Slot& slot, Instant now) {
  const bool late_by_nature = slot.trigger == Trigger::catch_up || slot.trigger == Trigger::manual ||
                              slot.trigger == Trigger::backfill;
  return late_by_nature ? now : slot.scheduled_for;
}

// A failed or stopped attempt: another one where the rule allows it, otherwise `last`.
// `not_before`: what the attempt asks for itself; a slot that would be too old then is not tried
// again.
Follow again_or(End last, const Policy& policy, const Ending& ending,
                Duration not_before = Duration::zero()) {
  const Permit& permit = *ending.permit;
  const auto at = next_attempt(policy.retry, permit.attempt, ages_since(permit.slot, ending.ended_at),
                               ending.ended_at, static_cast<std::uint64_t>(permit.slot_id));
  if (!at) return Ends{last};
  const Instant asked_for = ending.ended_at + not_before;
  if (asked_for - ages_since(permit.slot, ending.ended_at) > policy.retry.max_age)
    return Ends{last};
  return TriesAgain{std::max(*at, asked_for)};
}

std::optional<Ending> completed(Ending ending, Done done) {
  ending.outcome = "completed";
  ending.follow = Ends{End::completed};
  ending.tally = std::move(done.tally);
  return ending;
}

std::optional<Ending> completed_with_errors(Ending ending, Partial partial) {
  ending.outcome = "completed_with_errors";
  ending.follow = Ends{End::completed_with_errors};
  ending.tally = std::move(partial.tally);
  ending.set_aside = std::move(partial.set_aside);
  ending.set_aside_total = partial.total;
  return ending;
}

std::optional<Ending> failed(Ending ending, const Failed& failed, const Policy& policy) {
  ending.outcome = "failed";
  ending.error = failed.why.message();
  ending.follow = failed.final ? Follow(Ends{End::failed})
                               : again_or(End::failed, policy, ending, failed.not_before);
  return ending;
}

std::optional<Ending> stopped(Ending ending, const Policy& policy) {
  switch (ending.permit->stop_reason()) {
    case StopReason::time_limit:
      ending.outcome = "timed_out";
      ending.error = "stopped at its limit of " + to_words(policy.soft_limit);
      ending.follow = again_or(End::timed_out, policy, ending);
      return ending;
    case StopReason::cancelled:
    case StopReason::replaced:
      ending.outcome = "cancelled";
      ending.error = ending.permit->stop_reason() == StopReason::replaced
                         ? "replaced by the next slot of its job"
                         : "cancelled on request";
      ending.follow = Ends{End::cancelled};
      return ending;
    case StopReason::drain:
      ending.outcome = "drained";
      ending.follow = GoesBack{};
      return ending;
    case StopReason::lease_lost: return std::nullopt;
    case StopReason::none: break;
  }
  return failed(std::move(ending),
                {Error(Errc::internal, "the job stopped although nobody asked it to"), false}, policy);
}

std::optional<Ending> divided(Ending ending, Divided parts, std::int64_t progress_total,
                              const Policy& policy) {
  if (parts.cursors.empty() || ending.permit->partition_of)
    return failed(std::move(ending),
                  {Error(Errc::internal, parts.cursors.empty() ? "the job divided its slot into nothing"
                                                               : "the job divided a partition"),
                   true},
                  policy);
  ending.outcome = "divided";
  ending.follow = Divides{std::move(parts.cursors), progress_total};
  return ending;
}

std::optional<Ending> unclear(Ending ending, Unclear unclear, const Policy& policy) {
  if (ending.permit->stop_reason() == StopReason::lease_lost) return std::nullopt;
  if (policy.repeatable && ending.permit->stop_reason() != StopReason::none)
    return stopped(std::move(ending), policy);
  if (policy.repeatable) return failed(std::move(ending), {std::move(unclear.why), false}, policy);
  ending.outcome = "unknown";
  ending.error = unclear.why.message();
  ending.follow = Waits{};
  return ending;
}

std::optional<Ending> judged_as_told(Finished finished, const Policy& policy) {
  Ending ending = ending_of(finished);
  if (auto* done = std::get_if<Done>(&finished.outcome))
    return completed(std::move(ending), std::move(*done));
  if (auto* partial = std::get_if<Partial>(&finished.outcome))
    return completed_with_errors(std::move(ending), std::move(*partial));
  if (auto* failure = std::get_if<Failed>(&finished.outcome))
    return failed(std::move(ending), *failure, policy);
  if (auto* parts = std::get_if<Divided>(&finished.outcome))
    return divided(std::move(ending), std::move(*parts), finished.execution.progress->total, policy);
  if (auto* either = std::get_if<Unclear>(&finished.outcome))
    return unclear(std::move(ending), std::move(*either), policy);
  if (std::holds_alternative<Stopped>(finished.outcome)) return stopped(std::move(ending), policy);
  return std::nullopt;
}

// What jobs say of errors may hold what they were given to connect with.
void redact(Ending& ending, const std::vector<std::string>& keys) {
  ending.error = redacted(ending.error, keys);
  for (SetAside& one : ending.set_aside) {
    one.record = redacted(one.record, keys);
    one.why = Error(one.why.code(), redacted(one.why.message(), keys));
  }
}

}  // namespace

std::optional<Ending> judged(Finished finished, const Policy& policy) {
  auto ending = judged_as_told(std::move(finished), policy);
  if (ending) redact(*ending, policy.hidden_keys);
  return ending;
}

}  // namespace hotclock
