#include "service/app/demo_clock_pages.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "service/api/api_support.h"

namespace hotclock::app {
namespace {

namespace json = boost::json;
using std::chrono::hours;

class DemoClockPages : public api::ApiFixture {
 protected:
  void opens_with(ShiftedClock* shifted) {
    opens({}, [shifted](http::Server& server, const api::Ground& ground) {
      serve_demo_clock(server, ground, shifted);
    });
  }
  json::value clock_page() { return json::parse(gets("/demo/clock").body); }
  http::Answer jumps(const http::Fields& headers = {}) {
    return http::ask(port(), "POST", "/demo/jump", {}, headers);
  }

  ShiftedClock shifted{clock};
};

TEST_F(DemoClockPages, TellTheTimeAndWhatComesNext) {
  plans(3, "Tihar", "NP", hours{5});
  opens_with(&shifted);
  EXPECT_EQ(clock_page(), (json::value{{"now", to_string(api::t0)},
                                       {"shifted", false},
                                       {"next",
                                        {{"at", to_string(api::t0 + hours{5})},
                                         {"name", "Tihar"},
                                         {"turn", "start"}}}}));
}

TEST_F(DemoClockPages, MoveTheClockToAMomentBeforeTheNextTurn) {
  plans(3, "Tihar", "NP", hours{5});
  opens_with(&shifted);
  const auto answer = jumps();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body).at("festival"), "Tihar");
  EXPECT_EQ(json::parse(answer.body).at("turn"), "start");
  EXPECT_EQ(shifted.now(), api::t0 + hours{5} - std::chrono::seconds{3});
  EXPECT_EQ(clock_page().at("shifted"), true);
}

TEST_F(DemoClockPages, LookAtTheCalendarOfOneCountry) {
  plans(3, "Tihar", "NP", hours{5});
  plans(4, "Australia Day", "AU", hours{7});
  opens_with(&shifted);
  EXPECT_EQ(json::parse(gets("/demo/clock?country=au").body).at("next").at("name"), "Australia Day");
  const auto answer = http::ask(port(), "POST", "/demo/jump?country=AU");
  EXPECT_EQ(json::parse(answer.body).at("festival"), "Australia Day");
}

TEST_F(DemoClockPages, StandStillWhereTheCalendarHasNoMoreTurns) {
  opens_with(&shifted);
  const auto answer = jumps();
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(json::parse(answer.body).at("festival").is_null());
  EXPECT_TRUE(clock_page().at("next").is_null());
  EXPECT_EQ(shifted.ahead(), Duration::zero());
}

TEST_F(DemoClockPages, DoNotObeyPagesOfOtherOrigins) {
  plans(3, "Tihar", "NP", hours{5});
  opens_with(&shifted);
  EXPECT_EQ(jumps({{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(shifted.ahead(), Duration::zero());
  EXPECT_EQ(jumps({{"Origin", "http://localhost"}}).status, 200);  // the client's Host
}

TEST_F(DemoClockPages, LeaveADatabasesClockAlone) {
  plans(3, "Tihar", "NP", hours{5});
  opens_with(nullptr);
  EXPECT_EQ(jumps().status, 409);
  EXPECT_EQ(gets("/demo/clock").status, 200);
}

}  // namespace
}  // namespace hotclock::app
