// The line that tells how far something long is: done, rate, and how long it will still take.
#pragma once

#include <cstdint>
#include <deque>
#include <iosfwd>
#include <string>
#include <string_view>

#include "scheduler/base/clock.h"

namespace hotclock::cli {

// Drawn over and over on one line of a terminal, a few times a second; anywhere else nothing is
// written. Threads: one at a time.
class ProgressLine {
 public:
  // `what` stands in front ("og-daily-bonus"), `unit` behind the numbers ("users").
  ProgressLine(std::ostream& out, bool is_terminal, const Clock& clock, std::string what,
               std::string unit, int width = 80);
  // Leaves no line behind.
  ~ProgressLine();

  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // `total` 0: not known.
  void at(std::int64_t done, std::int64_t total);

  // Takes the line off the screen, for other output; the next at() draws it anew.
  void clear();

 private:
  struct Sample {
    Steady when;
    std::int64_t done;
  };

  void remember(Sample now);
  double rate() const;  // per second, over the last seconds; 0 where it cannot be told yet
  std::string line(std::int64_t done, std::int64_t total) const;

  std::ostream& out_;
  const bool is_terminal_;
  const Clock& clock_;
  const std::string what_;
  const std::string unit_;
  const int width_;
  std::deque<Sample> samples_;
  Steady next_draw_{};
  bool drawn_ = false;
};

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t number);

}  // namespace hotclock::cli
