// Who else runs while a festival does, and who dresses which country when: in words for its editor.
#pragma once

#include <string>
#include <vector>

#include "service/theme/festival.h"

namespace hotclock::festivals {

// One line for each festival of `others` that overlaps, and one for each country that `festival`
// does not dress by itself all the time. `others`: those that run meanwhile, in its country or
// everywhere.
std::vector<std::string> notes_on(const theme::Festival& festival,
                                  const std::vector<theme::Festival>& others);

}  // namespace hotclock::festivals
