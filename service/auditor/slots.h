// Compares the slots that should have been with those that are: a merge of two lines in the order
// of their instants, so it needs no more room for a year than for a day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scheduler/base/time.h"
#include "service/auditor/difference.h"
#include "service/auditor/rules.h"
#include "service/auditor/schedules.h"
#include "service/auditor/spans.h"

namespace hotclock::auditor {

// One slot as its tables have it.
struct SlotRow {
  std::int64_t id = 0;
  Instant scheduled_for;
  std::string key, trigger;
  Instant entered_at;
  bool partition = false;
  std::int64_t running = 0, waiting = 0,
               ends = 0;  // rows of it in leases, queue, and ends in history
  std::string ended;      // empty: it has not
  std::optional<Instant> started_at, ended_at;
  std::string reason;
};

// What is known of a job beside its slots.
struct JobFacts {
  std::string name;
  bool in_settings = true;  // of this program: others are entered by nobody
  Instant entered_until;
  Timeline timeline;
  History<Rules> rules;
  Spans paused, off, killed;
};

// The range, and since when somebody was there to enter slots; none: nobody is.
struct Look {
  Instant from, until;  // both inside
  Instant now;
  std::optional<Instant> watched_since = {};
};

struct SlotCounts {
  std::int64_t expected = 0, found = 0;
  std::int64_t not_yet = 0;    // due, and nobody was there yet to enter them
  std::int64_t summed_up = 0;  // in a very long absence: one row stands for them
  std::int64_t others = 0;     // early, by hand, backfilled, partitions
  std::int64_t not_judged =
      0;  // of those found: whoever treated them, by rules that nobody has seen
};

// A slot may be entered so much later than it is due while somebody is there; an act and a claim
// may pass each other within it.
constexpr Duration slot_margin = std::chrono::minutes{2};

class SlotComparison {
 public:
  // What is handed in outlives it. `stands_for_until`: where one row from before the range stands
  // for slots in it.
  SlotComparison(const JobFacts& job, const Look& look, Differences& out,
                 std::optional<Instant> stands_for_until = {});

  // REQUIRES: rows come in the order of (scheduled_for, id).
  void see(const SlotRow& row);
  // Behind the last row.
  void finish();
  const SlotCounts& counts() const { return counts_; }

 private:
  void stands(const SlotRow& row);
  void expect_before(Instant t);
  void not_there(Instant t);
  void match(const SlotRow& row);
  void skip_summed_up(const SlotRow& row, Instant before, std::optional<std::int64_t> said);
  void judge(const SlotRow& row);
  void judge_missed(const SlotRow& row, const Rules& rules);
  void judge_worked(const SlotRow& row, const Rules* rules);
  void judge_refused(const SlotRow& row, const Rules* rules);
  bool kept_by(const Rules& rules, const SlotRow& row) const;
  void add(Kind kind, Instant at, std::string subject, std::string detail);
  void add(Kind kind, const SlotRow& row, std::string detail);

  const JobFacts& job_;
  const Look look_;
  Differences& out_;
  SlotCounts counts_;
  std::optional<Instant> expected_;  // the next that the schedule names
  std::optional<Instant> last_of_schedule_;
};

// What a row that stands for many says: "...; stands for 120 further slots before 2026-...Z".
struct SummedUp {
  Instant before;
  std::optional<std::int64_t> further;  // none: it says "more than"
};
std::optional<SummedUp> summed_up_in(std::string_view reason);

}  // namespace hotclock::auditor
