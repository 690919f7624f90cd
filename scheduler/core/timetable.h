// The timetable: which slots are due. It asks nobody and writes nothing; what it says depends on
// schedules, catch-up rules, how far slots were entered, and the instant it is asked about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "scheduler/core/policy.h"
#include "scheduler/core/slot.h"
#include "scheduler/core/timing_wheel.h"

namespace hotclock {

// One due slot of one schedule.
struct DueSlot {
  Instant scheduled_for;
  Trigger trigger = Trigger::schedule;
  Instant available_at;
  bool missed = false;  // its catch-up rule leaves it out; `reason` says why
  std::string reason;
};

// The due slots of one schedule after `entered_until`, oldest first, `most` at the most.
// `entered_until` moves on to the last of them. A slot no later than the rule's grace is simply due.
// Of later ones the rule keeps some; the others are missed, each with a row of its own, but for a
// very long absence: then the oldest row speaks for all those before the newest `most_missed`.
std::vector<DueSlot> due_slots(const Schedule& schedule, const CatchUpRule& rule,
                               Instant& entered_until, Instant now, std::size_t most);
constexpr int most_missed = 10'000;

// The due slots of many schedules. Each costs some tens of bytes, and nothing while it is not due.
// Threads: one at a time.
class Timetable {
 public:
  using Row = std::uint32_t;

  // `row` is the caller's number for the schedule, small and dense. `rule` must outlive the row.
  void add(Row row, Schedule schedule, const CatchUpRule& rule, Instant entered_until);
  void remove(Row row);

  // The next instant at which anything is due; none where nothing ever will be.
  std::optional<Instant> next() const;
  // The next one of one schedule.
  std::optional<Instant> next(Row row) const;
  // Up to where one schedule's slots have been given out.
  Instant entered_until(Row row) const { return rows_[row].entered_until; }

  struct Due {
    Row row;
    DueSlot slot;
  };
  // The slots due at `now`, earliest first, about `most` at the most: ask again for more. What is
  // given out is not given out again.
  std::vector<Due> due(Instant now, std::size_t most);

 private:
  struct alignas(64) Planned {  // one line of the processor's cache
    std::optional<Schedule> schedule;  // empty: removed
    const CatchUpRule* rule = nullptr;
    Instant entered_until;
    Instant next = Instant::max();
    std::uint32_t version = 0;  // of the node that counts; others of this row are stale
  };
  struct Node {
    Instant next;
    Row row;
    std::uint32_t version;
    bool operator<(const Node& other) const { return next < other.next; }
  };

  bool stale(const Node& node) const { return rows_[node.row].version != node.version; }
  bool give_out_one(Row row, Instant now, std::vector<Due>& due);
  void give_out_late(Row row, Instant now, std::size_t most, std::vector<Due>& due);
  void plan(Row row);
  void drop_stale();

  std::vector<Planned> rows_;
  TimingWheel<Node> wheel_;
};

}  // namespace hotclock
