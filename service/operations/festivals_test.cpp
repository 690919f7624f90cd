#include "service/festivals/festivals.h"

#include <boost/json/serialize.hpp>

#include "service/operations/operations_support.h"

namespace hotclock::operations {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::string_view tihar =
    R"({"name":"Tihar","type":"cultural","country":"NP","priority":10,)"
    R"("startsAt":"2026-11-24T18:15:00Z","endsAt":"2026-11-29T18:14:59.999Z",)"
    R"("theme":{"name":"tihar","colors":{"primary":"#b3261e"}},"skins":["marigold"],)"
    R"("bonuses":{"giftMultiplier":2},"gifts":[]})";

class FestivalsTest : public OperationsFixture {
 protected:
  std::string made(std::string_view body = tihar) {
    const auto answer = does(bela, "POST", "/festivals?reason=calendar", body);
    EXPECT_EQ(answer.status, 201) << json::serialize(answer.body);
    return answer.location;
  }
  Answer puts(const std::string& festival, std::string_view body, std::string_view tag) {
    return does(bela, "PUT", festival + "?reason=name", body, tag);
  }
};

TEST_F(FestivalsTest, OneIsShownAsItWasWritten) {
  const std::string festival = made();
  const auto shown = does(bela, "GET", festival);
  EXPECT_EQ(text(shown, "name"), "Tihar");
  EXPECT_EQ(shown.etag, "\"" + text(shown, "revision") + "\"");
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE who = 'bela' AND what = 'festival.create' AND "
                  "reason = 'calendar'"),
            1);
}

TEST_F(FestivalsTest, EveryMistakeOfALookIsToldAtOnceAndNothingIsKept) {
  constexpr std::string_view bad =
      R"({"name":"","type":"cultural","country":"NP","startsAt":"2026-11-24T18:15:00Z",)"
      R"("endsAt":"tomorrow","theme":{"colors":{"primary":"red"}}})";
  const auto answer = does(bela, "POST", "/festivals", bad);
  EXPECT_EQ(answer.status, 422);
  EXPECT_GE(wrong(answer).size(), 3u);
  const auto judged = does(bela, "POST", "/festivals/validate", bad);
  EXPECT_EQ(judged.status, 200);
  EXPECT_EQ(text(judged, "valid"), "false");
  EXPECT_EQ(text(does(bela, "POST", "/festivals/validate", tihar), "valid"), "true");
  EXPECT_EQ(count("SELECT count(*) FROM festivals"), 0);
}

TEST_F(FestivalsTest, AnEditChangesWhatItSaysAndNothingElse) {
  const std::string festival = made();
  const auto edited =
      does(bela, "PATCH", festival + "?reason=more", R"({"priority":70})");
  ASSERT_EQ(edited.status, 200) << json::serialize(edited.body);
  EXPECT_EQ(text(edited, "priority"), "70");
  EXPECT_EQ(text(edited, "name"), "Tihar");
  EXPECT_EQ(does(bela, "PATCH", festival, R"({"priority":7})").status, 400) << "without a reason";
  EXPECT_EQ(does(bela, "PATCH", festival + "?reason=more", R"({"priority":"high"})").status, 422);
  EXPECT_EQ(does(bela, "PATCH", festival + "?reason=more", R"({"priority":7})", "\"old\"").status, 412);
  EXPECT_EQ(text(does(bela, "GET", festival), "priority"), "70");
}

TEST_F(FestivalsTest, TheVersionThatItsEditorHasSeenIsReplaced) {
  const std::string festival = made();
  const std::string tag = does(bela, "GET", festival).etag;
  std::string other(tihar);
  other.replace(other.find("Tihar"), 5, "Deepawali");
  EXPECT_EQ(puts(festival, other, "").status, 428);
  EXPECT_EQ(does(bela, "PUT", festival, other, tag).status, 400) << "without a reason";
  const auto answer = puts(festival, other, tag);
  ASSERT_EQ(answer.status, 200) << json::serialize(answer.body);
  EXPECT_NE(answer.etag, tag);
  const auto late = puts(festival, tihar, tag);
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.etag, answer.etag);
  EXPECT_EQ(puts(festival, tihar, "*").status, 200);
  for (const char* tags : {"x", "\"a\", \"b\"", "\"\"", "W/\"a\""})
    EXPECT_EQ(puts(festival, tihar, tags).status, 400) << tags;
}

