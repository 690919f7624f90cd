// hotclock profile: where the time of an execution, or of a job's newest ones, went.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/profile_text.h"
#include "service/cli/telling.h"

namespace hotclock::cli {
namespace {

// An id is of hexadecimal digits and dashes, and begins with a digit; a slot's number is one too.
bool is_an_id(const std::string& what) {
  return !what.empty() && what.front() >= '0' && what.front() <= '9' &&
         what.find_first_not_of("0123456789abcdef-") == what.npos;
}

}  // namespace

int cmd_profile(Console& console, const Common& common, const ProfileArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const std::string of = is_an_id(args.what) ? "/executions/" : "/jobs/";
  return tell(console, common, (*door)->ask(get(of + args.what + "/profile")),
              [&](const Seen& profile) { show_profile(console, profile); });
}

}  // namespace hotclock::cli
