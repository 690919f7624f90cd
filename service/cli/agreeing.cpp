#include "service/cli/agreeing.h"

#include <iostream>

namespace hotclock::cli {

Result<> agreed(Console& console, bool yes, const std::string& question) {
  if (yes) return {};
  if (!console.in_is_terminal)
    return Error(Errc::invalid,
                 "nobody is there to agree to it; look at what is shown, then give --yes");
  console.out.flush();
  console.err << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(console.in, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return Error(Errc::conflict, "nothing was done");
}

}  // namespace hotclock::cli
