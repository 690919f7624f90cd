#include "service/api/theme_pages.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "service/api/api_support.h"
#include "service/api/rendered.h"

namespace hotclock::api {
namespace {

using namespace std::chrono_literals;
using http::eventually;

constexpr std::string_view asks_again = "public, no-cache";
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

class ThemePagesTest : public ApiFixture {
 protected:
  bool shows(std::string_view target, std::string_view text) {
    return gets(target).body.find(text) != std::string::npos;
  }
  // What a request is told that is not taken; empty where it has to wait.
  std::string refusal_of_one_more() {
    http::Client one(port());
    one.send(http::request_text("GET", "/theme/NP/preview?festival=3", {}, as_editor()));
    for (int looks = 0; looks < 20 && one.quiet(); ++looks) http::pause_between_looks();
    return one.quiet() ? "" : one.answer().body;
  }
};

// ---------------------------------------------------------------- what is current

TEST_F(ThemePagesTest, ShowACountryWhatItWearsAndLetNobodyKeepItUnasked) {
  dresses("NP", 4, "#b3261e", 200);
  opens();
  const auto json = gets("/theme/NP.json");
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(json.header("content-type"), "application/json");
  EXPECT_EQ(json.header("cache-control"), asks_again);
  EXPECT_EQ(json.header("vary"), "Accept-Encoding");
  EXPECT_EQ(json.header("access-control-allow-origin"), "*");
  EXPECT_EQ(json.header("x-content-type-options"), "nosniff");
  EXPECT_TRUE(json.body.starts_with(R"({"country":"NP","version":4,"festival":{"id":"3",)"))
      << json.body;
  const auto css = gets("/theme/NP.css");
  EXPECT_EQ(css.header("content-type"), "text/css; charset=UTF-8");
  EXPECT_NE(css.body.find("--hc-color-primary: #b3261e"), std::string::npos) << css.body;
  const auto bonuses = gets("/bonuses/NP.json");
  EXPECT_EQ(bonuses.header("cache-control"), asks_again);
  EXPECT_NE(bonuses.body.find(R"("giftMultiplier":2)"), std::string::npos) << bonuses.body;
  EXPECT_EQ(bonuses.body.find("colors"), std::string::npos);
}

TEST_F(ThemePagesTest, ShowTheNewestOfSeveralVersions) {
  dresses("NP", 9, "#090909");
  dresses("NP", 10, "#101010");
  opens();
  EXPECT_TRUE(shows("/theme/NP.json", "#101010"));
  EXPECT_TRUE(shows("/theme/np.json", "#101010"));
  EXPECT_TRUE(shows("/theme/Np.css", "#101010"));
}

TEST_F(ThemePagesTest, ShowWhoHasNothingOfItsOwnWhatGlobalWears) {
  dresses("GLOBAL", 2, "#222222");
  dresses("NP", 1, "#111111");
  opens();
  EXPECT_TRUE(shows("/theme/DE.json", R"({"country":"GLOBAL","version":2,)"));
  EXPECT_TRUE(shows("/bonuses/DE.json", R"({"country":"GLOBAL","version":2,)"));
  EXPECT_TRUE(shows("/theme/global.css", "#222222"));
}

TEST_F(ThemePagesTest, ShowTheDefaultThemeWhereNobodyWasEverToldOfAnother) {
  opens();
  EXPECT_TRUE(shows("/theme/NP.json", R"({"country":"GLOBAL","version":0,"festival":null,)"));
  EXPECT_EQ(gets("/theme/NP.css").status, 200);
}

TEST_F(ThemePagesTest, AnswerWhoHasItAlreadyWithNothingNew) {
  dresses("NP", 4, "#b3261e");
  opens();
  for (const char* page : {"/theme/NP.json", "/theme/NP.css", "/bonuses/NP.json"}) {
    const std::string tag(gets(page).header("etag"));
    const auto again = gets(page, {{"If-None-Match", "\"other\", " + tag}});
    EXPECT_EQ(again.status, 304) << page;
    EXPECT_EQ(again.header("etag"), tag);
    EXPECT_EQ(again.header("cache-control"), asks_again);
    EXPECT_EQ(again.header("vary"), "Accept-Encoding");
    EXPECT_EQ(status(page, {{"If-None-Match", "\"other\""}}), 200);
  }
}

TEST_F(ThemePagesTest, ShowAChangeToWhoeverAsksASecondLater) {
  dresses("NP", 4, "#444444");
  opens();
  const std::string tag(gets("/theme/NP.json").header("etag"));
  dresses("NP", 5, "#555555");
  EXPECT_TRUE(eventually([&] { return shows("/theme/NP.json", "#555555"); }));
  EXPECT_EQ(status("/theme/NP.json", {{"If-None-Match", tag}}), 200);
}

TEST_F(ThemePagesTest, ShowAChangeAtOnceToWhoeverWasToldOfIt) {
  dresses("NP", 4, "#444444");
  opens();
  for (std::int64_t version = 5; version < 10; ++version) {
    EXPECT_TRUE(shows("/theme/NP.json", fmt::format(R"("version":{},)", version - 1)));
    dresses("NP", version, "#555555");
    loop().call([&] { pages().theme_changed(); });
    EXPECT_TRUE(shows("/theme/NP.json", fmt::format(R"("version":{},)", version)));
  }
}

TEST_F(ThemePagesTest, GiveInGzipTheSameAsWithoutIt) {
  dresses("NP", 4, "#b3261e");
  opens();
  for (const char* page :
       {"/theme/NP.json", "/theme/NP.css", "/theme/NP.json?v=4", "/bonuses/NP.json"}) {
    const auto plain = gets(page);
    const auto small = gets(page, {{"Accept-Encoding", "br, gzip"}});
    EXPECT_EQ(small.header("content-encoding"), "gzip") << page;
    EXPECT_EQ(small.body, gzip(plain.body)) << page;
    EXPECT_NE(small.header("etag"), plain.header("etag"));
    EXPECT_EQ(status(page, {{"Accept-Encoding", "gzip"},
                            {"If-None-Match", std::string(small.header("etag"))}}),
              304);
  }
}

TEST_F(ThemePagesTest, AnswerHeadWithoutABody) {
  dresses("NP", 4, "#b3261e");
  opens();
  const auto whole = gets("/theme/NP.json");
  http::Client client(port());
  client.send(http::request_text("HEAD", "/theme/NP.json"));
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), std::to_string(whole.body.size()));
  EXPECT_EQ(head.header("etag"), whole.header("etag"));
  client.send(http::request_text("GET", "/theme/NP.json"));
  EXPECT_EQ(client.answer().body, whole.body);
}

