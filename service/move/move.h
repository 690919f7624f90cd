// Moving everything from one database to another, of the same engine or not: a platform that began on
// SQLite goes on on PostgreSQL.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::move {

struct Moved {
  struct Table {
    std::string name;
    std::int64_t rows = 0;
  };
  struct Money {
    std::string what;  // "bonus balances"
    std::int64_t sum = 0;
  };
  std::vector<Table> tables;  // in the order in which they were made
  std::vector<Money> money;   // the same on both sides
};

// Told now and then: rows of `table` so far, of how many.
using OnProgress = std::function<void(std::string_view table, std::int64_t done, std::int64_t total)>;

// Copies every row of `from`, as one snapshot has it, into `to`, in one transaction that is committed
// only once the counts of all tables and the sums of all coins agree. Both schemas must be up to date.
// Errc::conflict where `to` holds anything already, or somebody serves `from`; Errc::unsupported where
// a platform is adopted. After an error `to` is as empty as before.
Result<Moved> move_everything(sql::Database& from, sql::Database& to, Instant now,
                              const OnProgress& on_progress = {});

}  // namespace hotclock::move
