// The occasions of a year as they are known, and what is sold at them: data alone.
#pragma once

#include <string_view>
#include <vector>

namespace hotclock::demo {

// First and last day, as 20261011.
struct Days {
  int first, last;
};

// What a festival multiplies, in tenths.
struct Bonuses {
  int gift, coin, experience;
};

struct Looks {
  std::string_view primary, accent, skin, overlay;
  std::string_view greeting = {};  // empty: "Happy" and its name
};

// When an occasion comes: on a fixed date of every year, so many days from Easter, or on the days
// the moon gives it, which are listed.
struct When {
  int fixed = 0;  // 1225: month and day
  bool by_easter = false;
  int from_easter = 0;
  int length = 1;
  std::vector<Days> by_moon = {};
};

struct Occasion {
  std::string_view name, type, country;
  int priority;
  int utc_offset;  // minutes, in standard time: when its days begin
  Looks looks;
  Bonuses bonuses;
  std::vector<std::string_view> gifts;
  When when;
};

const std::vector<Occasion>& occasions();

}  // namespace hotclock::demo
