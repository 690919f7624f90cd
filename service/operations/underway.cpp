#include "service/operations/underway.h"

#include <algorithm>

namespace hotclock::operations {

void Underway::stands(const std::string& who, const std::string& key, const Standing& standing) {
  if (key.empty()) return;
  const Lock lock(m_);
  const Whose whose{who, key};
  const auto known = std::ranges::find(acts_, whose, &decltype(acts_)::value_type::first);
  if (known != acts_.end()) {
    known->second = standing;
    return;
  }
  if (acts_.size() == most) acts_.pop_front();
  acts_.emplace_back(whose, standing);
}

std::optional<Underway::Standing> Underway::of(const std::string& who,
                                               const std::string& key) const {
  const Lock lock(m_);
  const auto known = std::ranges::find(acts_, Whose{who, key}, &decltype(acts_)::value_type::first);
  return known == acts_.end() ? std::nullopt : std::optional(known->second);
}

}  // namespace hotclock::operations