TEST_F(ThemePagesTest, ShowADocumentThatIsBrokenAsTheDefaultTheme) {
  dresses("NP", 4, "#b3261e");
  sql("UPDATE theme_documents SET document = '{\"colors\": oops'");
  opens();
  EXPECT_TRUE(shows("/theme/NP.json", R"({"country":"NP","version":4,"festival":null,)"));
}

// ---------------------------------------------------------------- versions

TEST_F(ThemePagesTest, LetAVersionBeKeptForEver) {
  dresses("NP", 4, "#444444");
  dresses("NP", 5, "#555555");
  opens();
  const auto newest = gets("/theme/NP.json?v=5"), older = gets("/theme/NP.css?v=4");
  EXPECT_EQ(newest.header("cache-control"), for_ever);
  EXPECT_EQ(older.header("cache-control"), for_ever);
  EXPECT_NE(newest.body.find("#555555"), std::string::npos);
  EXPECT_NE(older.body.find("#444444"), std::string::npos);
  EXPECT_EQ(status("/theme/NP.css?v=4", {{"If-None-Match", std::string(older.header("etag"))}}),
            304);
}

TEST_F(ThemePagesTest, SayThatAVersionIsNotKept) {
  dresses("NP", 4, "#444444");
  dresses("NP", 5, "#555555");
  forgets("NP", 4);
  opens();
  for (const char* page : {"/theme/NP.json?v=4", "/theme/NP.json?v=6", "/theme/NP.json?v=0",
                           "/theme/NP.css?v=999999999999999999"}) {
    const auto answer = gets(page);
    EXPECT_EQ(answer.status, 404) << page;
    EXPECT_EQ(answer.header("cache-control"), "no-store");
    EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  }
}

TEST_F(ThemePagesTest, FindAVersionThatAnotherNodeToldOf) {
  dresses("NP", 4, "#444444");
  opens();
  EXPECT_TRUE(shows("/theme/NP.json", "#444444"));
  dresses("NP", 5, "#555555");
  EXPECT_TRUE(shows("/theme/NP.json?v=5", "#555555"));
  EXPECT_TRUE(shows("/theme/NP.json", "#555555"));
}

TEST_F(ThemePagesTest, KeepAVersionThatWasAskedForInMemory) {
  for (std::int64_t version = 1; version <= 3; ++version) dresses("NP", version, "#444444");
  opens();
  EXPECT_EQ(status("/theme/NP.json?v=1"), 200);
  const int asked = gate->asked();
  gate->close();
  loop().call([&] {});
  EXPECT_EQ(status("/theme/NP.json?v=1"), 200);
  EXPECT_EQ(status("/theme/NP.css?v=1"), 200);
  EXPECT_EQ(gate->asked(), asked);
}

