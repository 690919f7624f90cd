// How many files this process may have open: each connection of a client's is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scheduler/base/result.h"

namespace hotclock::app {

// Raises the limit to the most that the process may have by itself, and gives what holds then.
// Programs that jobs run have a limit of their own. Threads: one, before others open files.
Result<std::int64_t> raise_open_files();

// What is to be told where `limit` open files do not hold so many connections beside what the node
// needs for itself; none where they do.
std::optional<std::string> too_few_open_files(std::int64_t limit, std::int64_t connections);

}  // namespace hotclock::app
