#include "service/jobs/festival_activation/festival_activation.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "service/jobs/festival_activation/calendar_support.h"

namespace hotclock::festival_activation {
namespace {

using kit::counted;
using kit::is_done;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

TEST(FestivalActivation, StartsAndEndsAFestivalAndTellsEverybody) {
  Calendar c;
  c.festival(1, 1, 3);
  EXPECT_EQ(counted(c.run(0), "activated"), 0);
  c.sql("DELETE FROM outbox");
  EXPECT_EQ(counted(c.run(1), "activated"), 1);
  EXPECT_TRUE(c.runs(1));
  auto heard = c.heard();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].event, "festival:activated");
  EXPECT_EQ(heard[0].rooms, "");
  EXPECT_EQ(heard[0].payload, (boost::json::value{{"festivalId", "1"},
                                                  {"name", "Festival 1"},
                                                  {"theme", {{"name", "festival-1"}}},
                                                  {"bonuses", {{"giftMultiplier", 2}}},
                                                  {"skins", boost::json::array{"red"}},
                                                  {"endsAt", to_string(day0 + days{3})}}));
  EXPECT_EQ(heard[1].event, "theme:changed");
  EXPECT_EQ(
      heard[1].payload,
      (boost::json::value{{"country", "NP"}, {"version", 2}, {"theme", {{"name", "festival-1"}}}}));

  EXPECT_EQ(counted(c.run(3), "deactivated"), 0);  // it still runs at its last instant
  EXPECT_EQ(counted(c.run(day0 + days{3} + milliseconds{1}), "deactivated"), 1);
  EXPECT_FALSE(c.runs(1));
  heard = c.heard();
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_EQ(heard[2].event, "festival:deactivated");
  EXPECT_EQ(heard[2].payload, (boost::json::value{{"festivalId", "1"}, {"name", "Festival 1"}}));
  EXPECT_EQ(
      heard[3].payload,
      (boost::json::value{{"country", "NP"}, {"version", 3}, {"theme", boost::json::object{}}}));
  EXPECT_EQ(c.theme("NP"), "{}");
}

