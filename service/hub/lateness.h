// How late something was, counted without keeping every figure.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "service/hub/hub.h"

namespace hotclock::hub {

// Figures of one size fall together, in steps of a quarter of their power of two: a percentile is
// right to within a fifth. Threads: one.
class LatenessRecorder {
 public:
  void add(Duration late, std::size_t deliveries) {
    const auto millis = static_cast<std::uint64_t>(std::max<std::int64_t>(late.count(), 0));
    ++counts_[step_of(millis)];
    ++all_.events;
    all_.deliveries += static_cast<std::int64_t>(deliveries);
    all_.worst = std::max(all_.worst, late);
  }

  Lateness summary() const {
    Lateness out = all_;
    out.median = percentile(0.5);
    out.p99 = percentile(0.99);
    return out;
  }

 private:
  // 0 to 3 for themselves, then four steps to each power of two.
  static std::size_t step_of(std::uint64_t millis) {
    if (millis < 4) return millis;
    const int power = static_cast<int>(std::bit_width(millis)) - 1;
    const auto quarter = (millis >> (power - 2)) & 3;
    return std::min<std::size_t>(static_cast<std::size_t>(power - 1) * 4 + quarter, steps - 1);
  }
  // The least figure of a step.
  static std::int64_t least_of(std::size_t step) {
    if (step < 4) return static_cast<std::int64_t>(step);
    const auto power = step / 4 + 1;
    return static_cast<std::int64_t>((4 + step % 4) << (power - 2));
  }

  Duration percentile(double part) const {
    const auto upto = static_cast<std::int64_t>(part * static_cast<double>(all_.events));
    std::int64_t seen = 0;
    for (std::size_t step = 0; step < steps; ++step)
      if ((seen += counts_[step]) > upto) return Duration(least_of(step));
    return all_.worst;
  }

  static constexpr std::size_t steps = 128;
  std::array<std::int64_t, steps> counts_{};
  Lateness all_;
};

}  // namespace hotclock::hub
