// One pass: facts, findings, alerts, notices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scheduler/base/result.h"
#include "service/alerts/gather.h"
#include "service/alerts/store.h"
#include "service/alerts/telling.h"
#include "service/sql/sql.h"

namespace hotclock::alerts {

// The right to evaluate: see take_turn().
struct Held {
  std::int64_t fence = 0;
  Instant until;
};

// What a pass did.
struct Passed {
  std::vector<Alert> fired, resolved;
  std::int64_t notices = 0;
  bool changed = false;  // anything at all
};

// Brings the alerts to what was seen, and puts the notices in line: all of it in one
// transaction, which proves the turn, or on an error nothing. What changed is news.
// Errc::lease_lost: another node evaluates by now. What is over longer than `retention` is
// forgotten.
Result<Passed> pass(sql::Database& database, const Held& held, const Seen& seen,
                    std::span<const Route> routes, const config::AlertsConfig& settings,
                    Instant now);

}  // namespace hotclock::alerts
