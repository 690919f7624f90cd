#include "service/api/festivals_api.h"

#include <boost/json/parse.hpp>

#include "service/api/api_support.h"

namespace hotclock::api {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr std::string_view root = "/api/v1/festivals";
constexpr std::string_view tihar =
    R"({"name":"Tihar","type":"cultural","country":"NP","priority":10,)"
    R"("startsAt":"2026-11-24T18:15:00Z","endsAt":"2026-11-29T18:14:59.999Z",)"
    R"("theme":{"name":"tihar","colors":{"primary":"#b3261e"}},"skins":["marigold"],)"
    R"("bonuses":{"giftMultiplier":2},"gifts":[]})";

class FestivalsApiTest : public ApiFixture {
 protected:
  FestivalsApiTest() { opens(); }

  http::Answer does(std::string_view method, std::string_view target, std::string_view body = {},
                    http::Fields headers = {}) {
    headers.insert(headers.begin(), {"Content-Type", "application/json"});
    headers.push_back(as_editor().front());
    return http::ask(port(), method, std::string(root) + std::string(target), body, headers);
  }
  // The path of a festival that was made, behind the root.
  std::string made(std::string_view body = tihar) {
    const auto answer = does("POST", "?reason=the+calendar", body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return std::string(answer.header("location").substr(root.size()));
  }
  std::string tag_of(const std::string& festival) {
    return std::string(does("GET", festival).header("etag"));
  }
  static json::value parsed(const http::Answer& answer) { return json::parse(answer.body); }
  // The problems that an answer names: "theme.colors.primary".
  static std::vector<std::string> wrong(const http::Answer& answer) {
    std::vector<std::string> out;
    const json::value body = parsed(answer);
    if (const auto* all = body.as_object().if_contains("problems"))
      for (const auto& one : all->as_array())
        out.emplace_back(one.as_object().at("where").as_string());
    return out;
  }
  std::int64_t noted(const std::string& what) {
    return count("SELECT count(*) FROM audit WHERE what = '" + what + "'");
  }
};

TEST_F(FestivalsApiTest, MakesAFestivalThatIsShownAsItWasWritten) {
  const auto answer = does("POST", "?reason=the+calendar", tihar);
  ASSERT_EQ(answer.status, 201) << answer.body;
  EXPECT_TRUE(answer.header("location").starts_with("/api/v1/festivals/"));
  EXPECT_TRUE(parsed(answer).as_object().contains("notes"));
  const auto shown = does("GET", answer.header("location").substr(root.size()));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.header("etag"), answer.header("etag"));
  EXPECT_EQ(shown.header("cache-control"), "private, no-cache");
  EXPECT_EQ(shown.header("x-content-type-options"), "nosniff");
  const auto festival = parsed(shown).as_object();
  EXPECT_EQ(festival.at("name").as_string(), "Tihar");
  EXPECT_EQ(festival.at("bonuses").as_object().at("giftMultiplier").to_number<int>(), 2);
  EXPECT_EQ(noted("festival.create"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE who = 'user 17' AND reason = 'the calendar'"),
            1);
}

TEST_F(FestivalsApiTest, ShowsNothingNewToWhoeverHasIt) {
  const std::string festival = made();
  EXPECT_EQ(does("GET", festival, {}, {{"If-None-Match", tag_of(festival)}}).status, 304);
}

TEST_F(FestivalsApiTest, TellsEveryMistakeOfALookAtOnce) {
  const auto answer = does("POST", "",
                           R"({"name":"","type":"cultural","country":"NP",)"
                           R"("startsAt":"2026-11-24T18:15:00Z","endsAt":"tomorrow",)"
                           R"("theme":{"colors":{"primary":"red"}}})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(parsed(answer).as_object().at("status").to_number<int>(), 422);
  EXPECT_GE(wrong(answer).size(), 3u) << answer.body;
  EXPECT_EQ(count("SELECT count(*) FROM festivals"), 0);
}

TEST_F(FestivalsApiTest, ValidatesWithoutKeepingAnything) {
  const auto good = does("POST", "/validate", tihar);
  EXPECT_EQ(good.status, 200);
  EXPECT_TRUE(parsed(good).as_object().at("valid").as_bool()) << good.body;
  const auto bad = does("POST", "/validate", R"({"theme":{"colors":{"primry":"#b3261e"}}})");
  EXPECT_EQ(bad.status, 200);
  EXPECT_FALSE(parsed(bad).as_object().at("valid").as_bool());
  EXPECT_NE(bad.body.find("did you mean"), std::string::npos) << bad.body;
  EXPECT_EQ(count("SELECT count(*) FROM festivals"), 0);
}

TEST_F(FestivalsApiTest, ReplacesTheVersionThatItsEditorHasSeen) {
  const std::string festival = made();
  const std::string tag = tag_of(festival);
  std::string other(tihar);
  other.replace(other.find("Tihar"), 5, "Deepawali");
  EXPECT_EQ(does("PUT", festival + "?reason=name", other).status, 428);
  EXPECT_EQ(does("PUT", festival, other, {{"If-Match", tag}}).status, 400) << "without a reason";
  const auto answer = does("PUT", festival + "?reason=name", other, {{"If-Match", tag}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.header("etag"), tag);
  const auto late = does("PUT", festival + "?reason=name", tihar, {{"If-Match", tag}});
  EXPECT_EQ(late.status, 412) << late.body;
  EXPECT_EQ(late.header("etag"), answer.header("etag"));
  EXPECT_NE(does("GET", festival).body.find("Deepawali"), std::string::npos);
  EXPECT_EQ(does("PUT", festival + "?reason=name", tihar, {{"If-Match", "*"}}).status, 200);
  for (const char* tags : {"x", "\"a\", \"b\"", "\"\"", "W/\"a\""})
    EXPECT_EQ(does("PUT", festival + "?reason=name", tihar, {{"If-Match", tags}}).status, 400)
        << tags;
}

TEST_F(FestivalsApiTest, ReplacesWhatIsLeftOutByWhatAFestivalIsByItself) {
  const std::string festival = made();
  std::string less(tihar.substr(0, tihar.find(",\"skins\"")));
  const auto answer =
      does("PUT", festival + "?reason=less", less + "}", {{"If-Match", tag_of(festival)}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(parsed(answer).as_object().at("skins").as_array().empty()) << answer.body;
}

TEST_F(FestivalsApiTest, StartsAndEndsAFestivalEarlyWithAReason) {
  const std::string festival = made();
  EXPECT_EQ(does("POST", festival + "/activate", R"({"reason":""})").status, 400);
  EXPECT_EQ(does("POST", festival + "/activate", R"({"why":"rain"})").status, 400);
  EXPECT_EQ(does("POST", festival + "/end", R"({"reason":"rain"})").status, 409);
  const auto started = does("POST", festival + "/activate", R"({"reason":"people wait"})");
  ASSERT_EQ(started.status, 200) << started.body;
  EXPECT_EQ(parsed(started).as_object().at("startsAt").as_string(), to_string(t0).c_str());
  EXPECT_EQ(does("POST", festival + "/activate", R"({"reason":"again"})").status, 409);
  EXPECT_EQ(
      does("POST", festival + "/end", R"({"reason":"rain"})", {{"If-Match", "\"old\""}}).status,
      412);
  const auto ended = does("POST", festival + "/end", R"({"reason":"rain"})");
  EXPECT_EQ(ended.status, 200) << ended.body;
  EXPECT_EQ(noted("festival.activate"), 1);
  EXPECT_EQ(noted("festival.end"), 1);
}

TEST_F(FestivalsApiTest, RemovesAFestival) {
  const std::string festival = made();
  EXPECT_EQ(does("DELETE", festival).status, 400) << "without a reason";
  EXPECT_EQ(does("DELETE", festival + "?reason=x", {}, {{"If-Match", "\"old\""}}).status, 412);
  const auto gone = does("DELETE", festival + "?reason=called+off");
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(does("GET", festival).status, 404);
  EXPECT_EQ(does("DELETE", festival + "?reason=again").status, 404);
}

TEST_F(FestivalsApiTest, ListsFestivalsPageByPage) {
  for (int i = 1; i <= 5; ++i) plans(i, "Festival", i == 3 ? "DE" : "NP", i == 5 ? -1h : 1h);
  const auto ids = [&](std::string_view query) {
    std::vector<std::string> out;
    const auto answer = does("GET", query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    const json::value body = parsed(answer);
    for (const auto& one : body.as_object().at("festivals").as_array())
      out.emplace_back(one.as_object().at("id").as_string());
    const auto& next = body.as_object().at("nextAfter");
    if (next.is_string()) out.push_back("after " + std::string(next.as_string()));
    return out;
  };
  using Ids = std::vector<std::string>;
  EXPECT_EQ(ids(""), (Ids{"1", "2", "3", "4", "5"}));
  EXPECT_EQ(ids("?limit=2"), (Ids{"1", "2", "after 2"}));
  EXPECT_EQ(ids("?limit=3&after=2"), (Ids{"3", "4", "5"}));
  EXPECT_EQ(ids("?country=de"), Ids{"3"});
  EXPECT_EQ(ids("?active=true"), Ids{"5"});
  EXPECT_EQ(ids("?standing=over"), Ids{});
  for (const char* query :
       {"?limit=x", "?country=Nepal", "?standing=soon", "?active=yes", "?page=2"})
    EXPECT_EQ(does("GET", query).status, 400) << query;
}

TEST_F(FestivalsApiTest, PreviewsAFestivalInAnyCountry) {
  const std::string festival = made();
  EXPECT_NE(does("GET", festival + "/preview").body.find(R"("country":"NP")"), std::string::npos);
  EXPECT_NE(does("GET", festival + "/preview?country=de").body.find(R"("country":"DE")"),
            std::string::npos);
  EXPECT_EQ(does("GET", festival + "/preview?country=Nepal").status, 400);
  EXPECT_NE(does("GET", festival + "/preview?format=css").body.find("--hc-color-primary"),
            std::string::npos);
}

TEST_F(FestivalsApiTest, KnowsNoOtherPagesAndMethods) {
  const std::string festival = made();
  for (const char* page : {"/", "x", "/0", "/-1", "/abc", "/99999999999999999999", "/validate/x"})
    EXPECT_EQ(does("GET", page).status, 404) << page;
  EXPECT_EQ(does("GET", festival + "/").status, 404);
  EXPECT_EQ(does("GET", festival + "/stop").status, 404);
  const auto answer = does("PATCH", festival, "{}");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("allow"), "GET, PUT, DELETE");
  EXPECT_EQ(does("GET", "/validate").status, 405);
  EXPECT_EQ(does("GET", "/4711").status, 404);
}

TEST_F(FestivalsApiTest, ReadsJsonAloneAndNotTooMuchOfIt) {
  const auto typed = [&](const char* type, std::string_view body) {
    return http::ask(port(), "POST", "/api/v1/festivals/validate", body,
                     {{"Content-Type", type}, as_editor().front()})
        .status;
  };
  EXPECT_EQ(typed("text/plain", tihar), 415);
  EXPECT_EQ(typed("application/x-www-form-urlencoded", tihar), 415);
  EXPECT_EQ(typed("application/json; charset=utf-8", tihar), 200);
  EXPECT_EQ(typed("application/json", std::string((64 << 10) + 1, ' ')), 413);
  EXPECT_EQ(typed("application/json", "{"), 200) << "that it is no JSON is a problem it is told";
}

TEST_F(FestivalsApiTest, RefusesWhoIsNoEditorBeforeTheBodyIsSent) {
  http::Client client(port());
  client.send(
      "POST /api/v1/festivals HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
      "Content-Type: application/json\r\n\r\n");
  EXPECT_EQ(client.answer().status, 401);
}

}  // namespace
}  // namespace hotclock::api
