// The pages of the demo, and the tokens it hands to its visitors.
#pragma once

#include <string>

#include "scheduler/base/clock.h"
#include "service/http/server.h"

namespace hotclock::hub {

// GET / and what it needs, and GET /demo/token?user=ID: a token of that user for an hour, signed with
// `secret`. Whoever reaches the server may be any user then, so it is for this machine alone.
// `clock` outlives the server.
void serve_demo(http::Server& server, const Clock& clock, std::string secret);

}  // namespace hotclock::hub
