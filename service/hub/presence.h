// Who is there, on all nodes: for the people who operate them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/audit/audit.h"
#include "service/sql/sql.h"

namespace hotclock::hub {

// A client's socket, as the database has it. Clients are written down for their recovery, so where
// realtime.recovery is 0 nobody is.
struct Present {
  std::string socket_id;
  std::string identity;  // "user:17"; empty: anonymous
  std::vector<std::string> rooms;  // with its own user's
  std::string address;
  std::string node;
  Instant since;
  std::optional<Instant> away_since;  // its connection broke, and it may come back
};

// Which of them; what is empty says nothing.
struct Whom {
  std::string socket_id;
  std::string identity;
  std::string room;

  bool everybody() const { return socket_id.empty() && identity.empty() && room.empty(); }
};

struct Crowd {
  std::string room;
  std::int64_t clients = 0;
};

// At most `most` of them.
Result<std::vector<Present>> present(sql::Database& database, const Whom& whom, std::size_t most);

// Every room that somebody is in who is connected, the fullest first, and how many are in none.
Result<std::vector<Crowd>> crowds(sql::Database& database);

// Asks the nodes to end these clients' connections, for good: they cannot come back to what they had.
// How many they are; the request is written to the audit. A node does so within a second.
Result<std::int64_t> put_out(sql::Database& database, const Whom& whom, const audit::Person& by,
                             Instant now);

}  // namespace hotclock::hub
