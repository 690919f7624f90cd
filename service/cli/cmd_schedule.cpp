// hotclock schedule: set, preview, reset and show a job's schedule, and undo a live change.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "service/cli/agreeing.h"
#include "service/cli/changes_text.h"
#include "service/cli/commands.h"
#include "service/cli/runs_text.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t minutes_shown = 5;

template <class Args>
json::object wanted(const Args& args) {
  json::object order{{"schedule", args.expression}};
  if (!args.zone.empty()) order["zone"] = args.zone;
  if (!args.dst.empty()) order["dst"] = args.dst;
  return order;
}

// ---------------------------------------------------------------- a preview

void show_side(Console& console, const char* title, const Seen& schedule, Instant now) {
  console.out << fmt::format("{}  {}  ({}, DST rule {})\n{}\n", title, schedule.text("expression"),
                             schedule.text("zone"), schedule.text("dst"),
                             schedule.text("description"));
  show_runs(console, schedule, now);
  for (const Seen& warning : schedule.list("warnings"))
    console.out << "  warning: " << warning.text("text") << '\n';
}

void show_overlaps(Console& console, const Seen& day) {
  for (const Seen& other : day.list("overlaps"))
    console.out << fmt::format("  beside {}: {}, now {}\n", other.text("job"),
                               other.number("after"), other.number("before"));
}

// The minutes whose load changes most.
void show_minutes(Console& console, const Seen& day) {
  auto minutes = day.list("minutes");
  const auto change = [](const Seen& one) {
    return std::abs(one.number("after") - one.number("before"));
  };
  std::ranges::stable_sort(minutes, std::greater{}, change);
  for (std::size_t i = 0; i < std::min(minutes.size(), minutes_shown); ++i)
    console.out << fmt::format("  in the minute of {} at most {} at once, now {}\n",
                               to_string(minutes[i].instant("at").value_or(Instant{})),
                               minutes[i].number("after"), minutes[i].number("before"));
  if (minutes.size() > minutes_shown)
    console.out << fmt::format("  and {} minutes more change\n", minutes.size() - minutes_shown);
}

void show_day(Console& console, const Seen& day) {
  const Seen before = day.object("before"), after = day.object("after");
  console.out << fmt::format(
      "the day that follows: at most {} at once, now {}; {} slots begin later than they could, "
      "now {}\n",
      after.number("most_running"), before.number("most_running"), after.number("held_up"),
      before.number("held_up"));
  show_overlaps(console, day);
  show_minutes(console, day);
}

void show_preview(Console& console, const Seen& preview, Instant now) {
  show_side(console, "now  ", preview.object("before"), now);
  console.out << '\n';
  show_side(console, "then ", preview.object("after"), now);
  console.out << '\n';
  show_day(console, preview.object("day"));
}

// ---------------------------------------------------------------- a change

// The version that the change is of: the one that was looked at, or that was typed.
Result<std::string> version_of(Door& door, const std::string& job, std::int64_t typed) {
  if (typed >= 0) return fmt::format("\"{}\"", typed);
  const auto known = door.ask(get("/jobs/" + job));
  if (!known) return known.error();
  return known->etag;
}

Result<Answer> set(Console& console, const Common& common, Door& door,
                   const ScheduleSetArgs& args) {
  const auto version = version_of(door, args.job, args.if_version);
  if (!version) return version.error();
  json::object order = wanted(args);
  const auto preview = door.ask(post("/jobs/" + args.job + "/schedule/preview", order));
  if (!preview) return preview;
  if (!common.json) show_preview(console, Seen(preview->body), door.now());
  if (auto yes = agreed(console, args.yes, "Give it this schedule?"); !yes)
    return std::move(yes).error();
  order["reason"] = args.reason;
  Request request = put("/jobs/" + args.job + "/schedule", order);
  request.if_match = *version;
  return door.ask(request);
}

Result<Answer> reset(Door& door, const ScheduleResetArgs& args) {
  const auto version = version_of(door, args.job, args.if_version);
  if (!version) return version.error();
  Request request = remove("/jobs/" + args.job + "/schedule", args.reason);
  request.if_match = *version;
  return door.ask(request);
}

void show_job(Console& console, const Seen& job, const Seen& changes, Instant now) {
  const Seen schedule = job.object("schedule");
  console.out << fmt::format("{}: {}  ({}, DST rule {})\n{}\n", job.text("job"),
                             schedule.text("expression"), schedule.text("zone"),
                             schedule.text("dst"), schedule.text("description"));
  for (const Seen& run : job.list("next_runs"))
    console.out << "  " << run.text("local") << "  " << run.text("note") << '\n';
  console.out << '\n';
  show_changes(console, changes, now);
}

}  // namespace

int cmd_schedule_set(Console& console, const Common& common, const ScheduleSetArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, set(console, common, **door, args),
              [&](const Seen& change) { tell_change(console, change); });
}

int cmd_schedule_preview(Console& console, const Common& common, const SchedulePreviewArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common,
              (*door)->ask(post("/jobs/" + args.job + "/schedule/preview", wanted(args))),
              [&](const Seen& preview) { show_preview(console, preview, (*door)->now()); });
}

int cmd_schedule_reset(Console& console, const Common& common, const ScheduleResetArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, reset(**door, args),
              [&](const Seen& change) { tell_change(console, change); });
}

int cmd_schedule_show(Console& console, const Common& common, const ScheduleShowArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto job = (*door)->ask(get("/jobs/" + args.job));
  if (!job) return fail(console, common.json, job.error());
  const auto changes = (*door)->ask(get("/jobs/" + args.job + "/changes"));
  if (!changes) return fail(console, common.json, changes.error());
  if (common.json)
    print(console, {{"job", job->body}, {"changes", changes->body}});
  else
    show_job(console, Seen(job->body), Seen(changes->body), (*door)->now());
  return exit_done;
}

int cmd_undo(Console& console, const Common& common, const UndoArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  json::object order{{"reason", args.reason}};
  if (args.version > 0) order["version"] = args.version;
  return tell(console, common, (*door)->ask(post("/jobs/" + args.job + "/undo", order)),
              [&](const Seen& change) { tell_change(console, change); });
}

}  // namespace hotclock::cli
