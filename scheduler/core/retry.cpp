#include "scheduler/core/retry.h"

#include <algorithm>

#include "scheduler/base/names.h"

namespace hotclock {
namespace {

constexpr Names<Backoff, 3> backoffs{{{Backoff::fixed, "fixed"},
                                      {Backoff::exponential, "exponential"},
                                      {Backoff::jittered, "jittered"}}};

// A well-mixed number of `x` (the finaliser of splitmix64, Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

Duration doubled(const RetryRule& rule, int times) {
  Duration delay = rule.first_delay;
  for (int i = 0; i < times && delay < rule.longest_delay; ++i) delay *= 2;
  return delay;
}

// Brooker, "Exponential Backoff And Jitter" (2015): each delay is drawn between the first delay and
// three times the one before.
Duration jittered(const RetryRule& rule, int times, std::uint64_t seed) {
  Duration delay = rule.first_delay;
  for (int i = 0; i < times; ++i) {
    const auto span = static_cast<std::uint64_t>((3 * delay - rule.first_delay).count()) + 1;
    const auto drawn = mixed(seed * 1'000'003 + static_cast<std::uint64_t>(i)) % span;
    delay = std::min(rule.first_delay + Duration{static_cast<std::int64_t>(drawn)},
                     rule.longest_delay);
  }
  return delay;
}

Duration delay_after(const RetryRule& rule, int attempt, std::uint64_t seed) {
  switch (rule.backoff) {
    case Backoff::fixed: return rule.first_delay;
    case Backoff::exponential: return std::min(doubled(rule, attempt - 1), rule.longest_delay);
    case Backoff::jittered: return std::min(jittered(rule, attempt, seed), rule.longest_delay);
  }
  return rule.first_delay;
}

}  // namespace

std::string_view to_string(Backoff b) { return name_of(backoffs, b); }
bool from_string(std::string_view text, Backoff& out) { return find_name(backoffs, text, out); }

std::optional<Instant> next_attempt(const RetryRule& rule, int attempt, Instant ages_since,
                                    Instant now, std::uint64_t seed) {
  if (attempt > rule.retries) return std::nullopt;
  const Instant at = now + delay_after(rule, attempt, seed);
  if (at - ages_since > rule.max_age) return std::nullopt;
  return at;
}

}  // namespace hotclock
