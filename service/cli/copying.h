// How far something is that fills one table after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/cli/console.h"
#include "service/cli/progress_line.h"

namespace hotclock::cli {

// One progress line for each of them. Threads: one at a time.
class Copying {
 public:
  explicit Copying(Console& console) : console_(console) {}

  void at(std::string_view what, std::int64_t done, std::int64_t total);

 private:
  Console& console_;
  std::string what_;
  std::optional<ProgressLine> line_;
};

}  // namespace hotclock::cli
