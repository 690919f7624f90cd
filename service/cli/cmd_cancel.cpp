// hotclock cancel: an execution stops at its next chunk.
#include <ostream>

#include <boost/json/object.hpp>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/ledger/control.h"

namespace hotclock::cli {

int cmd_cancel(Console& console, const Common& common, const CancelArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const std::string who = asking(console, args.by);
  const auto cancelled = ledger::request_cancel(*session->database, args.execution,
                                                {who, "cancelled by " + who}, session->clock->now());
  if (!cancelled) return fail(console, common.json, cancelled.error());
  const bool ended = *cancelled == ledger::Cancelled::ended;
  if (common.json)
    print(console, {{"execution", args.execution}, {"ended", ended}});
  else
    console.out << (ended ? "it had not begun, and has ended as cancelled\n"
                          : "its node has been asked to stop it; what is committed stays\n");
  return exit_done;
}

}  // namespace hotclock::cli
