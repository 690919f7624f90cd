// Numbers that look random and are the same everywhere for the same seed. The standard library's
// distributions differ between implementations, so these are whole-number arithmetic alone.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace hotclock::demo {

// SplitMix64. One for each thing that is made, keyed by what it is, so that user 7 is the same
// however many users there are and in whichever order they are made.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t kind, std::int64_t id)
      : state_(mixed(mixed(mixed(seed) ^ kind) ^ static_cast<std::uint64_t>(id))) {}

  std::uint64_t next() { return mixed(state_ += 0x9e3779b97f4a7c15); }

  // 0 <= result < bound. REQUIRES: bound > 0. The bias of the remainder is below 2^-30 here.
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
  }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }

  // Heavy-tailed, as audiences and purses are: twice as much is half as likely, from `least` up.
  std::int64_t heavy(std::int64_t least, std::int64_t most) {
    const int octave = std::countr_zero(next() | (std::uint64_t{1} << 30));
    const std::int64_t value = (least << octave) + below(least << octave);
    return value < most ? value : most;
  }

  template <class T>
  const T& one_of(std::span<const T> choices) {
    return choices[static_cast<std::size_t>(below(static_cast<std::int64_t>(choices.size())))];
  }

 private:
  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

  std::uint64_t state_;
};

}  // namespace hotclock::demo
