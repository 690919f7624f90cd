// From where on a rule says that it is too much, as one sentence for people.
#pragma once

#include <string>

#include "service/config/alerts.h"

namespace hotclock::config {

// "5 of the last 20 failed, or 3 in a row". Empty where the rule has no threshold: one is enough.
std::string in_words(Rule rule, const AlertRule& how);

}  // namespace hotclock::config
