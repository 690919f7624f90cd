#include "service/auditor/slots.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "scheduler/zone/civil.h"

namespace hotclock::auditor {
namespace {

constexpr std::string_view stands_for = "; stands for ";
constexpr std::string_view more_than = "more than ";
constexpr std::string_view before_word = " further slots before ";

std::string name_of(Instant t) { return "slot " + to_string(t); }

bool is_of_schedule(const SlotRow& row) {
  return row.trigger == "schedule" || row.trigger == "catch_up" || row.trigger == "early";
}

// "2026-11-23T13:05:00Z", with or without milliseconds.
std::optional<Instant> instant_in(std::string_view text) {
  if (!text.ends_with('Z')) return std::nullopt;
  text.remove_suffix(1);
  int millis = 0;
  if (const std::size_t dot = text.find('.'); dot != text.npos) {
    std::from_chars(text.data() + dot + 1, text.data() + text.size(), millis);
    text = text.substr(0, dot);
  }
  const auto civil = parse_civil(text);
  if (!civil) return std::nullopt;
  return from_millis(wall_seconds(*civil) * 1000 + millis);
}

}  // namespace

std::optional<SummedUp> summed_up_in(std::string_view reason) {
  const std::size_t begin = reason.find(stands_for);
  const std::size_t end = reason.find(before_word);
  if (begin == reason.npos || end == reason.npos) return std::nullopt;
  const auto before = instant_in(reason.substr(end + before_word.size()));
  if (!before) return std::nullopt;
  std::string_view number =
      reason.substr(begin + stands_for.size(), end - begin - stands_for.size());
  if (number.starts_with(more_than)) return SummedUp{*before, std::nullopt};
  std::int64_t further = 0;
  std::from_chars(number.data(), number.data() + number.size(), further);
  return SummedUp{*before, further};
}

SlotComparison::SlotComparison(const JobFacts& job, const Look& look, Differences& out,
                               std::optional<Instant> stands_for_until)
    : job_(job), look_(look), out_(out) {
  Instant after = look.from - Duration{1};
  if (stands_for_until && *stands_for_until > look.from) {
    after = *stands_for_until - Duration{1};
    counts_.summed_up += job.timeline.count(look.from - Duration{1}, *stands_for_until);
  }
  expected_ = job.timeline.next(after, look.until);
}

void SlotComparison::see(const SlotRow& row) {
  stands(row);
  if (row.partition || !is_of_schedule(row)) {
    ++counts_.others;
    return;
  }
  expect_before(row.scheduled_for);
  match(row);
  judge(row);
}

void SlotComparison::finish() { expect_before(look_.until + Duration{1}); }

// Each slot stands in one place.
void SlotComparison::stands(const SlotRow& row) {
  const std::int64_t open = row.running + row.waiting;
  if (row.ends > 1) add(Kind::ended_twice, row, fmt::format("it has {} ends", row.ends));
  if (row.ends > 0 && open > 0)
    add(Kind::slot_in_two_places, row,
        fmt::format("it has ended as {}, and {}", row.ended, row.running > 0 ? "runs" : "waits"));
  else if (open > 1)
    add(Kind::slot_in_two_places, row, "it runs or waits more than once");
  else if (open == 0 && row.ends == 0)
    add(Kind::slot_lost, row, "it neither waits nor runs, and never ended");
}

void SlotComparison::expect_before(Instant t) {
  for (; expected_ && *expected_ < t; expected_ = job_.timeline.next(*expected_, look_.until))
    not_there(*expected_);
}

// Nobody may have been there yet to enter it; then its row comes as its catch-up rule has it.
void SlotComparison::not_there(Instant t) {
  if (t > job_.entered_until) {
    if (!job_.in_settings) return;
    if (!look_.watched_since || std::max(t, *look_.watched_since) + slot_margin > look_.now) {
      ++counts_.not_yet;
      return;
    }
  }
  ++counts_.expected;
  add(Kind::slot_missing, t, name_of(t),
      fmt::format("\"{}\" names it, and it was never entered",
                  job_.timeline.at(t)->schedule.text()));
}

void SlotComparison::match(const SlotRow& row) {
  const bool twice = last_of_schedule_ == row.scheduled_for;
  last_of_schedule_ = row.scheduled_for;
  if (twice) {
    add(Kind::slot_twice, row,
        fmt::format("slot {} with the key '{}' is a second one", row.id, row.key));
    return;
  }
  if (expected_ != row.scheduled_for) {
    ++counts_.others;
    if (row.trigger != "early" && row.scheduled_for > job_.timeline.known_from())
      add(Kind::slot_unexpected, row, "no schedule that counted then names it");
    return;
  }
  ++counts_.expected;
  ++counts_.found;
  expected_ = job_.timeline.next(row.scheduled_for, look_.until);
  if (row.ended == "missed")
    if (const auto all = summed_up_in(row.reason)) skip_summed_up(row, all->before, all->further);
}

void SlotComparison::skip_summed_up(const SlotRow& row, Instant before,
                                    std::optional<std::int64_t> said) {
  const std::int64_t there = job_.timeline.count(row.scheduled_for, before);
  counts_.summed_up += there;
  if (said && *said != there)
    add(Kind::wrong_summary, row,
        fmt::format("it stands for {} further slots, and the schedule names {}", *said, there));
  expected_ = job_.timeline.next(before - Duration{1}, look_.until);
}

// ---------------------------------------------------------------- how it was treated

void SlotComparison::judge(const SlotRow& row) {
  if (row.ended.empty()) return;
  const Instant when = row.started_at.value_or(row.entered_at);
  const Rules* rules = job_.rules.at(when, slot_margin);
  if (!rules) ++counts_.not_judged;
  if (row.ended == "missed") {
    if (rules) judge_missed(row, *rules);
  } else if (row.ended == "refused") {
    judge_refused(row, rules);
  } else if (row.started_at) {
    judge_worked(row, rules);
  }
}

void SlotComparison::judge_missed(const SlotRow& row, const Rules& rules) {
  const Duration late = row.entered_at - row.scheduled_for;
  if (late <= rules.grace)
    add(Kind::missed_without_cause, row,
        fmt::format("it was left out {} late, which is on time", to_words(late)));
  else if (!summed_up_in(row.reason) && kept_by(rules, row))
    add(Kind::missed_without_cause, row,
        fmt::format("catch_up = \"{}\" keeps it, and it was left out", rules.catch_up));
}

// Whether the rule had kept it, of those that were due when it was entered.
bool SlotComparison::kept_by(const Rules& rules, const SlotRow& row) const {
  const Stretch* stretch = job_.timeline.at(row.scheduled_for);
  if (!stretch || rules.catch_up == "none") return false;
  // A margin on the side of the scheduler: it looked a little before it wrote.
  const Instant looked = std::min(stretch->until, row.entered_at);
  const int kept = rules.catch_up == "last" ? 1 : rules.max_slots;
  if (rules.catch_up == "all" && row.scheduled_for < looked - rules.window + slot_margin)
    return false;
  Instant newer = row.scheduled_for;
  for (int i = 0; i < kept; ++i) {
    const auto next = stretch->schedule.next(newer);
    if (!next || *next > looked) return true;
    newer = *next;
  }
  return false;
}

void SlotComparison::judge_worked(const SlotRow& row, const Rules* rules) {
  const Instant started = *row.started_at;
  if (const Span* span = job_.paused.well_inside(started, slot_margin))
    add(Kind::worked_while_paused, row,
        fmt::format("begun at {}, paused by {} since {}", to_string(started), span->by,
                    to_string(span->from)));
  for (const Spans* spans : {&job_.off, &job_.killed})
    if (const Span* span = spans->well_inside(started, slot_margin))
      add(Kind::worked_while_off, row,
          fmt::format("begun at {}, {} by {} since {}", to_string(started),
                      spans == &job_.off ? "switched off" : "everything switched off", span->by,
                      to_string(span->from)));
  if (!rules) return;
  if (row.trigger == "catch_up" && rules->catch_up == "none")
    add(Kind::caught_up_against_rule, row, "catch_up = \"none\" leaves it out, and it was worked");
  if (const auto* window = window_at(rules->blackouts, row.scheduled_for))
    add(Kind::worked_in_blackout, row, "its instant lies in the blackout " + window->name);
  const auto* begin = window_at(rules->maintenance, started - slot_margin);
  if (begin && window_at(rules->maintenance, started) == begin)
    add(Kind::worked_in_maintenance, row,
        fmt::format("begun at {}, in the maintenance {}", to_string(started), begin->name));
}

void SlotComparison::judge_refused(const SlotRow& row, const Rules* rules) {
  const Instant at = row.ended_at.value_or(row.entered_at);
  const auto without = [&](std::string_view word, bool cause) {
    if (row.reason.starts_with(word) && !cause)
      add(Kind::refused_without_cause, row,
          fmt::format("\"{}\", and it was not so at {}", row.reason, to_string(at)));
  };
  without("paused by ", job_.paused.near(at, slot_margin));
  without("switched off by ", job_.off.near(at, slot_margin));
  without("kill switch by ", job_.killed.near(at, slot_margin));
  if (rules) without("blackout ", window_at(rules->blackouts, row.scheduled_for) != nullptr);
}

void SlotComparison::add(Kind kind, Instant at, std::string subject, std::string detail) {
  out_.add({kind, job_.name, at, std::move(subject), std::move(detail)});
}

// Of two slots at one instant each is a subject of its own.
void SlotComparison::add(Kind kind, const SlotRow& row, std::string detail) {
  std::string subject = name_of(row.scheduled_for);
  if (!row.key.empty()) subject += " " + row.key;
  add(kind, row.scheduled_for, std::move(subject), std::move(detail));
}

}  // namespace hotclock::auditor
