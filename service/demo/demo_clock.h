// The demo's clock: the machine's, until somebody jumps to where a festival begins or ends.
#pragma once

#include <optional>
#include <string>

#include "scheduler/base/result.h"
#include "scheduler/base/shifted_clock.h"
#include "service/sql/sql.h"

namespace hotclock::demo {

// Where a festival begins, or is over.
struct Turn {
  Instant at;
  std::string festival;
  bool begins = false;
};

// The first that is still to come for who watches from `country`, for anybody where that is empty;
// none where the calendar has no more.
Result<std::optional<Turn>> next_turn(sql::Database& database, Instant now,
                                      std::string_view country = {});

// How far ahead the clock was when it was last jumped: a demo that is served again goes on there,
// since its slots were worked until then.
Result<Duration> kept_ahead(sql::Database& database);

// Puts the clock a moment before the next turn, so that those who watch see it come, and keeps
// that. Errc::not_found where the calendar has no more turns.
Result<Turn> jump(sql::Database& database, ShiftedClock& clock, std::string_view country = {});

}  // namespace hotclock::demo
