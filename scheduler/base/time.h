// The three words for time. Nothing else carries time in this code.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hotclock {

// A span of time, in milliseconds.
using Duration = std::chrono::milliseconds;

// A point on the UTC line, in milliseconds since 1970-01-01T00:00Z, leap seconds not counted.
using Instant = std::chrono::sys_time<Duration>;

// A point on the machine's monotonic line: for measuring durations and leases, which a step of the
// wall clock must not touch. Comparable only within one boot of one machine.
using Steady = std::chrono::steady_clock::time_point;

constexpr std::int64_t to_millis(Instant t) { return t.time_since_epoch().count(); }
constexpr Instant from_millis(std::int64_t ms) { return Instant{Duration{ms}}; }

// "2026-11-23T13:05:00Z"; milliseconds only where they are not zero ("...:00.250Z").
std::string to_string(Instant t);

// A span in words: "250 ms", "4.2 s", "5 min", "1 h 30 min", "3 d 2 h". Negative spans get a "-".
std::string to_words(Duration d);

}  // namespace hotclock
