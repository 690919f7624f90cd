// Slots as they are counted where there are too many to be shown one by one: in cells of time, by
// how they ended or stand.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>

#include "scheduler/base/time.h"

namespace hotclock::operations {

class Cells {
 public:
  // One slot that was due at `at`. Cells are `width` wide, and one begins at `from`: the same for
  // all that is counted here.
  void count(Instant at, std::string_view what, Instant from, Duration width);

  // As the API's documents have them, in the order of their times.
  boost::json::array json() const;

 private:
  std::map<Instant, std::map<std::string, std::int64_t>> cells_;
};

}  // namespace hotclock::operations
