#include "scheduler/core/jitter.h"

#include <cstdint>

namespace hotclock {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

Duration jitter_of(std::string_view job, Instant scheduled_for, Duration most) {
  if (most <= Duration::zero()) return Duration::zero();
  auto hash = static_cast<std::uint64_t>(to_millis(scheduled_for));
  for (const char c : job) hash = mixed(hash ^ static_cast<unsigned char>(c));
  return Duration{static_cast<std::int64_t>(mixed(hash) % (static_cast<std::uint64_t>(most.count()) + 1))};
}

}  // namespace hotclock
