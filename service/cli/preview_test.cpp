#include "service/cli/preview.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace hotclock::cli {
namespace {

const Instant now = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

std::string asked(std::string_view request) { return boost::json::serialize(answer(request, now)); }

TEST(NextOnStdin, AnswersInUtc) {
  EXPECT_EQ(asked(R"({"expr":"5 0 * * *","tz":"Australia/Sydney","from":"2026-11-23T00:00:00Z","n":2})"),
            R"({"times":["2026-11-23T13:05:00Z","2026-11-24T13:05:00Z"]})");
}

TEST(NextOnStdin, GoesBackwardsNewestFirst) {
  EXPECT_EQ(asked(R"({"expr":"0 * * * *","from":"2026-11-23T00:00:00Z","n":2,"previous":true})"),
            R"({"times":["2026-11-22T23:00:00Z","2026-11-22T22:00:00Z"]})");
}

TEST(NextOnStdin, FollowsTheDstRuleItIsGiven) {
  const std::string begin = R"({"expr":"30 2 * * *","tz":"America/New_York","from":"2026-03-08T00:00:00Z","dst":)";
  EXPECT_EQ(asked(begin + R"("vixie"})"), R"({"times":["2026-03-08T07:00:00Z"]})");
  EXPECT_EQ(asked(begin + R"("ocps"})"), R"({"times":["2026-03-09T06:30:00Z"]})");
}

TEST(NextOnStdin, ASpentExpressionHasNoTimes) {
  EXPECT_EQ(asked(R"({"expr":"0 0 30 2 *"})"), R"({"times":[]})");
}

TEST(NextOnStdin, AWrongExpressionSaysWhereAndWhatWouldBeRight) {
  const auto error = answer(R"({"expr":"0 24 * * *"})", now).at("error").as_object();
  EXPECT_EQ(error.at("column").to_number<int>(), 3);
  EXPECT_EQ(error.at("token"), "24");
  EXPECT_EQ(error.at("accepted"), "0-23");
}

TEST(NextOnStdin, AWrongRequestIsAnErrorAndNeverSilent) {
  for (const char* request :
       {"", "no", "[]", "{}", R"({"expr":7})", R"({"expr":"* * * * *","n":0})",
        R"({"expr":"* * * * *","n":1000000})", R"({"expr":"* * * * *","previous":1})",
        R"({"expr":"* * * * *","tz":"Mars/Olympus"})", R"({"expr":"* * * * *","from":"soon"})",
        R"({"expr":"* * * * *","dst":"maybe"})"})
    EXPECT_TRUE(answer(request, now).contains("error")) << request;
  EXPECT_EQ(answer(R"({"expr":"* * * * *","zt":"UTC"})", now).at("error").at("message"),
            R"(there is no key "zt"; did you mean "tz"?)");
}

TEST(Preview, MarksWhatAGapAndAnOverlapDo) {
  const auto schedule = Schedule::parse("30 2 * * *", {.zone = "America/New_York"}).value();
  const auto march = next_runs(schedule, from_millis(1'772'928'000'000), 2, false);  // 2026-03-08T00:00Z
  ASSERT_EQ(march.size(), 2u);
  EXPECT_NE(march[0].note, "");
  EXPECT_EQ(march[1].note, "");
}

TEST(Preview, ShowsTheTimesThatAGapSwallows) {
  const auto schedule =
      Schedule::parse("30 2 * * *", {.zone = "America/New_York", .dst = DstRule::ocps}).value();
  const auto march = next_runs(schedule, from_millis(1'772'928'000'000), 2, false);
  ASSERT_EQ(march.size(), 3u);
  EXPECT_TRUE(march[0].lost);
  EXPECT_FALSE(march[1].lost);
}

}  // namespace
}  // namespace hotclock::cli
