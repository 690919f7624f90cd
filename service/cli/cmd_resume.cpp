// hotclock resume: a paused job is worked again.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/telling.h"

namespace hotclock::cli {

int cmd_resume(Console& console, const Common& common, const ResumeArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto resumed =
      (*door)->ask(post("/jobs/" + args.job + "/resume", {{"reason", args.reason}}));
  return tell(console, common, resumed, [&](const Seen&) {
    console.out << args.job << " is worked again; `hotclock history " << args.job
                << " --state refused` lists what was refused meanwhile\n";
  });
}

}  // namespace hotclock::cli
