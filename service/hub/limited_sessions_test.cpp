#include "service/hub/limited_sessions.h"

#include <gtest/gtest.h>

#include "service/socketio/server_support.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;
using socketio::Texts;

// What comes through.
class Inner final : public socketio::EngineListener {
 public:
  class Hearing final : public socketio::SessionListener {
   public:
    explicit Hearing(Texts& heard) : heard_(heard) {}
    void text(std::string_view message) override { heard_.emplace_back(message); }
    void binary(std::string_view message) override { heard_.emplace_back(message); }
    void closed(socketio::Closing) override { heard_.emplace_back("closed"); }

   private:
    Texts& heard_;
  };
  std::unique_ptr<socketio::SessionListener> opened(socketio::Session&) override {
    return std::make_unique<Hearing>(heard);
  }
  Texts heard;
};

class LimitedSessionsTest : public testing::Test {
 protected:
  struct Client {
    socketio::FakeSession session;
    std::unique_ptr<socketio::SessionListener> listener;
  };
  std::unique_ptr<Client> comes(const std::string& address = "192.0.2.1") {
    auto client = std::make_unique<Client>(Client{socketio::FakeSession(address), nullptr});
    const auto refused = limited.admit(client->session.handshake());
    if (refused) {
      refusal = *refused;
      return nullptr;
    }
    client->listener = limited.opened(client->session);
    return client;
  }

  ManualClock clock{from_millis(1'795'478'400'000)};
  Inner inner;
  LimitedSessions limited{
      inner,
      clock,
      {.address = {.at_once = 2, .opened_a_minute = 4, .messages_a_minute = 3, .refusals = 3},
       .violations = 3}};
  std::string refusal;
};

TEST_F(LimitedSessionsTest, OneTooManyAtOnceIsRefusedUntilAnotherEnds) {
  auto first = comes(), second = comes();
  EXPECT_FALSE(comes());
  EXPECT_EQ(refusal, "too many connections at once");
  EXPECT_TRUE(comes("192.0.2.2")) << "who comes from elsewhere may";
  EXPECT_EQ(limited.violations(), 1);
  first->listener->closed(socketio::Closing::transport_close);
  EXPECT_TRUE(comes());
}

TEST_F(LimitedSessionsTest, TooManyNewOnesAMinuteAreRefused) {
  for (int i = 0; i < 4; ++i) comes()->listener->closed(socketio::Closing::transport_close);
  EXPECT_FALSE(comes());
  clock.advance(1min);
  EXPECT_TRUE(comes());
}

TEST_F(LimitedSessionsTest, AHandshakeThatWasBrokenDoesNotCountForEver) {
  socketio::FakeSession broken("192.0.2.1");
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limited.admit(broken.handshake()));
  EXPECT_TRUE(comes()) << "none of them is open";
}

TEST_F(LimitedSessionsTest, AMessageTooManyIsAnsweredCountedAndNotHeard) {
  const auto client = comes();
  for (const char* text : {"1", "2", "3", "4"}) client->listener->text(text);
  EXPECT_EQ(inner.heard, (Texts{"1", "2", "3"}));
  EXPECT_EQ(
      client->session.take(),
      Texts{R"(2["limited",{"error":"too many messages a minute; this one was not heard"}])"});
  EXPECT_EQ(limited.violations(), 1);
  EXPECT_FALSE(client->session.closing());
  clock.advance(20s);
  client->listener->binary("5");
  EXPECT_EQ(inner.heard.back(), "5");
}

TEST_F(LimitedSessionsTest, TheThirdViolationCutsOff) {
  const auto client = comes();
  for (int i = 0; i < 5; ++i) client->listener->text("x");
  EXPECT_FALSE(client->session.closing());
  client->listener->text("x");
  EXPECT_EQ(client->session.closing(), socketio::Closing::forced);
  clock.advance(1min);
  client->listener->text("late");
  EXPECT_EQ(inner.heard.size(), 3u) << "who was cut off is not heard any more";
  EXPECT_EQ(limited.violations(), 3);
}

TEST_F(LimitedSessionsTest, AMessageThatWasTooLargeIsCounted) {
  comes()->listener->closed(socketio::Closing::too_large);
  EXPECT_EQ(limited.violations(), 1);
  EXPECT_EQ(inner.heard, Texts{"closed"});
  comes()->listener->closed(socketio::Closing::transport_error);
  EXPECT_EQ(limited.violations(), 1);
}

TEST_F(LimitedSessionsTest, AfterTheThirdRefusalAnAddressIsShutOutForAMinute) {
  auto first = comes(), second = comes();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(comes());
  EXPECT_EQ(refusal, "too many connections at once");
  first->listener->closed(socketio::Closing::transport_close);
  clock.advance(1min - 1ms);
  EXPECT_FALSE(comes());
  EXPECT_EQ(refusal, "too many violations; wait a minute");
  EXPECT_TRUE(comes("192.0.2.2"));
  EXPECT_EQ(limited.violations(), 4);
  clock.advance(1ms);
  EXPECT_TRUE(comes());
  second->listener->text("1");
  EXPECT_EQ(inner.heard.back(), "1") << "who was in already is heard all the while";
}

TEST_F(LimitedSessionsTest, AllSessionsOfAnAddressShareItsMessages) {
  const auto one = comes(), other = comes();
  one->listener->text("1");
  one->listener->text("2");
  other->listener->text("3");
  other->listener->text("4");
  EXPECT_EQ(inner.heard.size(), 3u);
  EXPECT_TRUE(one->session.take().empty());
  EXPECT_EQ(other->session.take().size(), 1u);
}

}  // namespace
}  // namespace hotclock::hub
