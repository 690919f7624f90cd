// Which execution a number came from: beside each bucket of a histogram the last one that fell into
// it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/base/time.h"
#include "service/metrics/reading.h"

namespace hotclock::metrics {

struct Exemplar {
  std::string execution;  // its id: short enough for what a scrape may carry
  double value = 0;
  Instant at;
};

// As many as there are buckets of what is remembered here, and no more. Threads: any.
class Exemplars {
 public:
  // Of a histogram with these bounds and labels. Remembered for as long as this lives.
  void saw(const std::string& family, const Labels& labels, const std::vector<double>& bounds,
           Exemplar exemplar);
  // The last one that fell into that bucket; bounds count from the smallest, the last has none.
  std::optional<Exemplar> of(const std::string& family, const Labels& labels,
                             std::size_t bucket) const;

 private:
  using Key = std::pair<std::string, Labels>;

  mutable Mutex m_;
  std::map<Key, std::vector<std::optional<Exemplar>>> last_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::metrics
