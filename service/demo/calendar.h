// The festivals of the demo: real ones on their real dates, and the gifts they sell.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::demo {

struct Festival {
  std::string name;
  std::string_view type;     // seasonal, cultural, special, anniversary
  std::string_view country;  // GLOBAL or two letters
  int priority = 0;
  Instant starts_at;
  Instant ends_at;                    // its last millisecond
  std::string theme, skins, bonuses;  // JSON
  std::vector<std::string_view> gifts;
};

// Those that touch the half year before and the half year after `now`, by their start, and some
// short specials around `now` itself, so that something starts and something ends while one looks.
// Dates that follow the moon are known for 2025 to 2027; outside these years only those with a
// fixed date, and Easter with what hangs on it, are there.
std::vector<Festival> festivals_around(Instant now);

struct Gift {
  std::string_view name;
  std::int64_t price_coins;
  bool always_available;
};
std::span<const Gift> gifts();

}  // namespace hotclock::demo
