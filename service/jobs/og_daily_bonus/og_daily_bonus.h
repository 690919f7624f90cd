// og-daily-bonus: pays every holder of an OG tier its daily part of the tier's price back, once for
// each calendar day of the schedule's zone.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "scheduler/zone/zone.h"
#include "service/config/section.h"
#include "service/jobs/kit/user_ranges.h"
#include "service/jobs/og_daily_bonus/bonus.h"
#include "service/work/chunk.h"

namespace hotclock::og_daily_bonus {

struct Settings {
  config::Decimal share{6, 1};  // the part of a tier's price that its bonuses pay back
  std::int64_t chunk = 5000;    // users looked at in one transaction
  std::optional<std::int64_t> partitions = {};  // at most; none: as many as suit the engine
};

Result<Settings> read_settings(config::Section& section);

// What it says to an engine.
std::span<const sql::Statement* const> statements(const sql::Dialect& dialect);

// Divides the users into ranges of ids where they are many, and works through those of a range in the
// order of their ids, a chunk at a time. Its cursor is the rest of its range.
//
// A chunk that a record makes fail (a balance that would overflow, data that break a constraint) is
// rolled back and tried again in smaller pieces, down to that one user, who is set aside. The
// cursor then stays before the first user set aside, so that a resumed execution meets it again and
// tells of it; those paid behind it are passed over.
class OgDailyBonus final : public Job {
 public:
  // Bonus dates are read in `zone`: the schedule's.
  OgDailyBonus(work::Desk& desk, std::shared_ptr<const Zone> zone, Settings settings)
      : desk_(desk), zone_(std::move(zone)), settings_(settings) {}

  Outcome run(Execution& execution) override;

 private:
  // A range that failed as a whole, and the size of the pieces it is tried in.
  struct Suspect {
    std::int64_t until;
    std::int64_t size;
  };
  // One run, from its first chunk to its last.
  struct Round {
    std::string date;
    Tiers tiers{};
    std::vector<kit::UserRange> partitions;  // where it is to be divided
    std::int64_t last = 0;        // the id of the last user looked at
    std::int64_t until = 0;       // the id of the last one to look at
    std::int64_t size = 0;        // users in the next chunk
    std::vector<Suspect> suspects;  // each inside the one before it
    bool finished = false;
    std::int64_t users = 0;       // paid for this slot so far, by earlier attempts too
    std::int64_t coins = 0;
    std::int64_t set_aside_total = 0;
    std::vector<SetAside> set_aside;
    std::optional<std::int64_t> hold;  // where the cursor stays: before the first one set aside
  };
  // A range of users: `after` < id <= `until`.
  struct Range {
    std::int64_t after;
    std::int64_t until;
    std::int64_t users;
  };
  struct Paid {
    std::int64_t users;
    std::int64_t coins;
  };

  Result<Round> prepare(Execution& execution) const;
  static Result<bool> somebody_to_pay(sql::Transaction& sql, const Execution& execution, const Round& round);
  Result<> next_chunk(Execution& execution, Round& round) const;
  Result<Paid> pay(work::Chunk& chunk, Execution& execution, const Round& round,
                   const Range& range) const;
  // What pay() does in a chunk, by one statement or by several, as the engine allows.
  static Result<Paid> pay_at_once(sql::Transaction& sql, std::span<const sql::Param> eligible);
  static Result<Paid> pay_step_by_step(sql::Transaction& sql, std::span<const sql::Param> eligible);
  void went_well(Round& round, const Range& range, const Paid& paid) const;
  Result<> went_wrong(Round& round, const Range& range, Error why) const;
  void go_on_behind(Round& round, const Range& range) const;

  work::Desk& desk_;
  const std::shared_ptr<const Zone> zone_;
  const Settings settings_;
};

}  // namespace hotclock::og_daily_bonus
