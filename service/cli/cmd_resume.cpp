// hotclock resume: a paused job is worked again.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/telling.h"

namespace hotclock::cli {

namespace {

Result<Answer> resumed(Door& door, const ResumeArgs& args) {
  if (args.all == !args.job.empty()) return Error(Errc::invalid, "say which: resume JOB, or --all");
  if (args.all) return door.ask(post("/jobs/resume", {{"all", true}, {"reason", args.reason}}));
  return door.ask(post("/jobs/" + args.job + "/resume", {{"reason", args.reason}}));
}

}  // namespace

int cmd_resume(Console& console, const Common& common, const ResumeArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, resumed(**door, args), [&](const Seen& done) {
    if (args.all) return tell_each(console, done);
    console.out << args.job << " is worked again; `hotclock history " << args.job
                << " --state refused` lists what was refused meanwhile\n";
  });
}

}  // namespace hotclock::cli
