// One act on many slots, a piece of them in one transaction with its row in the audit. A slot that
// it cannot be done to is told with the reason, and holds up no other.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/ledger/control.h"

namespace hotclock::ledger {

// As many as one transaction takes: more would keep a settlement waiting.
constexpr std::size_t most_of_a_piece = 200;

// What became of one of them.
struct Treated {
  std::int64_t slot_id = 0;
  std::string job;  // empty where there is no such slot
  Instant scheduled_for;
  std::string outcome;        // "cancelled", "asked_to_stop", "worked_anew"; "refused"
  std::string why;            // it was refused
  std::int64_t new_slot = 0;  // of what was entered
};

struct Piece {
  std::span<const std::int64_t> slots;
  std::string_view what;  // the act's name in the audit
  std::string_view job;   // that all of them are of; empty: of several
  std::string detail;     // of what it is a piece
};
// What a new slot of the job would have as its priority, or why it may not be done: asked once for
// each job.
using Allowed = std::function<Result<int>(const std::string& job)>;

// Takes them out of the line, or asks them to stop.
Result<std::vector<Treated>> cancel_many(sql::Database& database, const Piece& piece,
                                         const Allowed& allowed, const Person& by, Instant now);

// Enters a slot of the same instant for each that has ended and was not completed. They wait for
// each other, as those of a backfill do. A slot is worked anew once: what is asked for again is
// refused and names the new slot.
Result<std::vector<Treated>> retry_many(sql::Database& database, const Piece& piece,
                                        const Allowed& allowed, const Person& by, Instant now);

}  // namespace hotclock::ledger
