// hotclock show: one execution, its slot, all attempts at it, and what was set aside.
#include "service/cli/commands.h"
#include "service/cli/show_execution.h"
#include "service/cli/telling.h"

namespace hotclock::cli {

int cmd_show(Console& console, const Common& common, const ShowArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/executions/" + args.execution)),
              [&](const Seen& seen) { show_execution(console, operations::execution_of(seen)); });
}

}  // namespace hotclock::cli
