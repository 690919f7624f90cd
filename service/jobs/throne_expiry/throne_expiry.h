// throne-expiry: takes thrones from their holders when their time is up, and tells their streams.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/outbox/event.h"
#include "service/work/chunk.h"

namespace hotclock::throne_expiry {

struct Settings {
  std::int64_t chunk = 5000;  // thrones expired in one transaction
};

Result<Settings> read_settings(config::Section& section);

// What it says to an engine.
std::span<const sql::Statement* const> statements(const sql::Dialect& dialect);

// A throne that has just fallen.
struct Throne {
  std::int64_t id = 0;
  std::int64_t stream_id = 0;
  std::int64_t user_id = 0;
  std::string username;
  std::int64_t total_coins = 0;
  Instant expires_at;
};

// throne:expired, to the stream's room and the throne's.
outbox::Event expired(const Throne& throne);

// Works through the thrones in the order in which they fall. A throne that has fallen is not due again, and
// what a dead execution left is still due: the cursor says only how many have fallen for the slot so far,
// so that its end counts them all.
class ThroneExpiry final : public Job {
 public:
  ThroneExpiry(work::Desk& desk, Settings settings) : desk_(desk), settings_(settings) {}

  Outcome run(Execution& execution) override;

  bool wakes_early() const override { return true; }
  // When the next throne falls; an instant that has passed where one is overdue.
  Result<std::optional<Instant>> next_wake(Instant now) override;

 private:
  // Where a chunk ended.
  struct Mark {
    Instant expires_at;
    std::int64_t id = 0;
    std::int64_t fallen = 0;  // in that chunk
  };
  // The chunk behind `last`, the last of `fallen`.
  Result<Mark> next_chunk(Execution& execution, const Mark& last, std::int64_t fallen) const;
  // What it does in a chunk, by one statement or by several, as the engine allows.
  Result<Mark> expire_at_once(work::Chunk& chunk, const Execution& execution, const Mark& last) const;
  Result<Mark> expire_step_by_step(work::Chunk& chunk, const Execution& execution, const Mark& last) const;

  work::Desk& desk_;
  const Settings settings_;
};

}  // namespace hotclock::throne_expiry
