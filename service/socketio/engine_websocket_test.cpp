// Engine.IO by WebSocket, and the upgrade from polls to it.
#include <gtest/gtest.h>

#include "service/socketio/engine_support.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view bad_request = R"(400 {"code":3,"message":"Bad request"})";

class EngineWebSocket : public EngineTest {
 protected:
  SocketClient connect() {
    SocketClient client(port());
    EXPECT_EQ(client.next_text().substr(0, 9), R"(0{"sid":")");
    return client;
  }
};

TEST_F(EngineWebSocket, CarriesOnePacketAMessage) {
  serve();
  auto client = connect();
  client.text("4größe");
  EXPECT_EQ(client.next_text(), "4größe");
  client.binary(
      std::string("\x00\xFF"
                  "4",
                  3));
  const http::Frame binary = client.next();
  EXPECT_EQ(binary.opcode, http::Opcode::binary);
  EXPECT_EQ(binary.content, std::string("\x00\xFF"
                                        "4",
                                        3));
  client.text("6");
  client.text("4");
  EXPECT_EQ(client.next_text(), "4");
}

TEST_F(EngineWebSocket, PutsFragmentsTogetherAndAnswersPingsOfItsOwnKind) {
  serve();
  auto client = connect();
  client.frame(http::Opcode::text, "4a", false);
  client.frame(http::Opcode::ping, "p");
  client.frame(http::Opcode::more, "b");
  EXPECT_EQ(client.next().opcode, http::Opcode::pong);
  EXPECT_EQ(client.next_text(), "4ab");
}

TEST_F(EngineWebSocket, PacketsNoClientSendsEndTheSession) {
  serve();
  for (const char* packet : {"2", "7", "x", "", "0", "5", "b4"}) {
    auto client = connect();
    client.text(packet);
    EXPECT_EQ(client.close_code(), 1005) << packet;
  }
  ASSERT_TRUE(http::eventually([&] { return engine().sessions() == 0; }));
  loop().call(
      [&] { EXPECT_EQ(listeners().closings, std::vector<Closing>(7, Closing::parse_error)); });
}

TEST_F(EngineWebSocket, ClosesWhenItsClientDoes) {
  serve();
  auto client = connect();
  client.text("1");
  EXPECT_EQ(client.close_code(), 1005);
  EXPECT_TRUE(ends_with(Closing::transport_close));
}

TEST_F(EngineWebSocket, HearsThatItsClientIsGone) {
  serve();
  connect().wire().vanish();
  EXPECT_TRUE(ends_with(Closing::transport_close));
}

TEST_F(EngineWebSocket, TellsWhatWasWrongWithAFrame) {
  serve({.max_payload = 1000});
  auto large = connect();
  large.text(std::string(1001, '4'));
  EXPECT_EQ(large.close_code(), 1009);
  auto invalid = connect();
  invalid.text("4\xFF");
  EXPECT_EQ(invalid.close_code(), 1007);
  auto unmasked = connect();
  unmasked.wire().send(http::frame(http::Opcode::text, "4"));
  EXPECT_EQ(unmasked.close_code(), 1002);
  ASSERT_TRUE(http::eventually([&] { return engine().sessions() == 0; }));
  loop().call([&] {
    EXPECT_EQ(listeners().closings,
              (std::vector<Closing>{Closing::too_large, Closing::transport_error,
                                    Closing::transport_error}));
  });
}

TEST_F(EngineWebSocket, WhatWasQueuedGoesOutBeforeAClose) {
  serve();
  auto client = connect();
  client.text("4many 500");
  client.text("4close");
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.next_text(), "4" + std::to_string(i));
  EXPECT_EQ(client.next_text(), "4closing");
  EXPECT_EQ(client.close_code(), 1005);
  EXPECT_TRUE(ends_with(Closing::forced));
}

