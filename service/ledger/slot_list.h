// Lists of slots, narrowed by whatever people look for, newest first.
//
// A list walks through the slots along the index that leads best to what is asked for, and looks at
// no more than looked_at_by_a_page of them a page. So each page takes some milliseconds, however
// much the past holds and however rare what is looked for; where it is rare, a page may have few
// slots or none and another still follow it: `next` says where to go on, and how far back the walk
// has come.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/ledger/history.h"

namespace hotclock::ledger {

// Where a page ended.
struct Position {
  Instant scheduled_for;
  std::int64_t id = 0;
};

// The latest and the earliest there are.
Position newest_position();
Instant earliest_instant();

// What is empty or none narrows nothing. `ended`, `node` and `longer_than` are of the last attempt;
// but of slots that have not ended, `node` is the one that works it.
struct SlotQuery {
  std::string job;
  std::optional<State> state;
  std::optional<End> ended;
  std::optional<Trigger> trigger;
  std::string queue;                        // "default", or a queue's name
  std::string node;                         // its name, whichever of its processes
  std::string requested_by;                 // who asked for it
  Duration longer_than = Duration::zero();  // took so long or longer; zero: any
  std::optional<Instant> since;             // by the slot's instant
  std::optional<Instant> until;             // before it
  std::optional<Position> after;            // the page that follows
  int limit = 50;
};

struct Page {
  std::vector<SlotView> slots;
  std::optional<Position> next;  // none: that was all
};
// Newest first; partitions are shown with the slot they are a part of.
Result<Page> list_slots(sql::Database& database, const SlotQuery& query);

// The same walk without what the slots look like, for whoever reads them otherwise. `looked_at`:
// how many slots a page may cost.
struct Walked {
  std::vector<Position> found;
  std::optional<Position> next;
};
constexpr int looked_at_by_a_page = 2'000;
Result<Walked> walk_slots(sql::Transaction& transaction, const SlotQuery& query,
                          int looked_at = looked_at_by_a_page);

}  // namespace hotclock::ledger
