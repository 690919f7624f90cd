// From where on a rule says that it is too much, in words.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/config/alerts.h"

namespace hotclock::config {

// The thresholds that `rule` has, by the keys of its settings and in their order, as `how` says
// them: {"within", "15 min"}, {"count", "3"}. Those that other rules have are left out.
std::vector<std::pair<std::string_view, std::string>> thresholds_of(Rule rule,
                                                                    const AlertRule& how);

}  // namespace hotclock::config
