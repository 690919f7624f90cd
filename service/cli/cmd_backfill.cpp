// hotclock backfill: a plan over a past range first, then its slots, oldest first.
#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "service/app/settings.h"
#include "service/cli/agreeing.h"
#include "service/cli/commands.h"
#include "service/cli/rehearsal.h"
#include "service/cli/see_through.h"
#include "service/cli/slot_text.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// What each slot would do is found out by running it in earnest and rolling it back; beyond so many
// the plan says how many more there are.
constexpr std::size_t most_rehearsed = 31;

Result<json::object> read_range(Door& door, const BackfillArgs& args) {
  const auto from = read_instant_of(door, args.job, args.from);
  if (!from) return from.error().within("--from");
  const auto to = read_instant_of(door, args.job, args.to);
  if (!to) return to.error().within("--to");
  if (*to < *from) return Error(Errc::invalid, "--to lies before --from");
  if (*to > door.now())
    return Error(Errc::invalid, "--to lies in the future: a backfill is of slots that have passed");
  return json::object{{"from", operations::rfc3339(*from)}, {"to", operations::rfc3339(*to)}};
}

// What each of the plan's slots would do, where the data is at hand: on this machine.
Result<> rehearse_plan(Session& session, const std::string& name, json::value& plan) {
  const auto job = config::find_job(session.settings, name);
  if (!job) return job.error();
  std::size_t rehearsed = 0;
  for (json::value& slot : plan.at("slots").as_array()) {
    const Seen seen(slot);
    if (seen.flag("left_out") || ++rehearsed > most_rehearsed) continue;
    const auto outcome = rehearse(session, **job, seen.instant("scheduled_for").value());
    if (!outcome) return outcome.error();
    slot.as_object()["would_do"] = rehearsal_words(*outcome);
  }
  return {};
}

Result<Answer> planned(Door& door, const BackfillArgs& args, const json::object& range) {
  auto plan = door.ask(post("/jobs/" + args.job + "/backfills/plan", range));
  if (!plan || !door.here()) return plan;
  if (auto done = rehearse_plan(*door.here(), args.job, plan->body); !done)
    return std::move(done).error();
  return plan;
}

void show(Console& console, Door& door, const Seen& plan) {
  const auto job = door.ask(get("/jobs/" + plan.text("job")));
  const auto zone = load_zone(job ? Seen(job->body).object("schedule").text("zone") : "UTC");
  Table table(
      {{"slot"}, {"wall clock"}, {"stands"}, {"plan"}, {"would do", Column::Kind::wrapped}});
  for (const Seen& slot : plan.list("slots")) {
    const Instant at = slot.instant("scheduled_for").value_or(Instant{});
    table.add({to_string(at), zone ? local_text(at, **zone) : "", slot.text("stands"),
               slot.flag("left_out") ? Cell("leave out", Tone::faint) : Cell("work", Tone::good),
               slot.text("would_do")});
  }
  if (table.empty())
    console.out << "no slot of " << plan.text("job") << " lies in that range\n";
  else
    console.out << table.text(look_of(console));
}

int tell_ends(Console& console, const Common& common, const std::vector<Answer>& ends) {
  int code = exit_done;
  json::array list;
  Table table({{"slot"}, {"end"}, {"execution"}, {"did", Column::Kind::wrapped}});
  for (const Answer& end : ends) {
    const auto view = operations::execution_of(Seen(end.body));
    const std::string did =
        view.attempts.empty() ? view.slot.reason : tally_words(view.attempts.back().tally);
    table.add({to_string(view.slot.slot.scheduled_for),
               {standing(view.slot), tone_of(view.slot)},
               view.slot.execution,
               did});
    list.push_back(end.body);
    code = std::max(code, exit_code_of(view.slot));
  }
  if (common.json)
    print(console, {{"items", std::move(list)}, {"next", nullptr}});
  else
    console.out << '\n' << table.text(look_of(console));
  return code;
}

// Works exactly the plan that was shown.
int work(Console& console, const Common& common, Door& door, const BackfillArgs& args,
         json::object order, const Seen& plan) {
  order["plan_hash"] = plan.text("plan_hash");
  order["reason"] = args.reason.empty() ? "backfill by hand" : args.reason;
  const auto begun = door.ask(post("/jobs/" + args.job + "/backfills", order));
  if (!begun || is_approval(*begun) || args.no_wait)
    return tell(console, common, begun, [&](const Seen& backfill) {
      console.out << fmt::format("{} slots are in line: backfill {}\n", backfill.number("slots"),
                                 backfill.text("key"));
    });
  std::vector<std::string> slots;
  for (const Seen& slot : Seen(begun->body).list("items")) slots.push_back(slot.text("id"));
  const auto ends = see_through(console, common, door, slots);
  if (!ends) return fail(console, common.json, ends.error());
  return tell_ends(console, common, *ends);
}

}  // namespace

int cmd_backfill(Console& console, const Common& common, const BackfillArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto range = read_range(**door, args);
  if (!range) return fail(console, common.json, range.error());
  const auto answer = planned(**door, args, *range);
  if (!answer) return fail(console, common.json, answer.error());
  const Seen plan(answer->body);
  if (!common.json) show(console, **door, plan);
  if (args.dry_run || plan.number("would_work") == 0) {
    if (common.json) print(console, answer->body);
    return exit_done;
  }
  const std::string question = fmt::format("Work these {} slots?", plan.number("would_work"));
  if (auto yes = agreed(console, args.yes, question); !yes)
    return fail(console, common.json, yes.error());
  return work(console, common, **door, args, *range, plan);
}

}  // namespace hotclock::cli
