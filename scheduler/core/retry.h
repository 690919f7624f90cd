// Whether and when a failed attempt is tried again.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock {

enum class Backoff {
  fixed,        // the first delay each time
  exponential,  // doubled each time
  jittered,     // "decorrelated jitter": between the first delay and three times the last one
};

std::string_view to_string(Backoff);
bool from_string(std::string_view text, Backoff& out);

// Retries are always counted, and a slot can grow too old to be tried again: a bonus retried a day
// late may be wrong.
struct RetryRule {
  int retries = 0;  // after the first attempt
  Duration first_delay = std::chrono::minutes{1};
  Backoff backoff = Backoff::exponential;
  Duration longest_delay = std::chrono::hours{1};
  Duration max_age = std::chrono::hours{24};  // past the slot's instant; no retry would start later
};

// When the attempt after `attempt` (1 for the first) may start, if there may be one.
// `seed` makes the jitter of one slot repeatable: give the slot's id.
std::optional<Instant> next_attempt(const RetryRule& rule, int attempt, Instant ages_since,
                                    Instant now, std::uint64_t seed);

}  // namespace hotclock
