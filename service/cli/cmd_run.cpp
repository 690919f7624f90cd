// hotclock run: one slot of a job, now.
#include <ostream>

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/profile_text.h"
#include "service/cli/rehearsal.h"
#include "service/cli/see_through.h"
#include "service/cli/show_execution.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

Result<profiling::Observed> rehearsed(Session& session, const config::JobConfig& job, Instant at,
                                      bool profile) {
  if (profile) return rehearse_observed(session, job, at);
  auto outcome = rehearse(session, job, at);
  if (!outcome) return std::move(outcome).error();
  return profiling::Observed{std::move(outcome).value(), {}};
}

// A rehearsal runs the job's code: where that is, and the data.
int rehearse_run(Console& console, const Common& common, const RunArgs& args) {
  if (!server_of(console, common).empty())
    return fail(console, common.json,
                Error(Errc::invalid,
                      "--dry-run runs the job here and takes it back: it is done on the "
                      "machine that has the database, not over --server"));
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto job = config::find_job(session->settings, args.job);
  if (!job) return fail(console, common.json, job.error());
  const auto at = read_instant(args.at, (*job)->schedule.zone(), session->clock->now());
  if (!at) return fail(console, common.json, at.error().within("--at"));
  const auto seen = rehearsed(*session, **job, *at, args.profile);
  if (!seen) return fail(console, common.json, seen.error());
  const std::string words = rehearsal_words(seen->outcome);
  boost::json::object told{
      {"job", args.job}, {"scheduled_for", to_string(*at)}, {"would_do", words}};
  const boost::json::value profile = profiling::to_json(seen->profile);
  if (args.profile) told["profile"] = profile;
  if (common.json) {
    print(console, told);
  } else {
    console.out << args.job << " for " << to_string(*at) << " would do: " << words
                << "\nnothing was changed\n";
    if (args.profile) show_profile(console, Seen(profile));
  }
  return std::holds_alternative<Failed>(seen->outcome) ? exit_failed : exit_done;
}

Result<Answer> asked_for(Door& door, const RunArgs& args) {
  boost::json::object order{{"reason", args.reason.empty() ? "run by hand" : args.reason}};
  if (args.profile) order["profile"] = true;
  if (!args.at.empty()) {
    const auto at = read_instant_of(door, args.job, args.at);
    if (!at) return at.error().within("--at");
    order["at"] = operations::rfc3339(*at);
  }
  return door.ask(post("/jobs/" + args.job + "/run", order));
}

// A program asks for it by itself: `hotclock profile ID --json`.
void show_profile_of(Console& console, Door& door, const ledger::ExecutionView& view) {
  const auto profile = door.ask(get("/executions/" + std::to_string(view.slot.id) + "/profile"));
  if (!profile) {
    console.err << "no profile: " << profile.error().message() << '\n';
    return;
  }
  console.out << '\n';
  show_profile(console, Seen(profile->body));
}

}  // namespace

int cmd_run(Console& console, const Common& common, const RunArgs& args) {
  if (args.dry_run) return rehearse_run(console, common, args);
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto asked = asked_for(**door, args);
  if (!asked || is_approval(*asked) || args.no_wait)
    return tell(console, common, asked, [&](const Seen& slot) {
      console.out << fmt::format("{} for {} is in line: slot {}\n", args.job,
                                 to_string(operations::slot_of(slot).slot.scheduled_for),
                                 slot.text("id"));
    });
  const auto ends = see_through(console, common, **door, {Seen(asked->body).text("id")});
  if (!ends) return fail(console, common.json, ends.error());
  const auto view = operations::execution_of(Seen(ends->front().body));
  tell(console, common, ends->front(), [&](const Seen&) { show_execution(console, view); });
  if (args.profile && !common.json) show_profile_of(console, **door, view);
  return exit_code_of(view.slot);
}

}  // namespace hotclock::cli
