// The dashboard's files beside the API: what a browser loads before it asks the API for anything.
#pragma once

#include <optional>

#include "service/api/ui_directory.h"
#include "service/http/server.h"

namespace hotclock::api {

//   /assets/NAME   scripts, styles and pictures, whose names hold their hashes: kept for good
//   anything else  the one page, which shows what its address says; it is asked for anew each time
//
// None of it wants a token: it is the same for everybody, and tells nothing of what is scheduled.
// An address that no page of the dashboard has is 404, with the page, which says so in words.
// `instead`: files of a directory in place of the program's own, none of which browsers keep; they
// are read on the loop, so it is for whoever works on the pages.
// REQUIRES: before the server starts; once. Threads: the loop's.
void serve_dashboard(http::Server& server, std::optional<UiDirectory> instead = {});

}  // namespace hotclock::api
