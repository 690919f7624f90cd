#include "service/jobs/og_daily_bonus/bonus.h"

#include <fmt/format.h>

namespace hotclock::og_daily_bonus {
namespace {

__extension__ using Wide = __int128;

}  // namespace

// A price of 63 bits times up to 10^18 needs 123 bits, so nothing here can overflow.
std::int64_t daily_bonus(std::int64_t price, std::int64_t days, const config::Decimal& share) {
  return static_cast<std::int64_t>(Wide{price} * share.units / (Wide{share.divisor()} * days));
}

std::string bonus_date(const Zone& zone, Instant slot) {
  const Civil wall = zone.to_civil(slot);
  return fmt::format("{:04}-{:02}-{:02}", wall.year, wall.month, wall.day);
}

}  // namespace hotclock::og_daily_bonus
