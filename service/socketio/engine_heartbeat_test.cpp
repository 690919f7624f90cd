// Pings, pongs, their deadlines, and the end of all sessions.
#include <gtest/gtest.h>

#include "service/socketio/engine_support.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

// What clocks and schedulers may be off by on a machine that does other things too.
constexpr Duration slack = 500ms;

class EngineHeartbeat : public EngineTest {
 protected:
  static Duration since(Steady begin) {
    return std::chrono::floor<Duration>(http::steady_now() - begin);
  }
  SocketClient connect() {
    SocketClient client(port());
    client.next_text();
    return client;
  }
};

TEST_F(EngineHeartbeat, PingsAfterItsIntervalAndThenAfterEachPong) {
  serve({.ping_interval = 200ms, .ping_timeout = 1000ms});
  Steady begin = http::steady_now();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.next_text(), "2");
    EXPECT_GE(since(begin), 180ms);
    EXPECT_LE(since(begin), 200ms + slack);
    begin = http::steady_now();
    client.text("3");
  }
}

TEST_F(EngineHeartbeat, TheNextPingIsDueAfterThePongNotAfterThePing) {
  serve({.ping_interval = 100ms, .ping_timeout = 1000ms});
  auto client = connect();
  EXPECT_EQ(client.next_text(), "2");
  loop().call([] {});
  const Steady pinged = http::steady_now();
  http::eventually([&] { return since(pinged) > 150ms; });
  EXPECT_TRUE(client.wire().quiet()) << "no second ping while the first has no answer";
  client.text("3");
  EXPECT_EQ(client.next_text(), "2");
  EXPECT_GE(since(pinged), 240ms);
}

TEST_F(EngineHeartbeat, ASilentClientIsGoneAfterIntervalAndTimeout) {
  serve({.ping_interval = 100ms, .ping_timeout = 300ms});
  const Steady begin = http::steady_now();
  auto client = connect();
  EXPECT_EQ(client.next_text(), "2");
  EXPECT_EQ(client.close_code(), 1005);
  EXPECT_GE(since(begin), 390ms);
  EXPECT_LE(since(begin), 400ms + slack);
  EXPECT_TRUE(ends_with(Closing::ping_timeout));
}

TEST_F(EngineHeartbeat, MessagesAreNoPongs) {
  serve({.ping_interval = 100ms, .ping_timeout = 500ms});
  auto client = connect();
  EXPECT_EQ(client.next_text(), "2");
  client.text("4still talking");
  EXPECT_EQ(client.next_text(), "4still talking");
  EXPECT_EQ(client.close_code(), 1005);
}

TEST_F(EngineHeartbeat, APongThatNobodyAskedForPutsNothingOff) {
  serve({.ping_interval = 1000ms});
  const Steady begin = http::steady_now();
  auto client = connect();
  http::eventually([&] { return since(begin) > 600ms; });
  client.text("3");
  EXPECT_EQ(client.next_text(), "2");
  EXPECT_LE(since(begin), 1000ms + slack);
}

TEST_F(EngineHeartbeat, OverPollsThePongsTimeRunsFromWhenThePingWasQueued) {
  serve({.ping_interval = 100ms, .ping_timeout = 150ms});
  const Steady begin = http::steady_now();
  PollingClient client(port());
  EXPECT_TRUE(ends_with(Closing::ping_timeout));
  EXPECT_LE(since(begin), 250ms + slack);
  EXPECT_EQ(client.poll(), "");
}

TEST_F(EngineHeartbeat, APolledPingIsAnsweredByAPost) {
  serve({.ping_interval = 100ms, .ping_timeout = 2000ms});
  PollingClient client(port());
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(client.poll(), "2");
    EXPECT_EQ(client.post("3").body, "ok");
  }
  EXPECT_TRUE(client.lives());
}

