#include "service/demo/demo.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "service/demo/calendar.h"
#include "service/demo/demo.sql.h"
#include "service/demo/people.h"
#include "service/demo/random.h"

namespace hotclock::demo {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Users and what hangs on them, per transaction: enough that the commit costs nothing, and little
// enough to stop at once.
constexpr std::int64_t users_a_chunk = 20'000;

struct Deed {
  std::string_view type;
  std::int64_t delta;
};
constexpr Deed deeds[] = {
    {"identity_confirmed", 150}, {"hosting_milestone", 120}, {"community_award", 250},
    {"gift_milestone", 60},      {"helpful_moderation", 80}, {"active_week", 40},
    {"long_standing", 180},      {"report_received", -90},   {"warning", -150},
};

sql::Param flag(bool b) { return sql::param(b); }

// A local date in Sydney so many days before today's. In standard time, which is never ahead of the
// real one: today's bonus stays to be paid.
std::string date_back(Instant now, int days_back) {
  const auto today = std::chrono::floor<days>(now + hours{10});
  return to_string(Instant(today - days{days_back})).substr(0, 10);
}

Instant paid_at(Instant now, int days_back) {
  return std::chrono::floor<days>(now + hours{10}) - days{days_back} - hours{10} + minutes{5};
}

class Maker {
 public:
  Maker(sql::Database& database, const DemoOptions& options, const Progress& progress,
        std::stop_token stop)
      : database_(database), options_(options), progress_(progress), stop_(std::move(stop)) {}

  Result<DemoReport> make() {
    if (auto done = users(); !done) return std::move(done).error().within("users");
    for (int back = options_.history_days; back >= 1; --back)
      if (auto done = bonuses_of(back); !done) return std::move(done).error().within("bonuses");
    if (auto done = streams(); !done) return std::move(done).error().within("streams");
    if (auto done = settings(); !done) return std::move(done).error().within("festivals");
    // Its ids were given by hand.
    if (const auto text = database_.dialect().recount_ids; !text.empty())
      if (auto done = database_.script(text); !done) return std::move(done).error();
    return report_;
  }

 private:
  // Calls act(tx, id) for each id from 1 to total, in transactions of `size`.
  template <class Act>
  Result<> in_chunks(std::string_view what, std::int64_t total, std::int64_t size, Act act) {
    for (std::int64_t done = 0; done < total;) {
      auto tx = database_.write({.stop = stop_, .deadline = minutes{10}});
      if (!tx) return std::move(tx).error();
      const std::int64_t end = std::min(total, done + size);
      while (done < end)
        if (auto made = act(**tx, ++done); !made) return made;
      if (auto committed = (*tx)->commit(); !committed) return committed;
      if (progress_) progress_(what, done, total);
    }
    return {};
  }

  static Result<> insert(sql::Transaction& tx, const sql::Statement& statement,
                         std::initializer_list<sql::Param> params, std::int64_t& counted) {
    ++counted;
    return tx.post(statement, params);
  }

  Result<> users() {
    return in_chunks("users", options_.users, users_a_chunk,
                     [this](sql::Transaction& tx, std::int64_t id) {
                       const User user = user_of(world_, id);
                       auto made = insert_user(tx, user);
                       if (made) made = coins_of(tx, user);
                       if (made) made = reputation_of(tx, user);
                       return made;
                     });
  }

  Result<> insert_user(sql::Transaction& tx, const User& u) {
    const bool paid = u.bonus_days > 0;
    return insert(
        tx, stmt::demo::user,
        {u.id, u.username, u.og_level,
         u.og_level > 0 ? sql::Param(u.og_expires_at) : sql::Param(nullptr), u.coins_left,
         u.bonus_balance(), u.kyc_status, flag(u.phone_verified), flag(u.email_verified),
         flag(u.social_connected), flag(u.is_banned), u.country, u.followers,
         paid ? sql::Param(std::string_view(yesterday_)) : sql::Param(nullptr), u.created_at},
        report_.users);
  }

  // What was spent and what is left was recharged before.
  Result<> coins_of(sql::Transaction& tx, const User& u) {
    const std::int64_t recharged = u.coins_left + u.tier_price() + u.gifts_sent * u.gift_coins;
    const Instant when = u.created_at + days{1};
    const auto entry = [&](std::string_view type, std::int64_t amount, std::string_view words) {
      return insert(tx, stmt::demo::coins, {u.id, type, amount, words, when}, report_.transactions);
    };
    if (recharged == 0) return {};
    auto made = entry("recharge", recharged, "Coins bought");
    if (made && u.og_level > 0) made = entry("og_purchase", -u.tier_price(), u.tier().name);
    for (int i = 0; made && i < u.gifts_sent; ++i) made = entry("gift_sent", -u.gift_coins, "");
    return made;
  }

