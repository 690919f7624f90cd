#include "service/jobs/festival_activation/festival_activation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "service/jobs/kit/workbench_support.h"

namespace hotclock::festival_activation {
namespace {

using kit::counted;
using kit::is_done;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

const Instant day0 = from_millis(1'790'000'000'000);

class Calendar : public kit::Workbench {
 public:
  void festival(int id, int from, int to, const char* country = "NP", int priority = 0) {
    sql(fmt::format(R"(INSERT INTO festivals (id, name, type, country, priority, starts_at, ends_at,
                       theme, skins, bonuses) VALUES ({0}, 'Festival {0}', 'cultural', '{1}', {2},
                       {3}, {4}, '{{"id":{0}}}', '["red"]', '{{"giftMultiplier":2}}'))",
                    id, country, priority, to_millis(day0 + days{from}),
                    to_millis(day0 + days{to})));
  }
  void gift(int id, std::initializer_list<int> festivals, bool always = false) {
    sql(fmt::format("INSERT INTO gifts (id, name, price_coins, always_available) VALUES"
                    " ({0}, 'gift {0}', 10, {1})",
                    id, always ? 1 : 0));
    for (const int festival : festivals)
      sql(fmt::format("INSERT INTO festival_gifts VALUES ({}, {})", festival, id));
  }
  Outcome run(Instant slot, Trigger trigger = Trigger::schedule) {
    Execution execution = claimed("festival-activation", slot, trigger);
    return FestivalActivation(desk()).run(execution);
  }
  Outcome run(int day) { return run(day0 + days{day}); }

  bool runs(int id) {
    return number(fmt::format("SELECT is_active FROM festivals WHERE id = {}", id)) == 1;
  }
  bool on_sale(int id) {
    return number(fmt::format("SELECT is_active FROM gifts WHERE id = {}", id)) == 1;
  }
  std::string theme(const char* country) {
    return text(fmt::format("SELECT coalesce(max(version || ' ' || theme), 'none') FROM themes"
                            " WHERE country = '{}'",
                            country));
  }
  std::string told() {
    std::string all;
    for (const auto& heard : this->heard()) all += heard.event + " ";
    return all;
  }
};

TEST(FestivalActivation, StartsAndEndsAFestivalAndTellsEverybody) {
  Calendar c;
  c.festival(1, 1, 3);
  EXPECT_EQ(counted(c.run(0), "activated"), 0);
  EXPECT_EQ(counted(c.run(1), "activated"), 1);
  EXPECT_TRUE(c.runs(1));
  auto heard = c.heard();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].event, "festival:activated");
  EXPECT_EQ(heard[0].rooms, "");
  EXPECT_EQ(heard[0].payload,
            (boost::json::value{{"festivalId", "1"},
                                {"name", "Festival 1"},
                                {"theme", {{"id", 1}}},
                                {"bonuses", {{"giftMultiplier", 2}}},
                                {"skins", boost::json::array{"red"}},
                                {"endsAt", to_string(day0 + days{3})}}));
  EXPECT_EQ(heard[1].event, "theme:changed");
  EXPECT_EQ(heard[1].payload,
            (boost::json::value{{"country", "NP"}, {"version", 1}, {"theme", {{"id", 1}}}}));

  EXPECT_EQ(counted(c.run(3), "deactivated"), 0);  // it still runs at its last instant
  EXPECT_EQ(counted(c.run(day0 + days{3} + milliseconds{1}), "deactivated"), 1);
  EXPECT_FALSE(c.runs(1));
  heard = c.heard();
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[2].event, "festival:deactivated");
  EXPECT_EQ(heard[2].payload,
            (boost::json::value{{"festivalId", "1"}, {"name", "Festival 1"}}));
  EXPECT_EQ(c.theme("NP"), "2 {}");
}

TEST(FestivalActivation, ChangesAndTellsNothingWhenItRunsAgain) {
  Calendar c;
  c.festival(1, 0, 3);
  c.gift(1, {1});
  c.run(1);
  const Outcome again = c.run(1);
  for (const char* word : {"activated", "deactivated", "gifts", "themes"})
    EXPECT_EQ(counted(again, word), 0) << word;
  EXPECT_EQ(c.told(), "festival:activated theme:changed ");
}

