// The pages of the demo, and the tokens it hands to its visitors.
#pragma once

#include <string>

#include "scheduler/base/clock.h"
#include "service/http/server.h"
#include "service/sql/sql.h"

namespace hotclock::hub {

// GET / and what it needs; GET /demo/coming: the thrones that fall next, and holders of an OG tier;
// and GET /demo/token?user=ID&role=ROLE: a token of that user for an hour, signed with `secret`,
// with that role where one is asked for. Whoever reaches the server may be any user then, and is
// answered from the database on the loop's thread, so it is for this machine alone. `database` and
// `clock` outlive the server.
void serve_demo(http::Server& server, sql::Database& database, const Clock& clock,
                std::string secret);

}  // namespace hotclock::hub
