#include "service/metrics/exemplars.h"

#include <algorithm>

namespace hotclock::metrics {

void Exemplars::saw(const std::string& family, const Labels& labels,
                    const std::vector<double>& bounds, Exemplar exemplar) {
  const auto bucket = std::ranges::lower_bound(bounds, exemplar.value) - bounds.begin();
  Lock lock(m_);
  auto& buckets = last_[{family, labels}];
  buckets.resize(bounds.size() + 1);
  buckets[static_cast<std::size_t>(bucket)] = std::move(exemplar);
}

std::optional<Exemplar> Exemplars::of(const std::string& family, const Labels& labels,
                                      std::size_t bucket) const {
  Lock lock(m_);
  const auto found = last_.find({family, labels});
  if (found == last_.end() || bucket >= found->second.size()) return std::nullopt;
  return found->second[bucket];
}

}  // namespace hotclock::metrics
