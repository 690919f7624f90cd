// Festivals as people and programs read them, and what becomes of an act.
#pragma once

#include <string>
#include <vector>

#include "service/cli/console.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/festivals/festivals.h"
#include "service/operations/seen.h"

namespace hotclock::cli {

using festivals::Problem;

// "festival 3 (Tihar)"
std::string name_of(const festivals::Festival& festival);

// "running, until in 2 d", and that nobody has turned it yet where its flag says so.
Cell state_cell(const festivals::Festival& festival, Instant now);

// Everything of one festival, a line for each member.
void show_festival(Console& console, const festivals::Festival& festival, Instant now);

// What the API shows of one.
festivals::Festival festival_of(const operations::Seen& festival);
// The mistakes that an answer tells.
std::vector<Problem> problems_in(const operations::Seen& answer);

// Says all that is wrong with `what`, a file or a festival, and that nothing was changed.
int refuse(Console& console, bool json, const std::string& what,
           const std::vector<Problem>& problems);

}  // namespace hotclock::cli
