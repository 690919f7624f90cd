// The demo's clock, for the demo's page.
#pragma once

#include "scheduler/base/shifted_clock.h"
#include "service/api/ground.h"
#include "service/http/server.h"

namespace hotclock::app {

//   GET  /demo/clock   {"now", "shifted", "next": {"at", "name", "turn": "start" or "end"} or null}
//   POST /demo/jump    {"now", "festival", "turn"}: the clock is a moment before the next turn now
//
// ?country=NP: of turns that country sees.
// `shifted` null: the clock is the database's and cannot be moved (409). Whoever reaches the server
// may move it, so it is for this machine alone; pages of other origins may not.
// REQUIRES: before the server starts. `ground` and `shifted` outlive it.
void serve_demo_clock(http::Server& server, const api::Ground& ground, ShiftedClock* shifted);

}  // namespace hotclock::app
