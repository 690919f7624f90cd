// trust-score: turns reputation events into each user's score and level.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/jobs/kit/user_ranges.h"
#include "service/jobs/trust_score/memo.h"
#include "service/jobs/trust_score/trust.h"
#include "service/outbox/event.h"
#include "service/work/chunk.h"

namespace hotclock::trust_score {

struct Settings {
  std::int64_t chunk = 10'000;             // events (of a full pass: users) in one transaction
  Duration half_life = Duration::zero();   // in which half of an event's weight fades; zero: never
  bool full = false;                       // every run is a full pass
  std::optional<std::int64_t> partitions = {};  // of a full pass, at most; none: as suits the engine
};

Result<Settings> read_settings(config::Section& section);

// What it says to an engine.
std::span<const sql::Statement* const> statements(const sql::Dialect& dialect);

// trust:changed, to the user's room.
outbox::Event changed(std::int64_t user, double score, std::string_view level,
                      std::string_view previous_level);

// An incremental run adds the events behind the watermark to the running sums of the users they are
// about; watermark and sums move in one chunk, so no event counts twice. A full pass makes every
// sum anew. It comes with the first slot of a UTC day, when `full` is set, when the half-life was
// changed, and at the very first. One that was broken off is taken up where it stood by whichever
// slot of that day comes next. Where the job stands is in its memo; it needs no cursor.
//
// A full pass over many users is divided: each partition sums those of a range of ids, its cursor is
// the rest of it, and the last one to be done puts the memo right. A divided pass of which a partition
// fails is done anew by the next slot.
//
// Events count in the order of their ids, up to the last one made by the slot's instant. Where
// several writers commit at once (PostgreSQL), an event can appear below the watermark: the next
// full pass counts it.
class TrustScore final : public Job {
 public:
  TrustScore(work::Desk& desk, Settings settings) : desk_(desk), settings_(settings) {}

  Outcome run(Execution& execution) override;

 private:
  struct Plan {
    Instant at;  // the slot's
    bool full = false;
    std::int64_t last = 0;  // of the last chunk: the event's id, in a full pass the user's
    std::int64_t upto = 0;  // the last event that counts
    std::int64_t size = 0;  // of a chunk
    std::int64_t full_day = 0;  // of the last full pass, when all is done
    std::int64_t until = kit::UserRange::no_end;  // of a full pass: the last user
    std::optional<std::int64_t> partition_of;     // the divided slot
    std::vector<kit::UserRange> partitions;       // where it is to be divided
    bool done = false;                            // a partition that an earlier attempt has finished
  };
  struct Counts {
    std::int64_t users = 0;
    std::int64_t changed = 0;
    std::int64_t levels = 0;
  };
  struct Person;  // a user, what stands of them, and what is to be added
  struct Range;   // of ids: after < id <= until
  class Keeper;   // writes what stands of users

  Result<Plan> plan(Execution& execution) const;
  Result<Plan> partition_plan(sql::Transaction& sql, Execution& execution, const std::string& memo) const;
  Result<> divide(sql::Transaction& sql, const Execution& execution, Plan& plan, std::int64_t users) const;
  Outcome start_partitions(Execution& execution, const Plan& plan) const;
  Result<> partition_is_done(sql::Transaction& sql, const Execution& execution) const;
  Result<> commit_chunk(work::Chunk& chunk, Execution& execution, const Plan& plan,
                        const Range& range) const;
  Plan full_pass(Instant t, const Memo& known, const std::optional<Underway>& underway,
                 std::int64_t upto) const;
  Plan events_behind(Instant t, const Memo& known, std::int64_t upto, bool dry_run) const;
  Result<bool> next_chunk(Execution& execution, Plan& plan, Counts& counts) const;
  std::string memo_after(const Plan& plan, const Range& range) const;
  Result<Range> next_range(sql::Transaction& sql, const Plan& plan) const;
  Result<std::vector<Person>> people(sql::Transaction& sql, const Plan& plan,
                                     const Range& range) const;
  Result<> add_fading(sql::Transaction& sql, const Plan& plan, const Range& range,
                      std::vector<Person>& people) const;
  double sum_of(const Person& person, const Plan& plan, Instant t) const;
  Result<> keep(work::Chunk& chunk, Keeper& keeper, const Person& person, const Plan& plan,
                Counts& counts) const;

  work::Desk& desk_;
  const Settings settings_;
};

}  // namespace hotclock::trust_score
