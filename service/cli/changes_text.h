// Live changes, as people read them; and taking the last one back.
#pragma once

#include <string>
#include <string_view>

#include "service/cli/console.h"
#include "service/cli/door.h"
#include "service/operations/seen.h"

namespace hotclock::cli {

// One that was just made: what it changed, and how it is undone.
void tell_change(Console& console, const operations::Seen& change);
// A list of them.
void show_changes(Console& console, const operations::Seen& list, Instant now);

// Takes back the job's newest live change, which has to be of this kind ("priority"): what came
// after it is not to be undone by mistake. Errc::conflict says which one is the newest.
Result<Answer> undo_newest(Door& door, const std::string& job, std::string_view act,
                           const std::string& reason);

}  // namespace hotclock::cli