TEST(FestivalActivation, KeepsASharedGiftOnSaleWhenOneOfTwoFestivalsEnds) {
  // The earlier implementation switched it off with the first.
  Calendar c;
  c.festival(1, 0, 2);
  c.festival(2, 1, 5);
  c.gift(1, {1, 2});
  c.gift(2, {1});
  c.run(1);
  EXPECT_TRUE(c.on_sale(1));
  EXPECT_TRUE(c.on_sale(2));
  c.run(3);
  EXPECT_FALSE(c.runs(1));
  EXPECT_TRUE(c.on_sale(1));
  EXPECT_FALSE(c.on_sale(2));
  c.run(6);
  EXPECT_FALSE(c.on_sale(1));
}

TEST(FestivalActivation, KeepsAGiftOnSaleThatIsAlwaysAvailable) {
  Calendar c;
  c.festival(1, 0, 2);
  c.gift(1, {1}, true);
  c.run(1);
  EXPECT_TRUE(c.on_sale(1));
  c.run(3);
  EXPECT_TRUE(c.on_sale(1));
}

TEST(FestivalActivation, OpensAGiftThatIsAddedToARunningFestival) {
  Calendar c;
  c.festival(1, 0, 9);
  c.run(1);
  c.gift(1, {1});
  EXPECT_EQ(counted(c.run(2), "gifts"), 1);
  EXPECT_TRUE(c.on_sale(1));
}

TEST(FestivalActivation, TakesTheGiftsOfADeletedFestivalOffSale) {
  Calendar c;
  c.festival(1, 0, 9);
  c.gift(1, {1});
  c.run(1);
  c.sql("DELETE FROM festivals WHERE id = 1");
  c.run(2);
  EXPECT_FALSE(c.on_sale(1));
  EXPECT_EQ(c.theme("NP"), "2 {}");
}

TEST(FestivalActivation, FollowsADateThatIsMoved) {
  Calendar c;
  c.festival(1, 0, 9);
  c.run(1);
  c.sql(fmt::format("UPDATE festivals SET starts_at = {0}, ends_at = {1}",
                    to_millis(day0 + days{4}), to_millis(day0 + days{12})));
  EXPECT_EQ(counted(c.run(2), "deactivated"), 1);
  EXPECT_EQ(counted(c.run(10), "activated"), 1);
}

TEST(FestivalActivation, DressesEachCountryInItsOwnTheme) {
  Calendar c;
  c.festival(1, 0, 9, "GLOBAL", 1);
  c.festival(2, 0, 5, "NP", 1);
  c.festival(3, 0, 5, "AU", 0);
  c.run(1);
  EXPECT_EQ(c.theme("GLOBAL"), "1 {\"id\":1}");
  EXPECT_EQ(c.theme("NP"), "1 {\"id\":2}");
  EXPECT_EQ(c.theme("AU"), "1 {\"id\":1}");
  c.run(6);
  EXPECT_EQ(c.theme("GLOBAL"), "1 {\"id\":1}");
  EXPECT_EQ(c.theme("NP"), "2 {\"id\":1}");
  EXPECT_EQ(c.theme("AU"), "1 {\"id\":1}");
}

TEST(FestivalActivation, DoesNotTurnTheCalendarBackForALateSlot) {
  Calendar c;
  c.festival(1, 0, 2);
  c.run(1);
  c.run(3);
  ASSERT_FALSE(c.runs(1));
  c.run(2);  // a retry, worked after a later slot
  EXPECT_FALSE(c.runs(1));
  c.run(day0 + days{2}, Trigger::backfill);
  EXPECT_FALSE(c.runs(1));
  EXPECT_EQ(c.told(), "festival:activated theme:changed festival:deactivated theme:changed ");
}

TEST(FestivalActivation, TakesAPersonAtTheirWord) {
  Calendar c;
  c.festival(1, 0, 2);
  c.run(3);
  c.run(day0 + days{1}, Trigger::manual);
  EXPECT_TRUE(c.runs(1));
  c.run(day0 + days{3} + hours{1});
  EXPECT_FALSE(c.runs(1));
}

TEST(FestivalActivation, StartsAFestivalWhoseThemeIsNoJson) {
  Calendar c;
  c.festival(1, 0, 2);
  c.sql("UPDATE festivals SET theme = 'not json'");
  EXPECT_TRUE(is_done(c.run(1)));
  EXPECT_TRUE(c.runs(1));
  EXPECT_TRUE(c.heard()[0].payload.at("theme").is_null());
}