// It may get a theme of its own, with that number.
TEST_F(ThemePagesTest, LetNobodyKeepGlobalsVersionUnderAnotherCountry) {
  dresses("GLOBAL", 2, "#222222");
  opens();
  EXPECT_EQ(gets("/theme/GLOBAL.json?v=2").header("cache-control"), for_ever);
  const auto other = gets("/theme/DE.json?v=2");
  EXPECT_EQ(other.header("cache-control"), asks_again);
  EXPECT_NE(other.body.find("#222222"), std::string::npos);
}

// ---------------------------------------------------------------- bad requests

TEST_F(ThemePagesTest, SayWhatACountryIs) {
  opens();
  for (const char* page :
       {"/theme/N.json", "/theme/NPL.json", "/theme/N1.css", "/theme/.json", "/bonuses/%C3%A9.json",
        "/theme/GLOBALS.json", "/theme/12/upcoming.json", "/theme/N%20/preview"}) {
    const auto answer = gets(page);
    EXPECT_EQ(answer.status, 400) << page;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_NE(answer.body.find("a country is two letters, such as NP"), std::string::npos);
  }
}

TEST_F(ThemePagesTest, KnowNoOtherPages) {
  opens();
  for (const char* page : {"/theme/", "/theme/NP", "/theme/NP.html", "/theme/NP.json/",
                           "/bonuses/NP.css", "/theme/NP/upcoming", "/theme/..%2f.json",
                           "/theme/NP/preview.json", "/bonuses/NP/upcoming.json"})
    EXPECT_EQ(status(page), 404) << page;
  for (const char* version : {"x", "-1", "1.0", "+1", "9999999999999999999", "%20"})
    EXPECT_EQ(status("/theme/NP.json?v=" + std::string(version)), 400) << version;
  EXPECT_EQ(status("/theme/NP.json?x=" + std::string(300, 'x')), 400);
  EXPECT_EQ(http::ask(port(), "POST", "/theme/NP.json", "").status, 405);
  EXPECT_EQ(http::ask(port(), "DELETE", "/bonuses/NP.json", "").status, 405);
}

TEST_F(ThemePagesTest, LetPagesOfOtherOriginsSendAToken) {
  opens();
  const auto answer = http::ask(port(), "OPTIONS", "/theme/NP/upcoming.json", {},
                                {{"Origin", "https://live.example"},
                                 {"Access-Control-Request-Method", "GET"},
                                 {"Access-Control-Request-Headers", "authorization"}});
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  EXPECT_NE(answer.header("access-control-allow-headers").find("Authorization"), std::string::npos);
}

// ---------------------------------------------------------------- what comes

TEST_F(ThemePagesTest, ShowWhatComesToWhoeverShowsAToken) {
  plans(3, "Tihar", "NP", 2h);
  opens();
  const auto answer = gets("/theme/NP/upcoming.json", as(17));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("cache-control"), "private, no-store");
  EXPECT_TRUE(answer.body.starts_with(R"({"country":"NP","version":0,"festival":{"id":"3",)"))
      << answer.body;
  EXPECT_EQ(status("/theme/NP/upcoming.json"), 401);
  EXPECT_EQ(status("/theme/DE/upcoming.json", as(17)), 204) << "nothing comes to Germany";
}

TEST_F(ThemePagesTest, ShowWhatComesOnlyADayBefore) {
  plans(3, "Tihar", "GLOBAL", 24h + 1ms);
  opens();
  const auto nothing = gets("/theme/NP/upcoming.json", as(17));
  EXPECT_EQ(nothing.status, 204);
  EXPECT_EQ(nothing.header("cache-control"), "private, no-store");
  clock.advance(1ms);
  EXPECT_TRUE(eventually([&] { return status("/theme/NP/upcoming.json", as(17)) == 200; }));
  EXPECT_NE(gets("/theme/NP/upcoming.json", as(17)).body.find(R"("country":"GLOBAL")"),
            std::string::npos);
}

TEST_F(ThemePagesTest, ShowThatTheDefaultThemeComesBack) {
  plans(3, "Tihar", "NP", -2h);
  opens();
  const auto answer = gets("/theme/NP/upcoming.json", as(17));
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find(R"("festival":null)"), std::string::npos) << answer.body;
}

