// The outbox: events that left with the rows they speak of, waiting to be carried to clients.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/outbox/event.h"
#include "service/sql/sql.h"

namespace hotclock::outbox {

// An event as it stands in the outbox. Ids grow in the order of commits.
struct Stored {
  std::int64_t id = 0;
  Instant created_at;
  std::string event;
  std::vector<std::string> rooms;  // empty: everybody
  std::string payload;             // JSON, as it is sent
  std::string execution_id;
};

// Puts an event into the outbox: it leaves if and only if the transaction commits. Errc::invalid
// for a room's name that holds a blank.
Result<> append(sql::Transaction& transaction, const Event& event, Instant now,
                std::string_view execution_id);

// The `limit` oldest events after `id`, in order.
Result<std::vector<Stored>> read_after(sql::Transaction& transaction, std::int64_t id, int limit);

// Removes the events made before `before`, `limit` at the most; how many. Ask again while it gives
// `limit`.
Result<std::int64_t> trim(sql::Transaction& transaction, Instant before, int limit);

}  // namespace hotclock::outbox
