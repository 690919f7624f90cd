// hotclock priority, enable, disable, kill-switch, decide.
#include <ostream>

#include <fmt/format.h>

#include "service/cli/changes_text.h"
#include "service/cli/commands.h"
#include "service/cli/slot_text.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

int tell_changed(Console& console, const Common& common, const Result<Answer>& answer) {
  return tell(console, common, answer, [&](const Seen& change) { tell_change(console, change); });
}

template <class Args>
int switched(Console& console, const Common& common, const Args& args, const std::string& act) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell_changed(
      console, common,
      args.undo ? undo_newest(**door, args.job, act, args.reason)
                : (*door)->ask(post("/jobs/" + args.job + "/" + act, {{"reason", args.reason}})));
}

Result<Answer> turned(Door& door, const KillSwitchArgs& args) {
  if (args.what == "status") return door.ask(get("/kill-switch"));
  if (args.reason.empty()) return Error(Errc::invalid, "--reason is missing: say why");
  if (args.what == "off") return door.ask(remove("/kill-switch", args.reason));
  return door.ask(
      put("/kill-switch", {{"reason", args.reason}, {"stop_running", args.stop_running}}));
}

}  // namespace

int cmd_priority(Console& console, const Common& common, const PriorityArgs& args) {
  if (!args.undo && !args.priority)
    return fail(console, common.json,
                Error(Errc::invalid, "say which: priority JOB PRIORITY, or --undo"));
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell_changed(
      console, common,
      args.undo ? undo_newest(**door, args.job, "priority", args.reason)
                : (*door)->ask(put("/jobs/" + args.job + "/priority",
                                   {{"priority", *args.priority}, {"reason", args.reason}})));
}

int cmd_enable(Console& console, const Common& common, const EnableArgs& args) {
  return switched(console, common, args, "enable");
}

int cmd_disable(Console& console, const Common& common, const DisableArgs& args) {
  return switched(console, common, args, "disable");
}

int cmd_kill_switch(Console& console, const Common& common, const KillSwitchArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, turned(**door, args), [&](const Seen& kill) {
    if (kill.flag("on"))
      console.out << fmt::format(
          "the kill switch is on: nothing starts on any node, since {}, by "
          "{}: {}\n",
          to_string(kill.instant("since").value_or(Instant{})), kill.text("by"),
          kill.text("reason"));
    else
      console.out << "the kill switch is off\n";
  });
}

int cmd_decide(Console& console, const Common& common, const DecideArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const std::string decision = args.decision == "again" ? "try_again" : args.decision;
  return tell(console, common,
              (*door)->ask(post("/slots/" + args.slot + "/decide",
                                {{"decision", decision}, {"reason", args.reason}})),
              [&](const Seen& slot) {
                console.out << fmt::format("slot {} of {}: {}\n", slot.text("id"), slot.text("job"),
                                           standing(operations::slot_of(slot)));
              });
}

}  // namespace hotclock::cli
