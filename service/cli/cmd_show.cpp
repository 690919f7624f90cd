// hotclock show: one execution, its slot, all attempts at it, and what was set aside.
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/show_execution.h"
#include "service/cli/slot_text.h"

namespace hotclock::cli {

int cmd_show(Console& console, const Common& common, const ShowArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto view = ledger::show_execution(*session->database, args.execution);
  if (!view) return fail(console, common.json, view.error());
  if (common.json)
    print(console, execution_json(*view));
  else
    show_execution(console, *view);
  return exit_done;
}

}  // namespace hotclock::cli
