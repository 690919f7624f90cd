// hotclock completion: a shell's completion script; and what the scripts ask while a person types.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/completion.h"
#include "service/cli/session.h"

namespace hotclock::cli {

int cmd_completion(Console& console, const Common& common, const CompletionArgs& args) {
  Invocation unused;
  const auto script = completion_script(*make_parser(unused), args.shell);
  if (!script) return fail(console, common.json, script.error());
  console.out << *script;
  return exit_done;
}

// Says nothing where it does not know: a person is in the middle of a word.
int cmd_complete(Console& console, const Common& common, const CompleteArgs& args) {
  const auto settings = read_settings(console, common);
  if (!settings || args.what != "jobs") return exit_done;
  for (const auto& job : settings->jobs) console.out << job.name << '\n';
  return exit_done;
}

}  // namespace hotclock::cli