TEST(FestivalActivation, ChangesAndTellsNothingWhenItRunsAgain) {
  Calendar c;
  c.festival(1, 0, 3);
  c.gift(1, {1});
  c.run(1);
  const Outcome again = c.run(1);
  for (const char* word : {"activated", "deactivated", "gifts", "themes", "dropped"})
    EXPECT_EQ(counted(again, word), 0) << word;
  EXPECT_EQ(c.told(), "festival:activated theme:changed theme:changed ");
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
  EXPECT_EQ(c.theme("NP"), "{}");
  EXPECT_EQ(c.wears("NP"), "default");
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
  EXPECT_EQ(c.wears("GLOBAL"), "Festival 1");
  EXPECT_EQ(c.wears("NP"), "Festival 2");
  EXPECT_EQ(c.wears("AU"), "Festival 1");
  EXPECT_EQ(c.theme("NP"), R"({"name":"festival-2"})");
  c.run(6);
  EXPECT_EQ(c.wears("GLOBAL"), "Festival 1");
  EXPECT_EQ(c.wears("NP"), "Festival 1");
  EXPECT_EQ(c.theme("NP"), R"({"name":"festival-1"})");
  EXPECT_EQ(c.version("GLOBAL"), 1);
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
  EXPECT_EQ(c.told(),
            "festival:activated theme:changed theme:changed festival:deactivated theme:changed ");
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
  c.change(1, "theme", "not json");
  EXPECT_EQ(counted(c.run(1), "dropped"), 1);
  EXPECT_TRUE(c.runs(1));
  EXPECT_TRUE(c.heard()[0].payload.at("theme").is_null());
  EXPECT_EQ(c.wears("NP"), "Festival 1");
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

TEST(FestivalActivation, IsWokenAtOnceByAnEditAndChangesOnlyTheCountryItConcerns) {
  Calendar c;
  c.festival(1, 0, 9);
  c.festival(2, 0, 9, "AU");
  c.run(1);
  FestivalActivation job(c.desk());
  EXPECT_EQ(job.next_wake(day0 + days{1}).value(), day0 + days{9} + milliseconds{1});
  c.sql("DELETE FROM outbox");
  c.edit(1, "theme", R"({"name":"tihar"})");
  EXPECT_EQ(job.next_wake(day0 + days{1} + hours{1}).value(), day0 + days{1} + hours{1});
  c.run(day0 + days{1} + hours{1});
  EXPECT_EQ(c.told_of_themes(), "NP 2; ");
  EXPECT_EQ(job.next_wake(day0 + days{1} + hours{2}).value(), day0 + days{9} + milliseconds{1});
}

TEST(FestivalActivation, IsWokenByTheEditOfAFestivalThatIsGone) {
  Calendar c;
  c.sql("INSERT INTO festival_edits (festival_id, at) VALUES (5, 0)");
  FestivalActivation job(c.desk());
  EXPECT_EQ(job.next_wake(day0).value(), day0);
  c.run(0);
  EXPECT_EQ(job.next_wake(day0).value(), std::nullopt);
}

TEST(FestivalActivation, CountsInADryRunWhatWouldTurnAndTurnsNothing) {
  Calendar c;
  c.festival(1, 0, 2);
  c.gift(1, {1});
  c.edit(1, "name", "Tihar");
  Execution dry = c.claimed("festival-activation", day0);
  dry.dry_run = true;
  const Outcome planned = FestivalActivation(c.desk()).run(dry);
  EXPECT_EQ(counted(planned, "activated"), 1);
  EXPECT_EQ(counted(planned, "gifts"), 1);
  EXPECT_EQ(counted(planned, "themes"), 2);
  EXPECT_FALSE(c.runs(1));
  EXPECT_TRUE(c.heard().empty());
  EXPECT_EQ(c.documents(), 0);
  EXPECT_EQ(c.version("NP"), 0);
  EXPECT_EQ(c.number("SELECT count(*) FROM festival_edits"), 1);
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
    c.edit(2, "name", "Australia Day");
    Execution execution = c.claimed("festival-activation", day0);
    c.dying().die_at(step, GetParam());
    FestivalActivation(c.desk()).run(execution);
    died = c.dying().died();
    c.dying().die_at(0, false);
    const bool turned = c.runs(1);
    EXPECT_EQ(c.runs(2), turned);
    EXPECT_EQ(c.on_sale(1), turned);
    EXPECT_EQ(c.heard().size(), turned ? 5U : 0U);
    EXPECT_EQ(c.documents(), turned ? 3 : 0);
    EXPECT_EQ(c.number("SELECT count(*) FROM festival_edits"), turned ? 0 : 1);
    Execution next = c.claimed_again(execution);
    EXPECT_TRUE(is_done(FestivalActivation(c.desk()).run(next)));
    EXPECT_TRUE(c.runs(1) && c.runs(2) && c.on_sale(1));
    EXPECT_EQ(c.told_of_themes(), "AU 1; GLOBAL 1; NP 1; ");
    EXPECT_EQ(c.heard().size(), 5U);
    EXPECT_EQ(c.documents(), 3);
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

TEST(FestivalActivationSettings, NameTheHostsOfImages) {
  auto empty = config::Section::parse("");
  EXPECT_EQ(read_settings(empty)->hosts, std::vector<std::string>());
  auto one = config::Section::parse("hosts = [\"cdn.example\", \"images.example:8443\"]");
  EXPECT_EQ(read_settings(one)->hosts,
            (std::vector<std::string>{"cdn.example", "images.example:8443"}));
}

TEST(FestivalActivationSettings, RefuseWhatIsNoHostAndKeysThatNobodyKnows) {
  for (const char* wrong : {"hosts = [\"https://cdn.example/\"]", "hosts = [\"\"]",
                            "hosts = [\"*\"]", "hosts = [\"cdn.example:\"]", "chunk = 5"}) {
    auto section = config::Section::parse(wrong);
    EXPECT_FALSE(read_settings(section)) << wrong;
  }
}

}  // namespace
}  // namespace hotclock::festival_activation
