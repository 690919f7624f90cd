// What a command was answered, told to a person or to a program.
#pragma once

#include <functional>
#include <string>

#include "service/cli/door.h"
#include "service/operations/seen.h"

namespace hotclock::cli {

using operations::Seen;

// An error and its exit code; else as JSON what the API answered, or `words`. What waits for a
// second person is told as that, {"approval": ...} to a program, and is success: it was asked for.
int tell(Console& console, const Common& common, const Result<Answer>& answer,
         const std::function<void(const Seen&)>& words);

// What became of each of many jobs, a line each, the refused first.
void tell_each(Console& console, const Seen& done);

// What a person typed for --at and its like, on the wall clock of the job's schedule;
// of none: in UTC.
Result<Instant> read_instant_of(Door& door, const std::string& job, const std::string& text);

// A list that may be longer than a page: its first `most` items, page by page, as one answer. Pages
// may be empty where what is asked for is rare: after some thousand of them it is `next` that says
// where to go on.
Result<Answer> ask_for_all(Door& door, Request request, std::size_t most);

}  // namespace hotclock::cli
