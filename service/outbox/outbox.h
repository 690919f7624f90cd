// The outbox: events wait here, from the commit of what they tell of until they are delivered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/outbox/event.h"
#include "service/sql/bulk.h"
#include "service/sql/sql.h"

namespace hotclock::outbox {

// An event as it lies in the outbox.
struct Posted {
  std::int64_t id = 0;
  Instant created_at;
  std::string name;
  std::vector<std::string> rooms;
  std::string payload;    // JSON, as it will be sent
  std::string execution;  // whose chunk it was
};

// Puts the events of one execution into the outbox of one transaction: they leave if and only if it
// commits. Threads: one at a time.
class Writer {
 public:
  Writer(sql::Transaction& transaction, Instant now, std::string execution);
  Writer(const Writer&) = delete;

  // Errc::invalid where its name is empty, or a room is empty or holds a space. Another error means
  // that the transaction must be rolled back.
  Result<> append(const Event& event);
  // Events are written some together: before this call not all of them are.
  Result<> flush();

 private:
  const Instant now_;
  const std::string execution_;
  sql::Bulk<5> rows_;
};

// Forgets events up to `id` that are older than `before`, some thousands to a transaction; how
// many. The newest event always stays.
Result<std::int64_t> trim(sql::Database& database, std::int64_t id, Instant before);

}  // namespace hotclock::outbox