TEST_F(EngineHeartbeat, AHeldPollOfASilentClientEndsWithAClose) {
  serve({.ping_interval = 50ms, .ping_timeout = 400ms});
  PollingClient client(port());
  EXPECT_EQ(client.poll(), "2");
  EXPECT_EQ(client.poll(), "1");
  EXPECT_TRUE(ends_with(Closing::ping_timeout));
}

// The loop was busy for so long that its timers are late: the deadline counts all the same.
TEST_F(EngineHeartbeat, ALateTimerDoesNotLengthenASession) {
  serve({.ping_interval = 50ms, .ping_timeout = 500ms});
  PollingClient client(port());
  EXPECT_EQ(client.poll(), "2");
  http::Client late(port());
  loop().call([&] {
    const Steady begin = http::steady_now();
    http::eventually([&] { return since(begin) > 510ms; });
    late.send(http::request_text("GET", target(client.query())));
  });
  EXPECT_EQ(refused(late.answer()), R"(400 {"code":1,"message":"Session ID unknown"})");
}

TEST_F(EngineHeartbeat, ManyClientsAreAllPinged) {
  serve({.ping_interval = 150ms, .ping_timeout = 8000ms});
  std::vector<SocketClient> clients;
  for (int i = 0; i < 600; ++i) clients.push_back(connect());
  for (int round = 0; round < 2; ++round)
    for (auto& client : clients) {
      ASSERT_EQ(client.next_text(), "2");
      client.text("3");
    }
  EXPECT_EQ(engine().sessions(), 600u);
}

// ---- the end of all

class EngineStop : public EngineTest {};

TEST_F(EngineStop, ClosesEverySessionSoThatItsClientComesBack) {
  serve();
  SocketClient socket(port());
  socket.next_text();
  PollingClient polling_client(port());
  auto held = polling_client.begin_poll();
  PollingClient away(port());
  ASSERT_TRUE(http::eventually([&] {
    bool held_now = false;
    loop().call([&] { held_now = listeners().open.at(1)->writable(); });
    return held_now;
  }));
  broadcast("last words");
  engine().close_all();
  EXPECT_EQ(socket.next_text(), "4last words");
  EXPECT_EQ(socket.close_code(), 1005);
  EXPECT_EQ(held.answer().body, "4last words");
  EXPECT_TRUE(http::eventually([&] { return engine().sessions() == 0; }));
  loop().call([&] { EXPECT_EQ(listeners().closings, std::vector<Closing>(3, Closing::shutdown)); });
  EXPECT_EQ(get(polling).status, 503);
  EXPECT_EQ(SocketClient(port()).handshake().status, 503);
  engine().close_all();
}

TEST_F(EngineStop, TheServerMayEndFirst) {
  serve();
  SocketClient socket(port());
  socket.next_text();
  PollingClient client(port());
  auto held = client.begin_poll();
  end_server();
  EXPECT_TRUE(held.ended());
  end_engine();
  EXPECT_TRUE(socket.wire().ended());
  EXPECT_EQ(listeners().open.size(), 0u);
}

TEST_F(EngineStop, TheEngineMayEndFirst) {
  serve();
  SocketClient socket(port());
  socket.next_text();
  end_engine();
  EXPECT_EQ(socket.close_code(), 1005);
  EXPECT_EQ(get(polling).status, 503);
}

TEST_F(EngineStop, DoesNotWaitForWhoReadsNothing) {
  serve({.most_queued_bytes = 100'000'000});
  SocketClient socket(port());
  socket.next_text();
  socket.wire().shrink_receive_buffer();
  for (int i = 0; i < 200; ++i) socket.text("4big 60000");
  ASSERT_TRUE(http::eventually([&] {
    bool stuck = false;
    loop().call([&] { stuck = !listeners().open.at(0)->writable(); });
    return stuck;
  }));
  engine().close_all();
  EXPECT_TRUE(ends_with(Closing::shutdown));
}

}  // namespace
}  // namespace hotclock::socketio
