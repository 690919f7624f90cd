// What the demo's festivals look like: from two colours a whole look, for light and dark.
#pragma once

#include <string>

#include "service/demo/occasions.h"

namespace hotclock::demo {

// The columns `theme`, `skins` and `bonuses` of an occasion: JSON as an editor would write it.
// Every colour of text is readable on what it stands on.
std::string theme_of(const Occasion& occasion);
std::string skins_of(const Occasion& occasion);
std::string bonuses_of(const Occasion& occasion);

}  // namespace hotclock::demo
