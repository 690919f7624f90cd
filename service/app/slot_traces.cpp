#include "service/app/slot_traces.h"

#include <algorithm>

#include "scheduler/core/partition.h"
#include "service/digest/sha256.h"

namespace hotclock::app {
namespace {

std::string root_of(const std::string& trace) { return trace.substr(16); }

// An execution's id ends with what is random in it.
std::string span_of(const Uuid& execution) {
  std::string digits = execution.text();
  std::erase(digits, '-');
  return digits.substr(16);
}

std::string span_beneath(const std::string& span, std::string_view what) {
  return digest::sha256_hex(span + std::string(what)).substr(0, 16);
}

bool went_well(End end) { return end == End::completed || end == End::completed_with_errors; }

otlp::Attributes about(const Slot& slot) {
  return {{"hotclock.job", slot.job},
          {"hotclock.slot", to_string(slot.scheduled_for)},
          {"hotclock.trigger", std::string(hotclock::to_string(slot.trigger))}};
}

otlp::Span attempt_span(const Ending& ending, Instant began, std::int64_t chunks) {
  const Permit& permit = *ending.permit;
  const std::string trace = trace_of(permit.slot);
  otlp::Span span{.trace = trace,
                  .id = span_of(permit.execution),
                  .parent = root_of(trace),
                  .name = "attempt",
                  .began = began,
                  .ended = ending.ended_at,
                  .attributes = about(permit.slot),
                  .well = ending.error.empty(),
                  .why = ending.error};
  span.attributes.emplace_back("hotclock.execution", permit.execution.text());
  span.attributes.emplace_back("hotclock.attempt", std::int64_t{permit.attempt});
  span.attributes.emplace_back("hotclock.outcome", ending.outcome);
  span.attributes.emplace_back("hotclock.chunks", chunks);
  for (const auto& [name, count] : ending.tally)
    span.attributes.emplace_back("hotclock.tally." + name, count);
  if (permit.partition_of)
    span.attributes.emplace_back("hotclock.partition",
                                 std::string(partition_number(permit.slot.key)));
  return span;
}

otlp::Span waiting_span(const Permit& permit, Instant due, Instant began) {
  const std::string trace = trace_of(permit.slot);
  return {.trace = trace,
          .id = span_beneath(span_of(permit.execution), "waiting"),
          .parent = root_of(trace),
          .name = "waiting",
          .began = std::min(due, began),
          .ended = began};
}

}  // namespace

std::string trace_of(const Slot& slot) {
  const std::string key = slot.key.substr(0, slot.key.find(partition_mark));
  return digest::sha256_hex(slot.job + '\n' + std::to_string(to_millis(slot.scheduled_for)) + '\n' +
                            key)
      .substr(0, 32);
}

struct SlotTraces::Teller {
  SlotTraces& all;

  void operator()(const Started& n) const { all.started(n); }
  void operator()(const Recorded& n) const { all.recorded(n.ending); }
  void operator()(const GatheredSlot& n) const { all.gathered(n.gathered); }
  void operator()(const RefusedSlot& n) const { all.refused(n.refused); }
  void operator()(const LostLease& n) const {
    Instant ignored;
    all.forget(*n.permit, {}, true, ignored);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void SlotTraces::on(const Notice& notice) { std::visit(Teller{*this}, notice); }

void SlotTraces::started(const Started& notice) {
  const Instant began = clock_.now();
  const Instant due = began - std::max(notice.late, Duration::zero());
  Lock lock(m_);
  if (attempts_.size() >= most_followed || first_due_.size() >= most_followed) return;
  attempts_[notice.permit->execution.text()] = {due, began};
  first_due_.try_emplace(trace_of(notice.permit->slot), due);
}

// What is known of an attempt and its slot; by the ending alone where it was not followed.
SlotTraces::Attempt SlotTraces::forget(const Permit& permit, Instant began, bool slot_too,
                                       Instant& first_due) {
  Lock lock(m_);
  const auto found = attempts_.extract(permit.execution.text());
  const Attempt attempt = found ? found.mapped() : Attempt{began, began};
  const auto first = first_due_.find(trace_of(permit.slot));
  first_due = first == first_due_.end() ? attempt.due : first->second;
  if (slot_too && first != first_due_.end()) first_due_.erase(first);
  return attempt;
}

void SlotTraces::recorded(const Ending& ending) {
  const Permit& permit = *ending.permit;
  const auto* ends = std::get_if<Ends>(&ending.follow);
  const bool slot_ends = ends && !permit.partition_of;
  Instant first_due;
  const Attempt attempt = forget(permit, ending.started_at, slot_ends, first_due);
  send_(waiting_span(permit, attempt.due, ending.started_at));
  send_(attempt_span(ending, ending.started_at, attempt.chunks));
  if (slot_ends) send_(root(permit.slot, first_due, ending.ended_at, ends->end, ending.error));
}

void SlotTraces::gathered(const Gathered& whole) {
  Instant due = whole.started_at;
  {
    Lock lock(m_);
    if (const auto first = first_due_.extract(trace_of(whole.slot)))
      due = std::min(due, first.mapped());
  }
  send_(root(whole.slot, due, whole.ended_at, whole.ends.end, whole.ends.reason));
}

void SlotTraces::refused(const Refused& refused) {
  const Instant now = clock_.now();
  send_(root(refused.slot, now, now, End::refused, to_words(refused.why)));
}

otlp::Span SlotTraces::root(const Slot& slot, Instant due, Instant ended, End end,
                            const std::string& why) const {
  const std::string trace = trace_of(slot);
  otlp::Span span{.trace = trace,
                  .id = root_of(trace),
                  .parent = {},
                  .name = "slot " + slot.job,
                  .began = std::min(due, ended),
                  .ended = ended,
                  .attributes = about(slot),
                  .well = went_well(end),
                  .why = went_well(end) ? std::string() : why};
  span.attributes.emplace_back("hotclock.end", std::string(hotclock::to_string(end)));
  return span;
}

void SlotTraces::on(const work::ChunkEnd& chunk) {
  const std::string execution = span_of(chunk.permit.execution);
  std::int64_t number = 0;
  {
    Lock lock(m_);
    const auto found = attempts_.find(chunk.permit.execution.text());
    if (found == attempts_.end()) return;
    number = ++found->second.chunks;
  }
  if (number > static_cast<std::int64_t>(most_chunks)) return;
  const auto ago = [&](Steady at) {
    return clock_.now() - std::chrono::duration_cast<Duration>(clock_.steady() - at);
  };
  send_({.trace = trace_of(chunk.permit.slot),
         .id = span_beneath(execution, std::to_string(number)),
         .parent = execution,
         .name = "chunk",
         .began = ago(chunk.began),
         .ended = ago(chunk.ended),
         .attributes = {{"hotclock.done", chunk.done}},
         .well = chunk.why == nullptr,
         .why = chunk.why ? chunk.why->message() : std::string()});
}

}  // namespace hotclock::app