TEST_F(ThemePagesTest, PreviewAFestivalForEditors) {
  plans(3, "Tihar", "NP", 24h * 60);
  opens();
  const auto json = gets("/theme/NP/preview?festival=3", as_editor());
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(json.header("cache-control"), "private, no-store");
  EXPECT_NE(json.body.find(R"("festival":{"id":"3","name":"Tihar"})"), std::string::npos);
  const auto css = gets("/theme/DE/preview?festival=3&format=css", as_editor());
  EXPECT_EQ(css.header("content-type"), "text/css; charset=UTF-8");
  EXPECT_NE(css.body.find("--hc-color-primary: #b3261e"), std::string::npos) << css.body;
  EXPECT_EQ(status("/theme/NP/preview?festival=4", as_editor()), 404);
  for (const char* query :
       {"", "?festival=", "?festival=x", "?festival=0", "?festival=3&format=xml"})
    EXPECT_EQ(status("/theme/NP/preview" + std::string(query), as_editor()), 400) << query;
}

// ---------------------------------------------------------------- a database in trouble

TEST_F(ThemePagesTest, AskTheDatabaseOnceHoweverManyAsk) {
  dresses("NP", 4, "#b3261e");
  opens();
  EXPECT_EQ(status("/theme/NP.json"), 200);
  const int before = gate->asked();
  const Steady since = machine.steady();
  http::Client client(port());
  for (int i = 0; i < 2000; ++i) {
    client.send(http::request_text("GET", i % 2 ? "/theme/NP.json" : "/theme/DE.css"));
    ASSERT_EQ(client.answer().status, 200);
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(machine.steady() - since);
  EXPECT_LE(gate->asked() - before, seconds.count() + 1);
}

TEST_F(ThemePagesTest, GoOnShowingWhatThereWasWhileTheDatabaseIsAway) {
  dresses("NP", 4, "#b3261e");
  opens();
  EXPECT_EQ(status("/theme/NP.json"), 200);
  gate->fail(true);
  const int asked = gate->asked();
  EXPECT_TRUE(eventually([&] {
    EXPECT_EQ(status("/theme/NP.json"), 200);
    return gate->asked() > asked + 1;
  }));
  gate->fail(false);
  dresses("NP", 5, "#555555");
  EXPECT_TRUE(eventually([&] { return shows("/theme/NP.json", "#555555"); }));
}

TEST_F(ThemePagesTest, SayThatTheyCannotAnswerWhereThereWasNothing) {
  opens();
  gate->fail(true);
  const auto answer = gets("/theme/NP.json");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("retry-after"), "1");
  EXPECT_EQ(answer.body.find("away"), std::string::npos) << "what is wrong here is for the log";
  EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  EXPECT_TRUE(eventually([&] { return logged() > 0; }));
}

TEST_F(ThemePagesTest, LeaveTheLoopFreeWhileTheDatabaseIsSlow) {
  plans(3, "Tihar", "NP", 2h);
  opens();
  gate->close();
  std::vector<http::Client> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(port()).send(http::request_text(
        "GET", i % 2 ? "/theme/NP.json" : "/theme/NP/preview?festival=3", {}, as_editor()));
  }
  EXPECT_TRUE(eventually([&] { return gate->waiting() == 4; }));
  EXPECT_TRUE(loop_answers());
  EXPECT_EQ(status("/theme/N.json"), 400) << "what needs no database is answered";
  gate->open();
  for (http::Client& client : clients) EXPECT_EQ(client.answer().status, 200);
}

TEST_F(ThemePagesTest, RefuseWhatThereIsNoRoomForAndWhatWaitsWhenTheyStop) {
  plans(3, "Tihar", "NP", 2h);
  opens();
  gate->close();
  std::vector<http::Client> clients;
  for (int i = 0; i < 132; ++i)
    clients.emplace_back(port()).send(
        http::request_text("GET", "/theme/NP/preview?festival=3", {}, as_editor()));
  EXPECT_TRUE(eventually([&] { return gate->waiting() == 4; }));
  const auto told = [&](std::string_view words) {
    return eventually([&] { return refusal_of_one_more().find(words) != std::string::npos; });
  };
  EXPECT_TRUE(told("too much is asked"));
  std::thread stopping([&] { pages().stop(); });
  EXPECT_TRUE(told("this node stops"));
  gate->open();
  stopping.join();
  int served = 0;
  for (http::Client& client : clients) {
    const auto answer = client.answer();
    EXPECT_TRUE(answer.status == 200 || answer.header("retry-after") == "1") << answer.status;
    served += answer.status == 200 ? 1 : 0;
  }
  EXPECT_EQ(served, 4) << "what was being worked was ended, and no more";
  EXPECT_EQ(status("/theme/NP/preview?festival=3", as_editor()), 503);
}

}  // namespace
}  // namespace hotclock::api