TEST_F(FestivalsTest, WhatAReplacementLeavesOutIsAsIfItWereMadeAnew) {
  const std::string festival = made();
  const std::string less(tihar.substr(0, tihar.find(",\"skins\"")));
  const auto answer = puts(festival, less + "}", "*");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(text(answer, "skins"), "[]");
}

TEST_F(FestivalsTest, OneIsStartedAndEndedEarlyWithAReason) {
  const std::string festival = made();
  EXPECT_EQ(does(bela, "POST", festival + "/activate", R"({"reason":""})").status, 400);
  EXPECT_EQ(does(bela, "POST", festival + "/end", R"({"reason":"rain"})").status, 409);
  EXPECT_EQ(does(bela, "POST", festival + "/activate", R"({"reason":"people wait"})").status, 200);
  EXPECT_EQ(does(bela, "POST", festival + "/activate", R"({"reason":"again"})").status, 409);
  EXPECT_EQ(does(bela, "POST", festival + "/end", R"({"reason":"rain"})", "\"old\"").status, 412);
  clock.advance(1s);
  EXPECT_EQ(does(bela, "POST", festival + "/end", R"({"reason":"rain"})").status, 200);
}

TEST_F(FestivalsTest, OneIsRemoved) {
  const std::string festival = made();
  EXPECT_EQ(does(bela, "DELETE", festival).status, 400) << "without a reason";
  EXPECT_EQ(does(bela, "DELETE", festival + "?reason=x", {}, "\"old\"").status, 412);
  EXPECT_EQ(does(bela, "DELETE", festival + "?reason=off").status, 204);
  EXPECT_EQ(does(bela, "GET", festival).status, 404);
  EXPECT_EQ(does(bela, "DELETE", festival + "?reason=again").status, 404);
}

TEST_F(FestivalsTest, TheyAreListedPageByPage) {
  std::string german(tihar);
  german.replace(german.find("\"NP\""), 4, "\"DE\"");
  for (int i = 0; i < 4; ++i) made();
  made(german);
  const auto first = does(bela, "GET", "/festivals?limit=3");
  EXPECT_EQ(items(first).size(), 3u);
  const auto rest = does(bela, "GET", "/festivals?limit=3&cursor=" + text(first, "next"));
  EXPECT_EQ(items(rest).size(), 2u);
  EXPECT_EQ(text(rest, "next"), "null");
  EXPECT_EQ(items(does(bela, "GET", "/festivals?country=de")).size(), 1u);
  EXPECT_EQ(items(does(bela, "GET", "/festivals?standing=coming")).size(), 5u);
  EXPECT_EQ(items(does(bela, "GET", "/festivals?standing=over")).size(), 0u);
  for (const char* query :
       {"limit=x", "country=Nepal", "country=N1", "standing=soon", "page=2", "cursor=x"})
    EXPECT_EQ(does(bela, "GET", std::string("/festivals?") + query).status, 400) << query;
}

TEST_F(FestivalsTest, OneIsPreviewedInAnyCountry) {
  const std::string festival = made();
  EXPECT_EQ(text(does(bela, "GET", festival + "/preview"), "country"), "NP");
  EXPECT_EQ(text(does(bela, "GET", festival + "/preview?country=de"), "country"), "DE");
  EXPECT_EQ(does(bela, "GET", festival + "/preview?country=Nepal").status, 400);
  EXPECT_NE(does(bela, "GET", festival + "/preview?format=css").text.find("--hc-color-primary"),
            std::string::npos);
}

TEST_F(FestivalsTest, AnIdIsANumberAndAllOfIt) {
  const std::string festival = made();
  for (const char* id : {"0", "-1", "abc", "99999999999999999999", "1x", "+1"})
    EXPECT_EQ(does(bela, "GET", std::string("/festivals/") + id).status, 404) << id;
  EXPECT_EQ(does(bela, "GET", festival + "/").status, 404);
  EXPECT_EQ(does(bela, "GET", festival + "/stop").status, 404);
  EXPECT_EQ(does(bela, "GET", "/festivals/validate").status, 404)
      << "which is no festival's id either";
}

}  // namespace
}  // namespace hotclock::operations
