// Festivals and the themes they bring, as plain functions of an instant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::theme {

inline constexpr std::string_view global = "GLOBAL";  // the country of a festival that is everywhere
// A festival still runs at ends_at: it is over a step later.
inline constexpr Duration instant_step{1};
inline constexpr std::string_view default_theme = "{}";

// JSON members are texts as the platform wrote them.
struct Festival {
  std::int64_t id = 0;
  std::string name;
  std::string country;
  std::int64_t priority = 0;
  Instant starts_at;
  Instant ends_at;  // the last instant at which it runs
  bool is_active = false;
  std::string theme;
  std::string skins;
  std::string bonuses;
};

bool runs_at(const Festival& festival, Instant t);

// What a country sees.
struct Theme {
  std::string country;
  std::int64_t version = 0;  // 0: nobody was ever told of it
  std::optional<std::int64_t> festival;
  std::string theme{default_theme};
};

// The festival that dresses `country` at `t`: of those that run there or everywhere the one with
// the highest priority; of equals the country's own, then the later start, then the newer one.
const Festival* dresses(const std::vector<Festival>& festivals, std::string_view country, Instant t);

// The festivals that run in `country` at `t`, its own and those that are everywhere, by their ids.
std::vector<const Festival*> runs_in(const std::vector<Festival>& festivals,
                                     std::string_view country, Instant t);

// The first instant after `now`, or `now` itself, at which some festival's flag will be wrong.
std::optional<Instant> next_turn(const std::vector<Festival>& festivals, Instant now);

}  // namespace hotclock::theme