  // Few have many, and the later the user the later the event, so that ids and times agree.
  Result<> reputation_of(sql::Transaction& tx, const User& u) {
    Random random(options_.seed, 'r', u.id);
    const std::int64_t about = options_.reputation_per_user;
    // The mean of heavy(n, 8 * n) is 13/4 n.
    const std::int64_t count = about == 0 ? 0 : random.heavy(about, about * 8) * 4 / 13;
    const Instant from = options_.now - days{30} + days{30} * (u.id - 1) / options_.users;
    for (std::int64_t i = 0; i < count; ++i) {
      const Deed& deed = random.one_of(std::span<const Deed>(deeds));
      auto made = insert(tx, stmt::demo::reputation, {u.id, deed.type, deed.delta, from},
                         report_.reputation_events);
      if (!made) return made;
    }
    return {};
  }

  // One day after the other, as they would have been paid.
  Result<> bonuses_of(int days_back) {
    const std::string date = date_back(options_.now, days_back);
    const Instant when = paid_at(options_.now, days_back);
    const std::string what = "bonuses of " + date;
    return in_chunks(what, options_.users, users_a_chunk,
                     [&](sql::Transaction& tx, std::int64_t id) -> Result<> {
                       const User u = user_of(world_, id);
                       if (u.bonus_days < days_back) return {};
                       return insert(tx, stmt::demo::bonus,
                                     {u.id, u.tier().daily_bonus(), date,
                                      "{\"tier\":" + std::to_string(u.og_level) + "}", when},
                                     report_.bonuses);
                     });
  }

  Result<> streams() {
    return in_chunks(
        "streams", options_.streams, users_a_chunk, [this](sql::Transaction& tx, std::int64_t id) {
          const Stream s = stream_of(world_, id);
          auto made = insert(tx, stmt::demo::stream,
                             {s.id, s.host_id, s.title, s.status, s.category, s.country,
                              s.started_at, s.current_viewers, s.total_coins, s.engagement_rate},
                             report_.streams);
          return made ? throne_of(tx, s) : std::move(made);
        });
  }

  Result<> throne_of(sql::Transaction& tx, const Stream& s) {
    Random random(options_.seed, 't', s.id);
    if (random.chance(15)) return {};
    const User holder = user_of(world_, random.between(1, options_.users));
    const bool live = s.status == "live";
    const Instant expires = live ? next_end(random) : options_.now - hours{random.between(1, 48)};
    const std::int64_t gifts = random.heavy(1, 500);
    const std::int64_t coins = std::max(gifts, s.total_coins / random.between(4, 20));
    return insert(tx, stmt::demo::throne,
                  {s.id, holder.id, holder.username, holder.og_level, gifts, coins,
                   std::min(expires, options_.now) - hours{1}, expires, flag(live)},
                  report_.thrones);
  }

  // The first are overdue, the next fall within ten minutes, the others within a day.
  Instant next_end(Random& random) {
    constexpr int overdue = 3;
    const int n = live_thrones_++;
    if (n < overdue) return options_.now - seconds{30 * (n + 1)};
    const int soon = n - overdue;
    if (soon < options_.thrones_expiring_soon)
      return options_.now + seconds{570} * (soon + 1) / options_.thrones_expiring_soon;
    return options_.now + minutes{15} + seconds{random.below(24 * 3600)};
  }

  // The small tables come last and at once: where they are filled, the demo is whole.
  Result<> settings() {
    auto tx = database_.write({.stop = stop_});
    if (!tx) return std::move(tx).error();
    const auto festivals = festivals_around(options_.now);
    std::int64_t uncounted = 0;
    for (const Tier& t : tiers)
      if (auto made = insert(**tx, stmt::demo::tier,
                             {t.tier, t.name, t.price_coins, t.duration_days}, uncounted);
          !made)
        return made;
    if (auto made = insert_gifts(**tx, festivals); !made) return made;
    for (const Festival& festival : festivals)
      if (auto made = insert_festival(**tx, festival); !made) return made;
    return (*tx)->commit();
  }

  // As the poll of an hour ago left it: what has changed since is there to be found.
  bool was_active(const Festival& f) const {
    const Instant then = options_.now - hours{1};
    return f.starts_at <= then && then <= f.ends_at;
  }

