// Reads the outbox on and on, in one order that is the same for every reader.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "service/outbox/outbox.h"

namespace hotclock::outbox {

// What a reader needs to know of an event before it decides to read it whole.
struct Head {
  std::int64_t id = 0;
  Instant created_at;
  std::string rooms;  // as they are stored: one space between them, empty for everybody
};

// Events come in the order of their ids, and none comes after one with a greater id. Where many write
// at once an id may be given long before its event is there: what lies behind such a gap is held
// back until the transactions that were writing then are over, which is as long as a chunk takes.
// Threads: one at a time.
class Reader {
 public:
  // Stands behind `position`: an id whose events before it were read or are of no interest.
  Reader(sql::Database& database, std::int64_t position)
      : database_(database), position_(position) {}

  // Up to `most` of the next events, and moves behind them; none where there is none yet.
  Result<std::vector<Posted>> next(int most);
  // The same without what they say.
  Result<std::vector<Head>> next_heads(int most);

  std::int64_t position() const { return position_; }
  // Something is there already that is held back: ask again soon.
  bool holds_back() const { return gap_ && gap_->until > position_; }

 private:
  using Writers = std::set<std::string>;
  // Events up to `until` are settled once none of these writes any more.
  struct Gap {
    std::int64_t until;
    Writers writers;
  };

  template <class One>
  Result<std::vector<One>> read(int most);
  template <class One>
  Result<std::vector<One>> rows_after(std::int64_t until, int most);
  Result<bool> settled(std::int64_t until);
  Result<Writers> writers();

  sql::Database& database_;
  std::int64_t position_;
  std::optional<Gap> gap_;
};

// Where a reader stands that wants what was posted at `since` and later.
Result<std::int64_t> place_of(sql::Database& database, Instant since);

// Events by their ids, those of them that are still there, in the order asked for.
Result<std::vector<Posted>> read_events(sql::Database& database, std::span<const std::int64_t> ids);

// Every statement of this folder that `dialect` knows.
std::vector<const sql::Statement*> statements(const sql::Dialect& dialect);

// Tells readers that this transaction may write events. On an engine where many write at once, every
// transaction does so before its first event; elsewhere there is nothing to tell.
Result<> announce(sql::Transaction& transaction, const sql::Dialect& dialect);

}  // namespace hotclock::outbox
