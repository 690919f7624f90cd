// The commands that change what is in force, and those that say who may.
#pragma once

#include "service/cli/arguments.h"

namespace hotclock::cli {

void add_control(CLI::App& parser, Invocation& invocation);

}  // namespace hotclock::cli
