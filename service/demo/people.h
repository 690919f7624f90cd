// The demo's users and streams, each a pure function of the seed and its id.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock::demo {

struct Tier {
  int tier;
  std::string_view name;
  std::int64_t price_coins;
  std::int64_t duration_days;

  // What it pays a day: floor(price * 0.6 / days), in whole numbers.
  constexpr std::int64_t daily_bonus() const { return price_coins * 3 / (duration_days * 5); }
};

inline constexpr std::array<Tier, 5> tiers{{{1, "Fresh OG", 5000, 15},
                                            {2, "Skilled OG", 7000, 25},
                                            {3, "Elite OG", 9000, 30},
                                            {4, "Crown OG", 15000, 60},
                                            {5, "Immortal OG", 45000, 180}}};

// What all of one demo's people have in common.
struct World {
  std::uint64_t seed = 1;
  Instant now;
  std::int64_t users = 0;
  int history_days = 0;
  int og_percent = 0;  // how many hold an OG tier now
};

struct User {
  std::int64_t id;
  std::string username;
  std::string_view country;
  std::string_view kyc_status;
  int og_level = 0;
  Instant og_expires_at;  // where og_level > 0; some have run out
  bool phone_verified, email_verified, social_connected, is_banned;
  std::int64_t followers;
  std::int64_t coins_left;  // after all that was bought and given
  int gifts_sent;
  std::int64_t gift_coins;  // of each
  int bonus_days;           // for how many of the last days the bonus was paid
  Instant created_at;

  const Tier& tier() const { return tiers[static_cast<std::size_t>(og_level - 1)]; }
  std::int64_t tier_price() const { return og_level > 0 ? tier().price_coins : 0; }
  std::int64_t bonus_balance() const {
    return og_level > 0 ? bonus_days * tier().daily_bonus() : 0;
  }
};

// REQUIRES: 1 <= id <= world.users.
User user_of(const World& world, std::int64_t id);

struct Stream {
  std::int64_t id;
  std::int64_t host_id;
  std::string title;
  std::string_view status, category, country;
  Instant started_at;
  std::int64_t current_viewers, total_coins;
  double engagement_rate;  // in hundredths of a percent, so that it is the same everywhere
};

Stream stream_of(const World& world, std::int64_t id);

}  // namespace hotclock::demo
