#include "service/demo/demo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "service/demo/calendar.h"
#include "service/demo/people.h"
#include "service/demo/random.h"
#include "service/schema/invariants.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"
#include "web/assets.h"
#include "service/theme/look.h"

namespace hotclock::demo {
namespace {

using namespace std::chrono_literals;

// 2026-11-23T13:00Z.
const Instant now = from_millis(1'795'438'800'000);

// All that was made, as one number.
std::uint64_t digest(sql::Database& database) {
  std::uint64_t hash = 0xcbf29ce484222325;
  auto tx = database.read().value();
  for (const auto& [columns, table] :
       std::initializer_list<std::pair<int, const char*>>{{15, "users"},
                                                          {11, "transactions"},
                                                          {5, "reputation_events"},
                                                          {10, "streams"},
                                                          {10, "thrones"},
                                                          {11, "festivals"},
                                                          {5, "gifts"},
                                                          {2, "festival_gifts"},
                                                          {4, "og_tiers"}}) {
    const std::string text = "SELECT * FROM " + std::string(table) + " ORDER BY 1, 2";
    auto rows = tx->query(sql::Statement{table, text}).value();
    while (rows->next())
      for (int column = 0; column < columns; ++column)
        for (const char c : std::string(rows->text(column)) + "|")
          hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

std::uint64_t digest_of_new(std::uint64_t seed) {
  const sql::ScratchPlace elsewhere;
  const auto database = sql::open(elsewhere.url(), {.create = true}).value();
  EXPECT_TRUE(schema::migrate(*database, now));
  EXPECT_TRUE(create_demo(*database, {.users = 500, .streams = 50, .seed = seed, .now = now}));
  return digest(*database);
}

class DemoTest : public testing::Test {
 protected:
  DemoTest() {
    EXPECT_TRUE(schema::migrate(db(), now));
    sql::speak_as_sqlite(db());
  }

  sql::Database& db() { return *database_; }
  DemoReport make(DemoOptions options) {
    options.now = now;
    auto made = create_demo(db(), options);
    EXPECT_TRUE(made) << (made ? "" : made.error().message());
    return std::move(made).value_or({});
  }
  std::int64_t count(std::string_view text) { return sql::count(db(), {"count", text}); }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_ = sql::open(place_.url(), {.create = true}).value();
};

TEST_F(DemoTest, EveryInvariantHolds) {
  make({.users = 3000});
  const auto findings = schema::check_invariants(db());
  ASSERT_TRUE(findings);
  EXPECT_EQ(schema::broken(*findings), "");
}

TEST_F(DemoTest, EveryCoinBalanceIsTheSumOfItsTransactions) {
  make({.users = 2000});
  EXPECT_GT(count("SELECT count(*) FROM users WHERE coin_balance > 0"), 1000);
  EXPECT_EQ(
      count("SELECT count(*) FROM users AS u WHERE coin_balance <> (SELECT coalesce(sum(amount), 0)"
            " FROM transactions AS t WHERE t.user_id = u.id AND t.currency = 'coins')"),
      0);
}

TEST_F(DemoTest, TheReportCountsWhatIsThere) {
  const DemoReport report = make({.users = 1000, .streams = 200});
  EXPECT_EQ(report.users, 1000);
  EXPECT_EQ(report.users, count("SELECT count(*) FROM users"));
  EXPECT_EQ(report.streams, count("SELECT count(*) FROM streams"));
  EXPECT_EQ(report.thrones, count("SELECT count(*) FROM thrones"));
  EXPECT_EQ(report.festivals, count("SELECT count(*) FROM festivals"));
  EXPECT_EQ(report.gifts, count("SELECT count(*) FROM gifts"));
  EXPECT_EQ(report.bonuses, count("SELECT count(*) FROM transactions WHERE type = 'og_bonus'"));
  EXPECT_EQ(report.transactions,
            count("SELECT count(*) FROM transactions WHERE type <> 'og_bonus'"));
  EXPECT_EQ(report.reputation_events, count("SELECT count(*) FROM reputation_events"));
}

TEST(DemoSeed, TheSameSeedGivesTheSameRowsAndAnotherSeedOthers) {
  const auto mine = digest_of_new(7);
  EXPECT_EQ(digest_of_new(7), mine);
  EXPECT_NE(digest_of_new(8), mine);
}

TEST_F(DemoTest, TheShareOfOgHoldersIsAboutWhatWasAskedFor) {
  make({.users = 4000, .og_percent = 90});
  const auto holders = count("SELECT count(*) FROM users WHERE og_level > 0 AND og_expires_at > " +
                             std::to_string(to_millis(now)));
  EXPECT_GT(holders, 3500);
  EXPECT_LT(holders, 3700);
}

TEST_F(DemoTest, TodaysBonusIsStillToBePaid) {
  make({.users = 1000, .history_days = 4});
  EXPECT_EQ(count("SELECT count(DISTINCT bonus_date) FROM transactions"), 4);
  // In Sydney it is the 24th already.
  EXPECT_EQ(count("SELECT count(*) FROM transactions WHERE bonus_date >= '2026-11-24'"), 0);
  EXPECT_GT(count("SELECT count(*) FROM transactions WHERE bonus_date = '2026-11-22'"), 100);
}

TEST_F(DemoTest, ThronesAreOverdueAboutToFallAndStanding) {
  make({.users = 500, .streams = 300, .thrones_expiring_soon = 25});
  const auto due_within = [&](Duration from, Duration to) {
    return count("SELECT count(*) FROM thrones WHERE is_active = 1 AND expires_at > " +
                 std::to_string(to_millis(now + from)) +
                 " AND expires_at <= " + std::to_string(to_millis(now + to)));
  };
  EXPECT_EQ(due_within(-1h, 0s), 3);
  EXPECT_EQ(due_within(0s, 10min), 25);
  EXPECT_GT(due_within(10min, 48h), 50);
}

TEST_F(DemoTest, SomethingStartsAndEndsForTheFestivalJob) {
  make({.users = 10});
  const std::string at = std::to_string(to_millis(now));
  const std::string running = "(starts_at <= " + at + " AND ends_at >= " + at + ")";
  EXPECT_GE(count("SELECT count(*) FROM festivals WHERE is_active = 0 AND " + running), 1);
  EXPECT_GE(count("SELECT count(*) FROM festivals WHERE is_active = 1 AND NOT " + running), 1);
  const std::string soon = std::to_string(to_millis(now + 10min));
  EXPECT_GE(
      count("SELECT count(*) FROM festivals WHERE starts_at > " + at + " AND starts_at <= " + soon),
      1);
  EXPECT_GE(
      count("SELECT count(*) FROM festivals WHERE ends_at > " + at + " AND ends_at <= " + soon), 1);
}

TEST_F(DemoTest, FestivalsThatOverlapShareGifts) {
  make({.users = 10});
  EXPECT_GE(count("SELECT count(*) FROM festivals AS a JOIN festivals AS b ON a.id < b.id"
                  " AND a.starts_at <= b.ends_at AND b.starts_at <= a.ends_at"
                  " JOIN festival_gifts AS x ON x.festival_id = a.id"
                  " JOIN festival_gifts AS y ON y.festival_id = b.id AND y.gift_id = x.gift_id"),
            3);
}

TEST_F(DemoTest, ADatabaseWithUsersIsLeftAsItIs) {
  make({.users = 10});
  const auto before = digest(db());
  const auto again = create_demo(db(), {.users = 20, .now = now});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::conflict);
  EXPECT_NE(again.error().message().find("users already"), std::string::npos);
  EXPECT_EQ(digest(db()), before);
}

TEST_F(DemoTest, AStopLeavesNothing) {
  std::stop_source source;
  const auto made = create_demo(
      db(), {.users = 100'000, .now = now},
      [&](std::string_view, std::int64_t, std::int64_t) { source.request_stop(); },
      source.get_token());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), Errc::stopped);
  EXPECT_EQ(count("SELECT count(*) FROM users"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM transactions"), 0);
  make({.users = 10});
}

TEST_F(DemoTest, OptionsThatMakeNoSenseAreRefused) {
  for (const DemoOptions& options :
       {DemoOptions{.users = 0}, DemoOptions{.streams = -1}, DemoOptions{.history_days = 181},
        DemoOptions{.og_percent = 101}, DemoOptions{.reputation_per_user = -1},
        DemoOptions{.thrones_expiring_soon = -1}})
    EXPECT_EQ(create_demo(db(), options).error().code(), Errc::invalid);
  EXPECT_EQ(count("SELECT count(*) FROM users"), 0);
}

TEST(DemoPeople, TheFiveTiersPayWhatTheyPromise) {
  std::vector<std::int64_t> daily;
  for (const Tier& tier : tiers) daily.push_back(tier.daily_bonus());
  EXPECT_EQ(daily, (std::vector<std::int64_t>{200, 168, 180, 150, 150}));
}

TEST(DemoPeople, NoTwoUsersHaveOneName) {
  const World world{.seed = 1, .now = now, .users = 20'000};
  std::set<std::string> names;
  for (std::int64_t id = 1; id <= world.users; ++id) names.insert(user_of(world, id).username);
  EXPECT_EQ(names.size(), 20'000u);
}

TEST(DemoPeople, AUserIsTheSameHoweverManyThereAre) {
  const User few = user_of({.seed = 1, .now = now, .users = 10, .og_percent = 60}, 7);
  const User many = user_of({.seed = 1, .now = now, .users = 1'000'000, .og_percent = 60}, 7);
  EXPECT_EQ(few.username, many.username);
  EXPECT_EQ(few.coins_left, many.coins_left);
  EXPECT_EQ(few.og_expires_at, many.og_expires_at);
}

TEST(DemoRandom, HeavyTailsAreHeavyAndBounded) {
  Random random(1, 'x', 1);
  int above_hundred = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto value = random.heavy(10, 5'000);
    ASSERT_GE(value, 10);
    ASSERT_LE(value, 5'000);
    above_hundred += value > 100;
  }
  EXPECT_GT(above_hundred, 700);
  EXPECT_LT(above_hundred, 1'400);
}

TEST(DemoCalendar, KnowsTheRealDates) {
  const auto dates = [](std::string_view name, Instant around) {
    std::string found;
    for (const Festival& f : festivals_around(around))
      if (f.name == name) found += to_string(f.starts_at) + " " + to_string(f.ends_at) + ";";
    return found;
  };
  EXPECT_EQ(dates("Dashain", now), "2026-10-10T18:15:00Z 2026-10-26T18:14:59.999Z;");
  EXPECT_EQ(dates("Christmas", now), "2026-12-18T00:00:00Z 2026-12-26T23:59:59.999Z;");
  // Good Friday to Easter Monday; Easter Sunday is the 28th of March 2027.
  EXPECT_EQ(dates("Easter", now), "2027-03-26T00:00:00Z 2027-03-29T23:59:59.999Z;");
  EXPECT_EQ(dates("Nepali New Year", now), "2027-04-13T18:15:00Z 2027-04-15T18:14:59.999Z;");
}

TEST(DemoCalendar, EveryYearHasAYearOfFestivalsInTheOrderOfTheirStart) {
  for (const Instant t : {now - std::chrono::days{200}, now, now + std::chrono::days{200}}) {
    const auto festivals = festivals_around(t);
    EXPECT_GE(festivals.size(), 35u);
    EXPECT_TRUE(
        std::is_sorted(festivals.begin(), festivals.end(),
                       [](const auto& a, const auto& b) { return a.starts_at < b.starts_at; }));
  }
}

theme::Look look_of(const Festival& festival) {
  return theme::look_of({festival.theme, festival.skins, festival.bonuses}, {});
}

// All of a year, and the specials.
std::vector<Festival> year_of_festivals() {
  auto all = festivals_around(now);
  for (Festival& f : festivals_around(now + std::chrono::days{183})) all.push_back(std::move(f));
  return all;
}

TEST(DemoLooks, AreWrittenWithoutAMistakeAndReadable) {
  for (const Festival& f : year_of_festivals())
    for (const theme::Problem& problem : theme::problems_of({f.theme, f.skins, f.bonuses}, {}))
      ADD_FAILURE() << f.name << ": " << problem.message();
}

TEST(DemoLooks, DressAllThatCanBeDressedForLightAndDark) {
  for (const Festival& f : year_of_festivals()) {
    const theme::Look look = look_of(f);
    EXPECT_EQ(look.colors.size(), 8u) << f.name;
    EXPECT_EQ(look.dark.size(), 8u) << f.name;
    EXPECT_NE(look.colors, look.dark) << f.name;
    EXPECT_EQ(look.fonts.size(), 2u) << f.name;
    EXPECT_EQ(look.skins.size(), 2u) << f.name;
    EXPECT_EQ(look.images.at("overlay"), "/demo/art/" + look.overlay + ".svg");
    EXPECT_NE(web::find_asset(look.images.at("overlay")), nullptr) << f.name;
    EXPECT_NE(web::find_asset(look.logo), nullptr) << f.name;
    EXPECT_EQ(look.logo_alt, f.name);
    for (const char* element : {"banner", "giftShelf", "badge"})
      EXPECT_TRUE(look.elements.contains(element) && look.elements.at(element).visible) << f.name;
    EXPECT_GT(look.bonuses.gift, 100) << f.name;
  }
}

TEST(DemoLooks, GreetInTheWordsOfTheOccasion) {
  std::map<std::string, std::string> banners;
  for (const Festival& f : year_of_festivals())
    banners[f.name] = look_of(f).elements.at("banner").text;
  EXPECT_EQ(banners["Dashain"], "Happy Dashain!");
  EXPECT_EQ(banners["Christmas"], "Merry Christmas!");
  EXPECT_EQ(banners["Gift Rush"], "The gift rush is on!");
}

TEST(DemoCalendar, EveryFestivalsGiftsExist) {
  for (const Festival& festival : festivals_around(now))
    for (const std::string_view name : festival.gifts)
      EXPECT_EQ(std::count_if(gifts().begin(), gifts().end(),
                              [&](const Gift& gift) { return gift.name == name; }),
                1)
          << festival.name << " sells " << name;
}

}  // namespace
}  // namespace hotclock::demo
