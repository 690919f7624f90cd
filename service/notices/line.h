// The line of notices of one notifier in the database: who serves it, what waits, what became of
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/notices/batch.h"
#include "service/notices/notifier.h"
#include "service/sql/sql.h"

namespace hotclock::notices {

// The right to serve it, and what its row says.
struct Held {
  std::int64_t fence = 0;
  Instant next;  // it is not tried before
  std::int64_t failures = 0;
  Instant minute_from;
  std::int64_t minute_count = 0;
};

// What is written down when a batch was answered.
struct Settled {
  const Batch& batch;
  const Answer& answer;
  Instant now;
  Instant next;  // away: when it is tried again; refused: when this batch is; else of those owed
};

// Each statement proves the fence in its transaction: Errc::lease_lost where another node serves it
// now. Threads: one at a time.
class Line {
 public:
  Line(sql::Database& database, std::string notifier, std::int64_t node)
      : database_(database), notifier_(std::move(notifier)), node_(node) {}

  // None where another node serves it.
  Result<std::optional<Held>> claim(Instant now, Instant until);
  Result<> hold(const Held& held, Instant until);
  Result<> release(const Held& held, Instant now);

  // Those of its notices that are to be looked at now, in their order; at most a thousand. One that
  // is no notice is given up.
  Result<std::vector<Waiting>> waiting(Instant now);
  Result<std::int64_t> depth();

  // Writes what became of a batch, and of the notifier's row. `held` as it is from now on.
  Result<> settle(Held& held, const Settled& settled);

  // How many were not told by `before` and are told no more, by `now`.
  Result<std::int64_t> give_up(Instant now, Instant before);
  // Removes what was sent by `before`, of all notifiers, and gives up what no node sends, which was
  // written by then.
  Result<> tidy_up(Instant now, Instant before);

 private:
  Result<> give_up_broken(const std::vector<std::int64_t>& notices, Instant now);
  Result<> write_sent(sql::Transaction& transaction, Held& held, const Settled& settled);
  Result<> write_owed(sql::Transaction& transaction, const Settled& settled);
  Result<> write_refused(sql::Transaction& transaction, const Held& held, const Settled& settled);
  Result<> change(const sql::Statement& statement, std::vector<sql::Param> params);
  Result<> with_fence(sql::Transaction& transaction, const sql::Statement& statement,
                      std::vector<sql::Param> params);

  sql::Database& database_;
  const std::string notifier_;
  const std::int64_t node_;
};

}  // namespace hotclock::notices
