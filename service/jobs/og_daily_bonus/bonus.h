// What an OG tier pays a day: exact coins, whatever the price.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/zone/zone.h"
#include "service/config/decimal.h"

namespace hotclock::og_daily_bonus {

// floor(price * share / days), in integers throughout: a double gives wrong coins for some prices.
// REQUIRES: price >= 0, days >= 1, 0 <= share <= 1. Then the bonus is at most the price.
std::int64_t daily_bonus(std::int64_t price, std::int64_t days, const config::Decimal& share);

// The bonus of each tier, 1 to 5; 0 where the tier pays nothing. Index 0 is tier 1.
using Tiers = std::array<std::int64_t, 5>;

// The bonus date: what the calendar in `zone` shows at the slot's instant, as "2026-11-23".
std::string bonus_date(const Zone& zone, Instant slot);

}  // namespace hotclock::og_daily_bonus
