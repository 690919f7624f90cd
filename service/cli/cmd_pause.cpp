// hotclock pause: a job's slots are refused until it is resumed.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/telling.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

Result<Answer> paused(Door& door, const PauseArgs& args) {
  if (args.all == !args.job.empty()) return Error(Errc::invalid, "say which: pause JOB, or --all");
  boost::json::object order{{"reason", args.reason}};
  if (!args.until.empty()) {
    const auto until = read_instant_of(door, args.job, args.until);
    if (!until) return until.error().within("--until");
    if (*until <= door.now())
      return Error(Errc::invalid, "--until: " + to_string(*until) + " has passed already");
    order["until"] = operations::rfc3339(*until);
  }
  if (args.all) {
    order["all"] = true;
    return door.ask(post("/jobs/pause", order));
  }
  return door.ask(post("/jobs/" + args.job + "/pause", order));
}

}  // namespace

int cmd_pause(Console& console, const Common& common, const PauseArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, paused(**door, args), [&](const Seen& job) {
    if (args.all) return tell_each(console, job);
    const auto until = job.object("paused").instant("until");
    console.out << args.job << " is paused" << (until ? " until " + to_string(*until) : "")
                << "; its slots are refused and say so\n";
  });
}

}  // namespace hotclock::cli
