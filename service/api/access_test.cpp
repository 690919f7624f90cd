#include "service/api/access.h"

#include "service/api/api_support.h"

namespace hotclock::api {
namespace {

using namespace std::chrono_literals;

struct Visitor {
  const char* name;
  http::Fields headers;
  int users, editors;  // what pages for them answer
};

class AccessTest : public ApiFixture {
 protected:
  AccessTest() { plans(3, "Tihar", "NP", 2h); }

  std::vector<Visitor> visitors() const {
    const http::Fields editor = as_editor();
    const std::string token = editor.front().second.substr(7);
    return {{"nobody", {}, 401, 401},
            {"a user", as(17), 200, 403},
            {"an editor", editor, 200, 200},
            {"an editor among other roles", as(17, {"host", "festival-editor"}), 200, 200},
            {"a user with another role", as(17, {"festival-editors"}), 200, 403},
            {"an editor whose token expired", as(17, {"festival-editor"}, -1h), 401, 401},
            {"a forger", as(17, {"festival-editor"}, 1h, "another secret, as long as that one is"),
             401, 401},
            {"no token", {{"Authorization", "Bearer"}}, 401, 401},
            {"another scheme", {{"Authorization", "Basic " + token}}, 401, 401},
            {"any case of the scheme", {{"Authorization", "bEARER  " + token}}, 200, 200},
            {"a token in the query", {}, 401, 401}};
  }
  std::string page(const Visitor& visitor, std::string target) const {
    if (visitor.name != std::string_view("a token in the query")) return target;
    return target + (target.find('?') == target.npos ? "?" : "&") + "token=x";
  }
};

TEST_F(AccessTest, IsForWhomTheTableSays) {
  opens();
  for (const Visitor& who : visitors()) {
    for (const char* open : {"/theme/NP.json", "/theme/NP.css", "/bonuses/NP.json"})
      EXPECT_EQ(status(page(who, open), who.headers), 200) << who.name << " " << open;
    EXPECT_EQ(status(page(who, "/theme/NP/upcoming.json"), who.headers), who.users) << who.name;
    EXPECT_EQ(status(page(who, "/theme/NP/preview?festival=3"), who.headers), who.editors)
        << who.name;
  }
}

TEST_F(AccessTest, ToWhatComesMayBeForEditorsAlone) {
  opens({.preload = config::Preload::editors});
  for (const Visitor& who : visitors())
    EXPECT_EQ(status("/theme/NP/upcoming.json", who.headers), who.editors) << who.name;
}

TEST_F(AccessTest, ToWhatComesMayBeForEveryone) {
  opens({.preload = config::Preload::everyone});
  for (const Visitor& who : visitors())
    EXPECT_EQ(status("/theme/NP/upcoming.json", who.headers), 200) << who.name;
}

TEST_F(AccessTest, SaysInItsHeaderWhatIsMissing) {
  opens();
  const char* page = "/theme/NP/preview?festival=3";
  EXPECT_EQ(gets(page).header("www-authenticate"), "Bearer");
  EXPECT_EQ(gets(page, as(17, {}, -1h)).header("www-authenticate"),
            "Bearer error=\"invalid_token\"");
  EXPECT_EQ(gets(page, as(17)).header("www-authenticate"), "Bearer error=\"insufficient_scope\"");
  EXPECT_NE(gets(page, as(17, {}, -1h)).body.find("the token has expired"), std::string::npos);
}

TEST_F(AccessTest, OfAnAddressThatTriesManyTokensEndsForAWhile) {
  opens();
  const char* page = "/theme/NP/upcoming.json";
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(status(page, {{"Authorization", "Bearer x.y.z"}}), 401) << i;
  const auto refused = gets(page, as(17));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "60");
  EXPECT_EQ(status("/theme/NP.json"), 200) << "what is for all stays so";
  clock.advance(1min);
  EXPECT_EQ(status(page, as(17)), 200);
}

TEST_F(AccessTest, OfATokenThatExpiredIsNoAttempt) {
  opens();
  for (int i = 0; i < 100; ++i) gets("/theme/NP/upcoming.json", as(17, {}, -1h));
  EXPECT_EQ(status("/theme/NP/upcoming.json", as(17)), 200);
}

}  // namespace
}  // namespace hotclock::api
