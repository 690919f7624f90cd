// A tally as the ledger's rows have it: a JSON object of numbers.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/core/outcome.h"

namespace hotclock::ledger {

std::string to_json(const Tally& tally);
// What is no number in it is left out; what is no object gives an empty one.
Tally read_tally(std::string_view json);

}  // namespace hotclock::ledger
