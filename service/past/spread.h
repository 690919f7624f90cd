// How values lie: counts in buckets that are no wider than one part in 64 of what they hold, so
// that percentiles are right to within 1 %, of any number of values in bounded room, and spreads
// can be added.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::past {

// Of milliseconds. Values below 128 are kept exactly, negative ones as 0.
class Spread {
 public:
  void add(std::int64_t value, std::int64_t times = 1);
  void add(const Spread& other);

  std::int64_t count() const { return count_; }
  // The value that `part` of all do not exceed: 0.5 is the median, 1 the largest. 0 where there are
  // none.
  std::int64_t percentile(double part) const;

  // "17:4 130:1": bucket and count. Errc::corrupt where a text is none.
  std::string text() const;
  static Result<Spread> parse(std::string_view text);

  friend bool operator==(const Spread&, const Spread&) = default;

 private:
  std::map<int, std::int64_t> buckets_;
  std::int64_t count_ = 0;
};

}  // namespace hotclock::past
