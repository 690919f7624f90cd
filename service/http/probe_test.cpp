#include "service/http/probe.h"

#include <gtest/gtest.h>

#include <memory>

#include "service/http/client_support.h"
#include "service/http/server.h"

namespace hotclock::http {
namespace {

using namespace std::chrono_literals;

struct ProbeTest : testing::Test {
  void serve(ServerSettings settings = {}) {
    server = std::make_unique<Server>(loop, std::move(settings));
    server->route({.prefix = "=/readyz", .methods = {"GET"}, .handler = [](Exchange x) {
                     x.respond(Response::text(503, "not yet"));
                   }});
    server->route({.prefix = "=/never", .methods = {"GET"}, .handler = [this](Exchange x) {
                     kept.push_back(std::move(x));
                   }});
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(loop.start());
  }
  Result<Probed> asks(std::string_view path, bool tls = false, Duration patience = 10s) {
    return ask(clock, {address, server->port(), tls}, path, patience);
  }

  const SystemClock clock{};
  std::string address = "127.0.0.1";
  Loop loop{clock};
  std::vector<Exchange> kept;
  std::unique_ptr<Server> server;
};

TEST_F(ProbeTest, BringsWhatTheServerSays) {
  serve();
  const auto said = asks("/readyz");
  ASSERT_TRUE(said) << said.error().message();
  EXPECT_EQ(said->status, 503);
  EXPECT_EQ(said->body, "not yet");
  EXPECT_EQ(asks("/nowhere")->status, 404);
}

TEST_F(ProbeTest, AsksTheLoopbackOfAServerThatListensEverywhere) {
  serve();
  address = "0.0.0.0";
  EXPECT_EQ(asks("/readyz")->status, 503);
}

TEST_F(ProbeTest, AsksOverTlsWhateverTheCertificateSays) {
  const Certificate certificate;
  serve({.tls = TlsFiles{certificate.certificate(), certificate.key()}});
  const auto said = asks("/readyz", true);
  ASSERT_TRUE(said) << said.error().message();
  EXPECT_EQ(said->status, 503);
  EXPECT_FALSE(asks("/readyz", false));
}

TEST_F(ProbeTest, SaysThatNobodyListens) {
  serve();
  const std::uint16_t port = server->port();
  server->stop();
  const auto said = ask(clock, {address, port}, "/readyz", 10s);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code(), Errc::unavailable);
  EXPECT_EQ(said.error().message(),
            "connect to: nobody answers at 127.0.0.1:" + std::to_string(port));
}

TEST_F(ProbeTest, WaitsNoLongerThanItsPatience) {
  serve();
  const auto said = asks("/never", false, 50ms);
  ASSERT_FALSE(said);
  EXPECT_EQ(said.error().code(), Errc::timeout);
  loop.call([&] { kept.clear(); });
}

}  // namespace
}  // namespace hotclock::http
