// Engine.IO by long polling.
#include <gtest/gtest.h>

#include "service/socketio/engine_support.h"

namespace hotclock::socketio {
namespace {

constexpr std::string_view bad_request = R"(400 {"code":3,"message":"Bad request"})";
constexpr std::string_view unknown = R"(400 {"code":1,"message":"Session ID unknown"})";

class EnginePolling : public EngineTest {
 protected:
  std::string get_again(const PollingClient& client) { return refused(get(client.query())); }
  // Until the server holds the GET that was begun.
  void wait_until_held() {
    ASSERT_TRUE(http::eventually([&] {
      bool held = false;
      loop().call([&] { held = !listeners().open.empty() && listeners().open.back()->writable(); });
      return held;
    }));
  }
};

TEST_F(EnginePolling, CarriesMessagesInTheirOrder) {
  serve();
  PollingClient client(port());
  const auto posted = client.post(
      "4one\x1e"
      "4größe\x1e"
      "bAP8=\x1e"
      "4");
  EXPECT_EQ(posted.status, 200);
  EXPECT_EQ(posted.body, "ok");
  EXPECT_EQ(posted.header("content-type"), "text/html");
  EXPECT_EQ(posted.header("cache-control"), "no-store");
  const auto polled = get(client.query());
  EXPECT_EQ(polled.body,
            "4one\x1e"
            "4größe\x1e"
            "bAP8=\x1e"
            "4");
  EXPECT_EQ(polled.header("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(polled.header("cache-control"), "no-store");
}

TEST_F(EnginePolling, HoldsAGetUntilThereIsSomethingToSay) {
  serve();
  PollingClient client(port());
  auto held = client.begin_poll();
  wait_until_held();
  EXPECT_TRUE(held.quiet());
  broadcast("news");
  EXPECT_EQ(held.answer().body, "4news");
  EXPECT_TRUE(client.lives());
}

TEST_F(EnginePolling, OneConnectionServesManyPolls) {
  serve();
  PollingClient client(port());
  http::Client wire(port());
  for (int i = 0; i < 5; ++i) {
    wire.send(http::request_text("POST", target(client.query()), "4" + std::to_string(i)));
    EXPECT_EQ(wire.answer().body, "ok");
    wire.send(http::request_text("GET", target(client.query())));
    EXPECT_EQ(wire.answer().body, "4" + std::to_string(i));
  }
}

TEST_F(EnginePolling, ASecondGetEndsTheSession) {
  serve();
  PollingClient client(port());
  auto held = client.begin_poll();
  wait_until_held();
  EXPECT_EQ(get_again(client), bad_request);
  EXPECT_EQ(held.answer().body, "1");
  EXPECT_EQ(get_again(client), unknown);
  EXPECT_TRUE(ends_with(Closing::transport_error));
}

TEST_F(EnginePolling, ASecondPostWhileOneIsBeingReadEndsTheSession) {
  serve();
  PollingClient client(port());
  http::Client slow(port());
  slow.send("POST " + target(client.query()) + " HTTP/1.1\r\nContent-Length: 5\r\n\r\n4he");
  ASSERT_TRUE(http::eventually([&] { return client.post("6").status == 400; }));
  EXPECT_EQ(get_again(client), unknown);
  slow.send("y!");
  EXPECT_EQ(refused(slow.answer()), unknown);
}

TEST_F(EnginePolling, APostThatIsGivenUpLeavesRoomForAnother) {
  serve();
  PollingClient client(port());
  {
    http::Client given_up(port());
    given_up.send("POST " + target(client.query()) + " HTTP/1.1\r\nContent-Length: 5\r\n");
  }
  EXPECT_TRUE(client.lives());
}

TEST_F(EnginePolling, AHeldGetThatIsGivenUpEndsTheSession) {
  serve();
  PollingClient client(port());
  client.begin_poll();
  EXPECT_TRUE(ends_with(Closing::transport_error));
  EXPECT_EQ(get_again(client), unknown);
}

TEST_F(EnginePolling, WhatCannotBeReadEndsTheSession) {
  serve();
  int ended = 0;
  for (const std::string body : {"", "x", "7", "4a\x1e",
                                 "\x1e"
                                 "4a",
                                 "4a\x1e\x1e"
                                 "4b",
                                 "b!", "bAAA", "4\xFF", "2", "5", "0"}) {
    PollingClient client(port());
    const int status = client.post(body).status;
    EXPECT_TRUE(status == 400 || body == "2" || body == "5" || body == "0") << body;
    EXPECT_EQ(get_again(client), unknown) << body;
    ++ended;
  }
  loop().call([&] {
    EXPECT_EQ(listeners().closings,
              std::vector<Closing>(static_cast<std::size_t>(ended), Closing::parse_error));
  });
}

TEST_F(EnginePolling, WhatCameBeforeTheUnreadableWasHeard) {
  serve();
  PollingClient client(port());
  auto held = client.begin_poll();
  wait_until_held();
  EXPECT_EQ(client
                .post("4heard\x1e"
                      "x")
                .status,
            400);
  EXPECT_EQ(held.answer().body, "1");
}

TEST_F(EnginePolling, WhatIsTooLargeIsRefusedAndEndsTheSession) {
  serve({.max_payload = 100});
  PollingClient client(port());
  EXPECT_EQ(client.post(std::string(100, '4')).status, 200);
  EXPECT_EQ(client.poll(), std::string(100, '4'));
  auto held = client.begin_poll();
  wait_until_held();
  EXPECT_EQ(client.post(std::string(101, '4')).status, 413);
  EXPECT_EQ(held.answer().body, "1");
  EXPECT_TRUE(ends_with(Closing::too_large));
  EXPECT_EQ(get_again(client), unknown);
}

TEST_F(EnginePolling, SoDoesWhatIsTooLargeAndDoesNotSaySoInFront) {
  serve({.max_payload = 100});
  PollingClient client(port());
  http::Client in_chunks(port());
  in_chunks.send("POST " + target(client.query()) +
                 " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
                 std::string(255, '4') + "\r\n");
  EXPECT_EQ(in_chunks.answer().status, 413);
  EXPECT_TRUE(ends_with(Closing::too_large));
}

TEST_F(EnginePolling, RefusesWhatIsNoText) {
  serve();
  PollingClient client(port());
  EXPECT_EQ(post(client.query(), "4x", {{"Content-Type", "application/octet-stream"}}).status, 400);
  EXPECT_EQ(get_again(client), unknown);
}

TEST_F(EnginePolling, AClientThatSaysGoodbyeIsGone) {
  serve();
  PollingClient client(port());
  auto held = client.begin_poll();
  wait_until_held();
  EXPECT_EQ(client.post("1").body, "ok");
  EXPECT_EQ(held.answer().body, "6");
  EXPECT_EQ(get_again(client), unknown);
  EXPECT_TRUE(ends_with(Closing::transport_close));
}

TEST_F(EnginePolling, WhatFollowsAGoodbyeIsNotHeard) {
  serve();
  PollingClient client(port());
  client.post(
      "1\x1e"
      "4after");
  EXPECT_TRUE(ends_with(Closing::transport_close));
}

TEST_F(EnginePolling, AServerSaysGoodbyeInTheHeldGetOrTheNext) {
  serve();
  PollingClient one(port());
  auto held = one.begin_poll();
  wait_until_held();
  one.post("4close");
  EXPECT_EQ(held.answer().body, "4closing");
  EXPECT_EQ(one.poll(), "1") << "in a body of its own";
  EXPECT_EQ(get_again(one), unknown);
  EXPECT_TRUE(ends_with(Closing::forced));
  PollingClient two(port());
  two.post("4close");
  EXPECT_EQ(two.poll(), "4closing");
  EXPECT_EQ(two.poll(), "1");
  EXPECT_EQ(get_again(two), unknown);
}

TEST_F(EnginePolling, ButDoesNotWaitForEverForANextGet) {
  serve({.close_wait = std::chrono::milliseconds{50}});
  PollingClient client(port());
  client.post("4close");
  EXPECT_TRUE(ends_with(Closing::forced));
  EXPECT_EQ(get_again(client), unknown);
}

TEST_F(EnginePolling, AQueueThatNobodyFetchesIsBounded) {
  serve({.most_queued_bytes = 10'000});
  PollingClient client(port());
  client.post("4big 50000");
  EXPECT_EQ(client.poll().size(), 50'001u) << "one message of any size may wait";
  client.post("4many 9000");
  EXPECT_TRUE(ends_with(Closing::slow_consumer));
  EXPECT_EQ(get_again(client), unknown);
}

TEST_F(EnginePolling, AMessageThatWaitsTooLongEndsTheSession) {
  serve({.most_queued_age = std::chrono::milliseconds{100}});
  PollingClient client(port());
  broadcast("never fetched");
  EXPECT_TRUE(ends_with(Closing::slow_consumer));
}

}  // namespace
}  // namespace hotclock::socketio
