// hotclock resume: a paused job is worked again.
#include <ostream>

#include <boost/json/object.hpp>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/ledger/control.h"

namespace hotclock::cli {

int cmd_resume(Console& console, const Common& common, const ResumeArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto resumed = ledger::resume(*session->database, args.job,
                                      {asking(console, args.by), args.reason}, session->clock->now());
  if (!resumed) return fail(console, common.json, resumed.error());
  if (common.json)
    print(console, {{"job", args.job}, {"paused", false}});
  else
    console.out << args.job << " is worked again; `hotclock history " << args.job
                << " --state refused` lists what was refused meanwhile\n";
  return exit_done;
}

}  // namespace hotclock::cli
