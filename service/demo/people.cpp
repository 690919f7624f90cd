#include "service/demo/people.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "service/demo/random.h"

namespace hotclock::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::string_view first_names[] = {
    "aarav",  "aisha",  "amrit",  "anjali",  "arjun",  "asha",  "bibek",  "bina",  "chandra",
    "deepa",  "dipesh", "elena",  "emma",    "farhan", "gita",  "hana",   "hari",  "indira",
    "isha",   "jack",   "jaya",   "kabir",   "kamala", "kiran", "laxmi",  "leo",   "lina",
    "maya",   "meera",  "milan",  "mina",    "nabin",  "neha",  "nima",   "niraj", "olivia",
    "pasang", "pema",   "pooja",  "prakash", "priya",  "rabin", "rita",   "rohan", "sabina",
    "sagar",  "sami",   "sarah",  "sita",    "sofia",  "sujan", "sunita", "tara",  "tashi",
    "tenzin", "uma",    "vikram", "yuki",    "zara"};
constexpr std::string_view last_names[] = {
    "acharya", "adhikari", "ahmed",  "bhandari", "bista",  "brown",  "chen",  "chhetri",
    "das",     "dhakal",   "garcia", "gautam",   "ghale",  "gurung", "hill",  "islam",
    "jha",     "jones",    "joshi",  "karki",    "khadka", "khan",   "kim",   "lama",
    "lee",     "limbu",    "magar",  "mishra",   "nair",   "nguyen", "oli",   "pandey",
    "patel",   "poudel",   "rai",    "rana",     "rao",    "regmi",  "sahu",  "sato",
    "shah",    "sharma",   "sherpa", "shrestha", "silva",  "singh",  "smith", "subedi",
    "tamang",  "tan",      "thakur", "thapa",    "tiwari", "wilson", "yadav"};
constexpr std::string_view stream_categories[] = {
    "music", "gaming", "chat", "dance", "comedy", "food", "sports", "education", "travel", "art"};
constexpr std::string_view stream_moods[] = {"late night", "friday", "open",  "acoustic",
                                             "cosy",       "live",   "first", "weekend"};

struct Share {
  std::string_view country;
  int percent;
};
constexpr Share countries[] = {{"NP", 30}, {"IN", 20}, {"AU", 10}, {"US", 8}, {"GB", 5}, {"BD", 5},
                               {"JP", 3},  {"KR", 3},  {"BR", 3},  {"PH", 3}, {"DE", 2}, {"CA", 2},
                               {"MX", 2},  {"TH", 2},  {"AE", 1},  {"CN", 1}};

std::string_view country_of(Random& random) {
  auto roll = random.below(100);
  for (const Share& share : countries)
    if ((roll -= share.percent) < 0) return share.country;
  return countries[0].country;
}

// A name nobody else has: every pair of names once, then every pair with 2, and so on. The step
// is coprime to the number of pairs, so that neighbours have different names.
std::string username_of(std::int64_t id) {
  constexpr std::int64_t firsts = std::size(first_names), lasts = std::size(last_names);
  constexpr std::int64_t pairs = firsts * lasts, step = 1009;
  static_assert(std::gcd(pairs, step) == 1);
  const std::int64_t pair = (id - 1) % pairs * step % pairs;
  const std::int64_t round = (id - 1) / pairs;
  return std::string(first_names[pair % firsts]) + "_" + std::string(last_names[pair / firsts]) +
         (round == 0 ? "" : std::to_string(round + 1));
}

// Cheap tiers are common, dear ones rare.
int tier_of(Random& random) {
  const auto roll = random.below(100);
  return roll < 38 ? 1 : roll < 63 ? 2 : roll < 82 ? 3 : roll < 94 ? 4 : 5;
}

Instant some_time_in(Random& random, Instant from, Duration span) {
  return from + std::chrono::seconds{random.below(span.count() / 1000)};
}

// A tier was bought some time within its duration, or a little earlier: then it has run out.
void give_tier(User& user, const World& world, Random& random) {
  const bool holds = random.chance(world.og_percent);
  const bool ran_out = !holds && random.chance(20);
  if (!holds && !ran_out) return;
  user.og_level = tier_of(random);
  const Duration duration = days{user.tier().duration_days};
  user.og_expires_at = holds ? some_time_in(random, world.now + hours{1}, duration - hours{1})
                             : some_time_in(random, world.now - days{60}, days{60});
  if (!holds || user.is_banned) return;
  const auto held = std::chrono::floor<days>(world.now - (user.og_expires_at - duration));
  user.bonus_days = static_cast<int>(std::min<std::int64_t>(held.count(), world.history_days));
}

void give_coins(User& user, Random& random) {
  user.coins_left = random.chance(70) ? random.heavy(20, 2'000'000) : 0;
  user.gifts_sent = random.chance(25) ? static_cast<int>(random.between(1, 3)) : 0;
  user.gift_coins = user.gifts_sent > 0 ? random.heavy(10, 30'000) : 0;
}

}  // namespace

User user_of(const World& world, std::int64_t id) {
  Random random(world.seed, 'u', id);
  User user{};
  user.id = id;
  user.username = username_of(id);
  user.country = country_of(random);
  const auto kyc = random.below(100);
  user.kyc_status = kyc < 45 ? "verified" : kyc < 95 ? "pending" : "rejected";
  user.phone_verified = random.chance(70);
  user.email_verified = random.chance(85);
  user.social_connected = random.chance(40);
  user.is_banned = random.below(1000) < 15;
  user.followers = random.heavy(1, 5'000'000) - 1;
  // Older than the longest tier, so that nobody bought before there was an account.
  user.created_at = some_time_in(random, world.now - days{1200}, days{1000});
  give_tier(user, world, random);
  give_coins(user, random);
  return user;
}

Stream stream_of(const World& world, std::int64_t id) {
  Random random(world.seed, 's', id);
  Stream stream{};
  stream.id = id;
  stream.host_id = random.between(1, world.users);
  const User host = user_of(world, stream.host_id);
  stream.category = random.one_of(std::span<const std::string_view>(stream_categories));
  stream.title = std::string(random.one_of(std::span<const std::string_view>(stream_moods))) + " " +
                 std::string(stream.category) + " with " + host.username;
  stream.country = host.country;
  const auto roll = random.below(100);
  stream.status = roll < 70 ? "live" : roll < 90 ? "ended" : roll < 98 ? "preparing" : "banned";
  const bool live = stream.status == "live";
  stream.started_at = live ? some_time_in(random, world.now - hours{8}, hours{8})
                           : some_time_in(random, world.now - days{30}, days{29});
  stream.current_viewers = live ? random.heavy(3, 400'000) : 0;
  stream.total_coins = random.chance(85) ? random.heavy(50, 20'000'000) : 0;
  stream.engagement_rate = static_cast<double>(random.below(10'001)) / 100.0;
  return stream;
}

}  // namespace hotclock::demo
