// hotclock pause: a job's slots are refused until it is resumed.
#include <ostream>

#include <boost/json/object.hpp>

#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/when.h"
#include "service/ledger/control.h"

namespace hotclock::cli {

int cmd_pause(Console& console, const Common& common, const PauseArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const Instant now = session->clock->now();
  std::optional<Instant> until;
  if (!args.until.empty()) {
    const auto job = app::find_job(session->settings, args.job);
    if (!job) return fail(console, common.json, job.error());
    const auto read = read_instant(args.until, (*job)->schedule.zone(), now);
    if (!read) return fail(console, common.json, read.error().within("--until"));
    if (*read <= now)
      return fail(console, common.json,
                  Error(Errc::invalid, "--until: " + to_string(*read) + " has passed already"));
    until = *read;
  }
  const std::string who = asking(console, args.by);
  const auto paused = ledger::pause(*session->database, args.job, {who, args.reason}, until, now);
  if (!paused) return fail(console, common.json, paused.error());
  if (common.json)
    print(console, {{"job", args.job}, {"paused_by", who}, {"reason", args.reason}});
  else
    console.out << args.job << " is paused" << (until ? " until " + to_string(*until) : "")
                << "; its slots are refused and say so\n";
  return exit_done;
}

}  // namespace hotclock::cli
