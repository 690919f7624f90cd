// What an author may not have meant.
#include <fmt/format.h>

#include "scheduler/cron/fields.h"
#include "scheduler/cron/plan.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

using cron::FieldId;
using cron::Plan;
using Warnings = std::vector<ScheduleWarning>;

constexpr Duration kYear = std::chrono::days(366);
constexpr std::uint32_t kAllHours = (1U << 24) - 1;

std::string day_of(const Civil& c) { return to_string(c).substr(0, 10); }
std::string minute_of(const Civil& c) { return to_string(c).substr(11, c.second == 0 ? 5 : 8); }

// The unit in which `@every` would count what a step of the field was to be; 0: it has none.
char unit_of(FieldId id) {
  switch (id) {
    case FieldId::second:
      return 's';
    case FieldId::minute:
      return 'm';
    case FieldId::hour:
      return 'h';
    default:
      return '\0';
  }
}

void warn_of_steps(const Plan& p, Warnings& out) {
  for (int i = 0; i < 6; ++i) {
    if (((p.uneven_steps >> i) & 1) == 0) continue;
    const cron::FieldKind& kind = cron::field_kind(static_cast<FieldId>(i), Dialect::hotclock);
    std::string text = fmt::format(
        "the step of the {} field does not divide it evenly: it starts anew at {} each time",
        kind.name, kind.min);
    if (const char unit = unit_of(kind.id); unit != '\0')
      text += fmt::format("; for an even rhythm write @every with a span in {}", unit);
    out.push_back({"uneven-step", std::move(text)});
  }
}

void warn_of_either_day(const Plan& p, Warnings& out) {
  if (!p.day.either) return;
  out.push_back({"day-or",
                 "both day fields are given, so a day that either of them names will do; for days "
                 "that both name put a + before the day of the week, or write MON#1 for the first "
                 "Monday"});
}

void warn_of_swallowed(const std::vector<LostFire>& lost, Warnings& out) {
  std::string day;
  for (const LostFire& l : lost) {
    if (l.kind != LostFire::Kind::swallowed || day_of(l.wall) == day) continue;
    day = day_of(l.wall);
    out.push_back(
        {"gap", fmt::format("{} does not exist on {} and is left out", minute_of(l.wall), day)});
  }
}

// Each day counts once, however many runs meet the change of that day.
void warn_of_dropped(const std::vector<LostFire>& lost, Warnings& out) {
  std::string day;
  for (const LostFire& l : lost) {
    if (l.kind != LostFire::Kind::dropped || day_of(l.wall) == day) continue;
    day = day_of(l.wall);
    out.push_back({"overlap", fmt::format("{} comes twice on {} and runs the first time only",
                                          minute_of(l.wall), day)});
  }
}

bool is_rare(const Schedule& schedule, Instant from, std::string& text) {
  const auto first = schedule.next(from);
  if (!first) return false;
  const auto second = schedule.next(*first);
  const auto day = [&](Instant t) { return day_of(schedule.zone().to_civil(t)); };
  if (second && *second - *first > kYear) {
    text = fmt::format("it runs rarely: first on {}, then on {}", day(*first), day(*second));
    return true;
  }
  if (*first - from <= kYear) return false;
  text = fmt::format("it runs for the first time on {}", day(*first));
  return true;
}

}  // namespace

std::vector<ScheduleWarning> Schedule::warnings(Instant from) const {
  Warnings out;
  const Plan& p = *plan_;
  if (!p.has_fields()) return out;
  if (p.nameless_hash)
    out.push_back(
        {"hash-without-name",
         "H spreads by the job's name, and none is given here: a job will run at other times"});
  if (never()) {
    out.push_back({"never", "it never runs: no year has such a time"});
    return out;
  }
  warn_of_steps(p, out);
  warn_of_either_day(p, out);
  if (!next(from)) {
    const Civil last = zone().to_civil(previous(Instant::max()).value_or(from));
    out.push_back(
        {"ended", fmt::format("it never runs again: the last time was on {}", day_of(last))});
  }
  if (std::string text; is_rare(*this, from, text)) out.push_back({"rare", std::move(text)});
  // Whoever names every hour and follows elapsed time neither gains nor loses.
  if (p.fixed || p.once || p.hours != kAllHours) {
    const auto lost_runs = lost(from, from + kYear, 1000);
    for (const Transition& change : p.zone->transitions(from, from + kYear)) {
      const Instant end = change.at + std::max(change.before - change.after, Duration(1));
      for (auto run = next(change.at - Duration(1)); run && *run < end; run = next(*run)) {
        const FireNote n = note(*run);
        if (n.kind == FireNote::Kind::made_up) out.push_back({"gap", n.text()});
        if (n.kind != FireNote::Kind::second_pass) continue;
        out.push_back({"overlap", fmt::format("{} comes twice on {} and runs both times",
                                              minute_of(n.wall), day_of(n.wall))});
        break;
      }
    }
    warn_of_swallowed(lost_runs, out);
    warn_of_dropped(lost_runs, out);
  }
  return out;
}

}  // namespace hotclock