  Result<> insert_gifts(sql::Transaction& tx, const std::vector<Festival>& festivals) {
    std::int64_t id = 0;
    for (const Gift& gift : gifts()) {
      const bool sold = std::any_of(festivals.begin(), festivals.end(), [&](const Festival& f) {
        return was_active(f) && std::count(f.gifts.begin(), f.gifts.end(), gift.name) > 0;
      });
      auto made = insert(tx, stmt::demo::gift,
                         {++id, gift.name, gift.price_coins, flag(sold || gift.always_available),
                          flag(gift.always_available)},
                         report_.gifts);
      if (!made) return made;
    }
    return {};
  }

  Result<> insert_festival(sql::Transaction& tx, const Festival& f) {
    const std::int64_t id = report_.festivals + 1;
    auto made = insert(tx, stmt::demo::festival,
                       {id, f.name, f.type, f.country, f.priority, f.starts_at, f.ends_at,
                        flag(was_active(f)), f.theme, f.skins, f.bonuses},
                       report_.festivals);
    std::int64_t uncounted = 0;
    for (std::int64_t gift = 1; made && gift <= std::ssize(gifts()); ++gift)
      if (std::count(f.gifts.begin(), f.gifts.end(),
                     gifts()[static_cast<std::size_t>(gift - 1)].name))
        made = insert(tx, stmt::demo::festival_gift, {id, gift}, uncounted);
    return made;
  }

  sql::Database& database_;
  const DemoOptions& options_;
  const Progress& progress_;
  const std::stop_token stop_;
  const World world_{options_.seed, options_.now, options_.users, options_.history_days,
                     options_.og_percent};
  const std::string yesterday_ = date_back(options_.now, 1);
  int live_thrones_ = 0;
  DemoReport report_;
};

Result<> sensible(const DemoOptions& o) {
  if (o.users < 1) return Error(Errc::invalid, "a demo needs at least one user");
  if (o.streams < 0) return Error(Errc::invalid, "the number of streams is negative");
  if (o.history_days < 0 || o.history_days > 180)
    return Error(Errc::invalid, "days of history are from 0 to 180");
  if (o.og_percent < 0 || o.og_percent > 100)
    return Error(Errc::invalid, "the share of OG holders is from 0 to 100 percent");
  if (o.reputation_per_user < 0 || o.reputation_per_user > 1000)
    return Error(Errc::invalid, "reputation events per user are from 0 to 1000");
  if (o.thrones_expiring_soon < 0) return Error(Errc::invalid, "the number of thrones is negative");
  return {};
}

Result<std::int64_t> number(sql::Transaction& tx, const sql::Statement& query) {
  auto rows = tx.query(query);
  if (!rows) return std::move(rows).error();
  const std::int64_t found = (*rows)->next() ? (*rows)->integer(0) : 0;
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

Result<> empty(sql::Database& database) {
  if (database.dialect().platform_adopted)
    return Error(Errc::unsupported, "the platform's tables in " + database.where() +
                                        " are the operator's: give the demo a database of its own");
  auto tx = database.read();
  if (!tx) return std::move(tx).error();
  auto users = number(**tx, stmt::demo::any_user);
  if (!users) return std::move(users).error();
  auto tiers_there = number(**tx, stmt::demo::any_tier);
  if (!tiers_there) return std::move(tiers_there).error();
  if (*users == 0 && *tiers_there == 0) return {};
  const std::string what = *tiers_there == 0 ? "an interrupted demo" : "users";
  return Error(Errc::conflict, database.where() + " holds " + what +
                                   " already: give the demo a database of its own");
}

Result<> clear(sql::Database& database) {
  auto tx = database.write({.deadline = minutes{10}});
  if (!tx) return std::move(tx).error();
  for (const sql::Statement* statement :
       {&stmt::demo::clear_thrones, &stmt::demo::clear_streams, &stmt::demo::clear_reputation,
        &stmt::demo::clear_transactions, &stmt::demo::clear_users})
    if (auto done = (*tx)->exec(*statement); !done) return std::move(done).error();
  return (*tx)->commit();
}

}  // namespace

Result<DemoReport> create_demo(sql::Database& database, const DemoOptions& options,
                               const Progress& progress, std::stop_token stop) {
  if (auto ok = sensible(options); !ok) return std::move(ok).error().within("make the demo");
  if (auto ok = empty(database); !ok) return std::move(ok).error().within("make the demo");
  auto report = Maker(database, options, progress, std::move(stop)).make();
  if (report) return report;
  Error error = std::move(report).error().within("make the demo");
  if (auto cleared = clear(database); !cleared)
    return Error(error.code(), error.message() + "; what was made could not be removed: " +
                                   cleared.error().message());
  return error;
}

}  // namespace hotclock::demo
