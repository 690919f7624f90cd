#include <gtest/gtest.h>

#include <sstream>

#include "service/cli/commands.h"
#include "service/http/server.h"

namespace hotclock::cli {
namespace {

// A node whose server answers /readyz as it is told.
struct Healthcheck : testing::Test {
  void node_says(int status, const std::string& page) {
    server.route({.prefix = "=/readyz", .methods = {"GET"}, .handler = [=](http::Exchange x) {
                    x.respond(http::Response::text(status, page));
                  }});
    ASSERT_TRUE(server.start());
    ASSERT_TRUE(loop.start());
    environment["HOTCLOCK_REALTIME__PORT"] = std::to_string(server.port());
  }
  int asked(const std::vector<std::string>& words = {"healthcheck"}) {
    Console console{in, out, err, clock, environment};
    return run_command(console, words);
  }

  SystemClock clock;
  http::Loop loop{clock};
  http::Server server{loop, {}};
  config::Environment environment;
  std::istringstream in;
  std::ostringstream out, err;
};

TEST_F(Healthcheck, SaysThatTheNodeIsReady) {
  node_says(200, R"({"ready":true,"checks":[]})");
  EXPECT_EQ(asked(), 0);
  EXPECT_EQ(out.str(), "ready\n");
}

TEST_F(Healthcheck, SaysWhatDoesNotHold) {
  node_says(503, R"({"ready":false,"checks":[{"name":"loop","ok":true,"detail":"answers"},)"
                 R"({"name":"database","ok":false,"detail":"unavailable"}]})");
  EXPECT_EQ(asked(), 1);
  EXPECT_EQ(err.str(), "hotclock: not ready: database: unavailable\n");
  EXPECT_EQ(asked({"healthcheck", "--json"}), 1);
  EXPECT_EQ(out.str(), "{\"ready\":false,\"why\":\"database: unavailable\"}\n");
}

TEST_F(Healthcheck, BearsAnAnswerThatIsNoneOfOurs) {
  node_says(502, "<h1>Bad gateway</h1>");
  EXPECT_EQ(asked(), 1);
  EXPECT_EQ(err.str(), "hotclock: not ready: it does not say why\n");
}

TEST_F(Healthcheck, IsNotReadyWhereNobodyCanBeAsked) {
  environment["HOTCLOCK_REALTIME__ENABLED"] = "false";
  EXPECT_EQ(asked(), 1);
  EXPECT_NE(err.str().find("realtime.enabled is false"), std::string::npos);
  environment["HOTCLOCK_REALTIME__ENABLED"] = "perhaps";
  EXPECT_EQ(asked(), 1) << "wrong settings are no other number to an engine of containers";
}

}  // namespace
}  // namespace hotclock::cli
