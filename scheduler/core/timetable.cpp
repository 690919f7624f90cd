#include "scheduler/core/timetable.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>

#include <fmt/format.h>

namespace hotclock {
namespace {

// Counting further than this is not worth the time: "more than" says enough.
constexpr int most_counted = 1'000'000;

// Late slots from here on are kept by the rule, earlier ones are missed.
Instant kept_from(const Schedule& schedule, const CatchUpRule& rule, Instant after, Instant now) {
  const Instant on_time = now - rule.grace;
  switch (rule.kind) {
    case CatchUp::none: return on_time;
    case CatchUp::last: {
      const auto newest = schedule.previous(now + Duration{1});
      return newest ? std::min(*newest, on_time) : on_time;
    }
    case CatchUp::all: break;
  }
  Instant from = now + Duration{1};
  for (int kept = 0; kept < rule.max_slots; ++kept) {
    const auto earlier = schedule.previous(from);
    if (!earlier || *earlier <= after || *earlier < now - rule.window) break;
    from = *earlier;
  }
  return std::min(from, on_time);
}

std::string why_missed(const CatchUpRule& rule, Instant scheduled_for, Instant now) {
  switch (rule.kind) {
    case CatchUp::none: return "no scheduler was there, and this job does not catch up";
    case CatchUp::last: return "no scheduler was there; catch-up works the newest slot alone";
    case CatchUp::all: break;
  }
  if (scheduled_for < now - rule.window)
    return "no scheduler was there; older than the catch-up window of " + to_words(rule.window);
  return fmt::format("no scheduler was there; catch-up works the newest {} slots", rule.max_slots);
}

// Where a very long absence begins to be recorded slot by slot; `after` where it is short enough.
Instant recorded_from(const Schedule& schedule, Instant after, Instant kept) {
  Instant from = kept;
  for (int i = 0; i < most_missed; ++i) {
    const auto earlier = schedule.previous(from);
    if (!earlier || *earlier <= after) return after;
    from = *earlier;
  }
  const auto one_more = schedule.previous(from);
  return one_more && *one_more > after ? from : after;
}

// One row for all slots in (after, until).
DueSlot summed_up(const Schedule& schedule, Instant after, Instant until, std::string reason) {
  const Instant first = *schedule.next(after);
  int further = 0;
  for (auto t = schedule.next(first); t && *t < until && further < most_counted;
       t = schedule.next(*t))
    ++further;
  reason += fmt::format("; stands for {}{} further slots before {}",
                        further == most_counted ? "more than " : "", further, to_string(until));
  return {first, Trigger::schedule, first, true, std::move(reason)};
}

DueSlot judged(const CatchUpRule& rule, Instant scheduled_for, Instant kept, Instant now, int nth) {
  if (now - scheduled_for <= rule.grace) return {scheduled_for, Trigger::schedule, scheduled_for, false, {}};
  if (scheduled_for < kept)
    return {scheduled_for, Trigger::schedule, scheduled_for, true, why_missed(rule, scheduled_for, now)};
  return {scheduled_for, Trigger::catch_up, now + nth * rule.spacing, false, {}};
}

}  // namespace

std::vector<DueSlot> due_slots(const Schedule& schedule, const CatchUpRule& rule,
                               Instant& entered_until, Instant now, std::size_t most) {
  std::vector<DueSlot> slots;
  auto next = schedule.next(entered_until);
  if (!next || *next > now) return slots;
  Instant kept = entered_until;  // nothing is late: everything is kept
  if (now - *next > rule.grace) {
    kept = kept_from(schedule, rule, entered_until, now);
    const Instant recorded = recorded_from(schedule, entered_until, kept);
    if (recorded > entered_until) {
      slots.push_back(summed_up(schedule, entered_until, recorded, why_missed(rule, *next, now)));
      entered_until = recorded - Duration{1};
      next = recorded;
    }
  }
  for (int caught_up = 0; next && *next <= now && slots.size() < most;
       next = schedule.next(entered_until)) {
    slots.push_back(judged(rule, *next, kept, now, caught_up));
    if (slots.back().trigger == Trigger::catch_up) ++caught_up;
    entered_until = *next;
  }
  return slots;
}

void Timetable::add(Row row, Schedule schedule, const CatchUpRule& rule, Instant entered_until) {
  if (row >= rows_.size()) rows_.resize(row + 1);
  rows_[row] = {std::move(schedule), &rule, entered_until, Instant::max(), rows_[row].version};
  plan(row);
  drop_stale();
}

void Timetable::remove(Row row) {
  rows_[row] = {.version = rows_[row].version + 1};
  drop_stale();
}

std::optional<Instant> Timetable::next() const {
  return wheel_.empty() ? std::nullopt : std::optional(wheel_.top().next);
}

std::optional<Instant> Timetable::next(Row row) const {
  if (rows_[row].next == Instant::max()) return std::nullopt;
  return rows_[row].next;
}

// Some at a time, so that the rows of the next ones come into the processor's cache while the
// first are worked.
std::vector<Timetable::Due> Timetable::due(Instant now, std::size_t most) {
  std::vector<Due> due;
  std::array<Node, 16> some;
  while (!wheel_.empty() && wheel_.top().next <= now && due.size() < most) {
    std::size_t count = 0;
    for (; count < some.size() && !wheel_.empty() && wheel_.top().next <= now; wheel_.pop()) {
      some[count++] = wheel_.top();
      __builtin_prefetch(&rows_[wheel_.top().row]);
    }
    for (const Node& node : std::span(some).first(count)) {
      if (stale(node)) continue;
      if (due.size() >= most)
        wheel_.push(node);
      else if (!give_out_one(node.row, now, due))
        give_out_late(node.row, now, most, due);
    }
    drop_stale();
  }
  return due;
}

// Nearly always a schedule has one slot due, and on time.
bool Timetable::give_out_one(Row row, Instant now, std::vector<Due>& due) {
  Planned& planned = rows_[row];
  if (now - planned.next > planned.rule->grace) return false;
  const auto following = planned.schedule->next(planned.next);
  if (!following || *following <= now) return false;
  due.push_back({row, {planned.next, Trigger::schedule, planned.next, false, {}}});
  planned.entered_until = planned.next;
  planned.next = *following;
  wheel_.push({planned.next, row, planned.version});
  return true;
}

void Timetable::give_out_late(Row row, Instant now, std::size_t most, std::vector<Due>& due) {
  Planned& planned = rows_[row];
  for (DueSlot& slot : due_slots(*planned.schedule, *planned.rule, planned.entered_until, now,
                                 most - due.size()))
    due.push_back({row, std::move(slot)});
  plan(row);
}

void Timetable::plan(Row row) {
  Planned& planned = rows_[row];
  ++planned.version;
  planned.next = planned.schedule->next(planned.entered_until).value_or(Instant::max());
  if (planned.next == Instant::max()) return;
  wheel_.push({planned.next, row, planned.version});
}

// A removed or replaced row leaves its node behind; it is dropped when it comes to the top, or when
// such nodes have become the most.
void Timetable::drop_stale() {
  if (wheel_.size() > 2 * rows_.size() + 64) {
    wheel_.erase_if([this](const Node& node) { return stale(node); });
  }
  while (!wheel_.empty() && stale(wheel_.top())) wheel_.pop();
}

}  // namespace hotclock