TEST_F(EngineWebSocket, AClientThatReadsNothingIsASlowConsumer) {
  serve({.most_queued_bytes = 100'000});
  auto client = connect();
  client.wire().shrink_receive_buffer();
  for (int i = 0; i < 200; ++i) client.text("4big 60000");
  EXPECT_TRUE(ends_with(Closing::slow_consumer));
}

TEST_F(EngineWebSocket, OneThatDoesNotFinishInTimeIsToo) {
  serve({.most_queued_bytes = 100'000'000, .most_queued_age = 100ms});
  auto client = connect();
  client.wire().shrink_receive_buffer();
  for (int i = 0; i < 200; ++i) client.text("4big 60000");
  EXPECT_TRUE(ends_with(Closing::slow_consumer));
}

TEST_F(EngineWebSocket, IsWritableUntilItsClientTakesNoMore) {
  serve({.most_queued_bytes = 100'000'000});
  auto client = connect();
  const auto writable = [&] {
    bool out = false;
    loop().call([&] { out = listeners().open.at(0)->writable(); });
    return out;
  };
  EXPECT_TRUE(writable());
  for (int i = 0; i < 200; ++i) client.text("4big 60000");
  EXPECT_TRUE(http::eventually([&] { return !writable(); }));
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.next_text().size(), 60'001u);
  EXPECT_TRUE(http::eventually(writable));
}

TEST_F(EngineWebSocket, ABroadcastReachesEveryoneWhateverTheTransport) {
  serve();
  std::vector<SocketClient> sockets;
  for (int i = 0; i < 300; ++i) sockets.push_back(connect());
  PollingClient poller(port());
  broadcast("all");
  for (auto& each : sockets) EXPECT_EQ(each.next_text(), "4all");
  EXPECT_EQ(poller.poll(), "4all");
}

// ---- upgrades

class EngineUpgrade : public EngineTest {
 protected:
  static void probe(SocketClient& socket) {
    socket.text("2probe");
    EXPECT_EQ(socket.next_text(), "3probe");
  }
};

TEST_F(EngineUpgrade, MovesASessionToAWebSocket) {
  serve();
  PollingClient client(port());
  auto held = client.begin_poll();
  SocketClient socket(port(), client.sid());
  probe(socket);
  EXPECT_EQ(held.answer().body, "6");
  EXPECT_EQ(client.poll(), "6") << "a GET that comes later is let go as well";
  socket.text("5");
  socket.text("4over");
  EXPECT_EQ(socket.next_text(), "4over");
  EXPECT_EQ(refused(get(client.query())), bad_request);
  EXPECT_EQ(refused(client.post("4x")), bad_request);
  socket.text("4still");
  EXPECT_EQ(socket.next_text(), "4still") << "what came by the old way disturbed nothing";
}

TEST_F(EngineUpgrade, KeepsTheOrderOfWhatWasQueuedMeanwhile) {
  serve();
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  probe(socket);
  client.post(
      "4a\x1e"
      "4b");
  socket.text("5");
  socket.text("4c");
  for (const char* each : {"4a", "4b", "4c"}) EXPECT_EQ(socket.next_text(), each);
}

TEST_F(EngineUpgrade, ThePollsOfAProbedSessionStillBringWhatIsQueued) {
  serve();
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  probe(socket);
  client.post("4a");
  EXPECT_EQ(client.poll(), "4a");
  client.post("4b");
  socket.text("5");
  EXPECT_EQ(socket.next_text(), "4b");
}

TEST_F(EngineUpgrade, NeedNotWaitForTheAnswerToItsProbe) {
  serve();
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  socket.wire().send(http::masked_frame(http::Opcode::text, "2probe") +
                     http::masked_frame(http::Opcode::text, "5") +
                     http::masked_frame(http::Opcode::text, "4x"));
  EXPECT_EQ(socket.next_text(), "3probe");
  EXPECT_EQ(socket.next_text(), "4x");
}

TEST_F(EngineUpgrade, AProbeThatSaysSomethingElseIsClosedAndPollsGoOn) {
  serve();
  PollingClient client(port());
  for (const char* word : {"2", "5", "4x", "probe", "1", "2probe!"}) {
    SocketClient socket(port(), client.sid());
    socket.text(word);
    EXPECT_EQ(socket.close_code(), 1005) << word;
  }
  SocketClient bytes(port(), client.sid());
  bytes.binary("2probe");
  EXPECT_EQ(bytes.close_code(), 1005);
  SocketClient twice(port(), client.sid());
  probe(twice);
  twice.text("2probe");
  EXPECT_EQ(twice.close_code(), 1005);
  client.post("4here");
  EXPECT_EQ(client.poll(), "4here");
}

TEST_F(EngineUpgrade, AProbeThatBreaksLeavesPollsAlone) {
  serve();
  PollingClient client(port());
  {
    SocketClient socket(port(), client.sid());
    probe(socket);
    socket.wire().vanish();
  }
  client.post("4here");
  EXPECT_EQ(client.poll(), "4here");
  ASSERT_TRUE(http::eventually([&] {
    SocketClient again(port(), client.sid());
    again.text("2probe");
    return again.next_text() == "3probe";
  })) << "and another may try";
}

TEST_F(EngineUpgrade, AProbeThatTakesTooLongIsClosed) {
  serve({.upgrade_timeout = 50ms});
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  probe(socket);
  EXPECT_EQ(socket.close_code(), 1005);
  EXPECT_TRUE(client.lives());
}

TEST_F(EngineUpgrade, ASecondWebSocketIsClosedAndTheSessionLives) {
  serve();
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  probe(socket);
  SocketClient second(port(), client.sid());
  EXPECT_EQ(second.close_code(), 1005);
  socket.text("5");
  SocketClient third(port(), client.sid());
  EXPECT_EQ(third.close_code(), 1005);
  socket.text("4x");
  EXPECT_EQ(socket.next_text(), "4x");
}

TEST_F(EngineUpgrade, ASessionThatEndsTakesItsProbeWithIt) {
  serve();
  PollingClient client(port());
  SocketClient socket(port(), client.sid());
  probe(socket);
  client.post("1");
  EXPECT_EQ(socket.close_code(), 1005);
  EXPECT_TRUE(ends_with(Closing::transport_close));
}

}  // namespace
}  // namespace hotclock::socketio
