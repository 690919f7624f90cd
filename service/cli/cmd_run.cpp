// hotclock run: one slot of a job, now.
#include <ostream>

#include <boost/json/object.hpp>

#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/rehearsal.h"
#include "service/cli/see_through.h"
#include "service/cli/show_execution.h"
#include "service/cli/slot_text.h"
#include "service/cli/when.h"
#include "service/ledger/control.h"

namespace hotclock::cli {
namespace {

int rehearse_run(Console& console, const Common& common, Session& session, const config::JobConfig& job,
                 Instant at) {
  const auto outcome = rehearse(session, job, at);
  if (!outcome) return fail(console, common.json, outcome.error());
  const std::string words = rehearsal_words(*outcome);
  if (common.json)
    print(console, {{"job", job.name}, {"scheduled_for", to_string(at)}, {"would_do", words}});
  else
    console.out << job.name << " for " << to_string(at) << " would do: " << words
                << "\nnothing was changed\n";
  return std::holds_alternative<Failed>(*outcome) ? exit_failed : exit_done;
}

}  // namespace

int cmd_run(Console& console, const Common& common, const RunArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto job = app::find_job(session->settings, args.job);
  if (!job) return fail(console, common.json, job.error());
  const Instant now = session->clock->now();
  const auto at = read_instant(args.at, (*job)->schedule.zone(), now);
  if (!at) return fail(console, common.json, at.error().within("--at"));
  if (args.dry_run) return rehearse_run(console, common, *session, **job, *at);

  UuidSource uuids;
  const std::string who = asking(console, args.by);
  if (auto known = enrolled(*session, now); !known)
    return fail(console, common.json, known.error());
  const auto slot = ledger::enter_manual(
      *session->database, {args.job, *at, "run:" + uuids.next(now).text(), (*job)->policy->priority},
      {who, "run by hand"}, now);
  if (!slot) return fail(console, common.json, slot.error());
  const auto views = see_through(console, common, *session, {*slot});
  if (!views) return fail(console, common.json, views.error());
  const auto& view = views->front();
  if (common.json)
    print(console, execution_json(view));
  else
    show_execution(console, view);
  return exit_code_of(view.slot);
}

}  // namespace hotclock::cli
