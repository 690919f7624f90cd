// Which slots are meant, as people write it and as the API takes it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "service/cli/arguments.h"
#include "service/cli/door.h"

namespace hotclock::cli {

using Query = std::vector<std::pair<std::string, std::string>>;

// Times are read on the wall clock of the job's schedule. Errc::invalid: a word that is none of its
// kind, with what would be right.
Result<Query> filters_of(Door& door, const SlotFilters& slots);

}  // namespace hotclock::cli
