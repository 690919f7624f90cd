// hotclock cancel: an execution stops at its next chunk.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/telling.h"

namespace hotclock::cli {

int cmd_cancel(Console& console, const Common& common, const CancelArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const std::string reason = args.reason.empty() ? "cancelled by hand" : args.reason;
  const auto cancelled =
      (*door)->ask(post("/executions/" + args.execution + "/cancel", {{"reason", reason}}));
  return tell(console, common, cancelled, [&](const Seen& said) {
    console.out << (said.text("cancelled") == "ended"
                        ? "it had not begun, and has ended as cancelled\n"
                        : "its node has been asked to stop it; what is committed stays\n");
  });
}

}  // namespace hotclock::cli