TEST(FestivalActivation, WakesForTheNextStartAndEnd) {
  Calendar c;
  FestivalActivation job(c.desk());
  EXPECT_TRUE(job.wakes_early());
  EXPECT_EQ(job.next_wake(day0).value(), std::nullopt);
  c.festival(1, 1, 3);
  EXPECT_EQ(job.next_wake(day0).value(), day0 + days{1});
  c.run(1);
  EXPECT_EQ(job.next_wake(day0 + days{1}).value(), day0 + days{3} + milliseconds{1});
}

TEST(FestivalActivation, CountsInADryRunWhatWouldTurnAndTurnsNothing) {
  Calendar c;
  c.festival(1, 0, 2);
  c.gift(1, {1});
  Execution dry = c.claimed("festival-activation", day0);
  dry.dry_run = true;
  const Outcome planned = FestivalActivation(c.desk()).run(dry);
  EXPECT_EQ(counted(planned, "activated"), 1);
  EXPECT_EQ(counted(planned, "gifts"), 1);
  EXPECT_EQ(counted(planned, "themes"), 1);
  EXPECT_FALSE(c.runs(1));
  EXPECT_TRUE(c.heard().empty());
  EXPECT_EQ(c.number("SELECT count(*) FROM memos"), 0);
}

class KilledAtAStep : public testing::TestWithParam<bool> {};

TEST_P(KilledAtAStep, FlagsGiftsThemesAndEventsChangeTogether) {
  bool died = true;
  for (int step = 1; died; ++step) {
    Calendar c;
    c.festival(1, 0, 2);
    c.festival(2, 0, 2, "AU");
    c.gift(1, {1, 2});
    Execution execution = c.claimed("festival-activation", day0);
    c.dying().die_at(step, GetParam());
    FestivalActivation(c.desk()).run(execution);
    died = c.dying().died();
    c.dying().die_at(0, false);
    const bool turned = c.runs(1);
    EXPECT_EQ(c.runs(2), turned);
    EXPECT_EQ(c.on_sale(1), turned);
    EXPECT_EQ(c.heard().size(), turned ? 4U : 0U);
    Execution next = c.claimed_again(execution);
    EXPECT_TRUE(is_done(FestivalActivation(c.desk()).run(next)));
    EXPECT_TRUE(c.runs(1) && c.runs(2) && c.on_sale(1));
    EXPECT_EQ(c.heard().size(), 4U);
    if (testing::Test::HasFailure()) FAIL() << "killed at step " << step;
    ASSERT_LT(step, 100);
  }
}

INSTANTIATE_TEST_SUITE_P(FestivalActivation, KilledAtAStep, testing::Bool(),
                         [](const auto& which) { return which.param ? "AfterIt" : "BeforeIt"; });

RC_GTEST_PROP(FestivalActivation, SellsAGiftExactlyWhileAFestivalHasIt, ()) {
  Calendar c;
  struct Span {
    int from, to;
  };
  std::vector<Span> festivals;
  std::vector<std::vector<int>> gifts;  // the festivals of each; the last gift is always available
  for (int id = 1; id <= 3; ++id) {
    const int from = *rc::gen::inRange(0, 8);
    festivals.push_back({from, from + *rc::gen::inRange(0, 5)});
    c.festival(id, festivals.back().from, festivals.back().to);
  }
  for (int id = 1; id <= 4; ++id) {
    gifts.emplace_back();
    c.gift(id, {}, id == 4);
    for (int f = 1; f <= 3; ++f)
      if (*rc::gen::inRange(0, 2) == 1) {
        gifts.back().push_back(f);
        c.sql(fmt::format("INSERT INTO festival_gifts VALUES ({}, {})", f, id));
      }
  }
  for (int day = 0; day <= 13; ++day) {
    RC_ASSERT(is_done(c.run(day)));
    for (int id = 1; id <= 4; ++id) {
      const auto& of = gifts[static_cast<std::size_t>(id - 1)];
      const bool sold = std::ranges::any_of(of, [&](int f) {
        const Span& span = festivals[static_cast<std::size_t>(f - 1)];
        return span.from <= day && day <= span.to;
      });
      RC_ASSERT(c.on_sale(id) == (sold || (id == 4 && !of.empty())));
    }
  }
}

TEST(FestivalActivationSettings, KnowNoKey) {
  auto empty = config::Section::parse("");
  EXPECT_TRUE(read_settings(empty));
  auto wrong = config::Section::parse("chunk = 5");
  EXPECT_FALSE(read_settings(wrong));
}

}  // namespace
}  // namespace hotclock::festival_activation
