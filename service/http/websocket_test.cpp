#include "service/http/websocket.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <thread>

#include "service/http/client_support.h"
#include "service/http/server.h"

namespace hotclock::http {
namespace {

// The owner of one WebSocket: gives back what it hears, frame by frame, as the peer takes it.
class Owner final : public WebSocketListener {
 public:
  void text(std::string_view message) override {
    if (message == "part") return WebSocket::part(std::move(socket));
    if (message == "cut") return WebSocket::cut(std::move(socket));
    send(frame(Opcode::text, message));
  }
  void binary(std::string_view message) override { send(frame(Opcode::binary, message)); }
  void writable() override {
    ++writables;
    flush();
  }
  void closed(std::uint16_t why) override {
    code = why;
    if (socket) WebSocket::part(std::move(socket));
  }

  void send(std::string frame) {
    queue_.push_back(std::move(frame));
    flush();
  }
  std::size_t queued() const { return queue_.size(); }

  std::unique_ptr<WebSocket> socket;
  std::atomic<int> code = 0;
  std::atomic<int> writables = 0;

 private:
  void flush() {
    while (!queue_.empty() && !socket->blocked()) {
      std::vector<std::string_view> frames(queue_.begin(), queue_.end());
      frames[0].remove_prefix(written_);
      written_ += socket->write(frames);
      for (; !queue_.empty() && written_ >= queue_[0].size(); queue_.pop_front())
        written_ -= queue_[0].size();
    }
  }

  std::deque<std::string> queue_;
  std::size_t written_ = 0;
};

class WebSocketTest : public ::testing::TestWithParam<Client::Tls> {
 protected:
  WebSocketTest() {
    ServerSettings settings{.limits = {.linger_time = std::chrono::milliseconds{300}}};
    if (GetParam() == Client::Tls::yes)
      settings.tls = TlsFiles{certificate.certificate(), certificate.key()};
    server = std::make_unique<Server>(loop, settings);
    server->route({.prefix = "/", .methods = {}, .handler = [this](Exchange x) {
                     auto socket = x.upgrade_websocket(1'000'000, owner, frame(Opcode::text, "hi"));
                     if (!socket) return x.respond(Response::text(400, "no"));
                     owner.socket = *std::move(socket);
                   }});
    EXPECT_TRUE(server->start());
    EXPECT_TRUE(loop.start());
  }
  ~WebSocketTest() override {
    loop.call([this] { owner.socket.reset(); });
    server->stop();
    server.reset();
    loop.stop();
  }

  WebSocketClient connect() {
    WebSocketClient client(server->port(), "/", {}, GetParam());
    EXPECT_EQ(client.handshake().status, 101);
    EXPECT_EQ(client.handshake().header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(client.next().content, "hi");
    return client;
  }

  const Certificate certificate;
  const SystemClock clock{};
  Loop loop{clock};
  Owner owner;
  std::unique_ptr<Server> server;
};

INSTANTIATE_TEST_SUITE_P(Plain, WebSocketTest, ::testing::Values(Client::Tls::no));
INSTANTIATE_TEST_SUITE_P(Secured, WebSocketTest, ::testing::Values(Client::Tls::yes));

// Its client sends and reads at once, which OpenSSL's connections cannot.
class CrowdedWebSocketTest : public WebSocketTest {};
INSTANTIATE_TEST_SUITE_P(Plain, CrowdedWebSocketTest, ::testing::Values(Client::Tls::no));

TEST_P(WebSocketTest, CarriesMessagesBothWays) {
  auto client = connect();
  for (const std::size_t size : {0u, 1u, 125u, 126u, 65535u, 65536u, 300'000u}) {
    client.text(std::string(size, 't'));
    const Frame text = client.next();
    EXPECT_EQ(text.opcode, Opcode::text);
    EXPECT_EQ(text.content.size(), size);
    client.binary(std::string(size, '\xFF'));
    EXPECT_EQ(client.next().content, std::string(size, '\xFF'));
  }
}

TEST_P(WebSocketTest, AnswersPingsAlsoAmongFragments) {
  auto client = connect();
  client.frame(Opcode::text, "a", false);
  client.frame(Opcode::ping, "are you there");
  client.frame(Opcode::more, "b");
  const Frame pong = client.next();
  EXPECT_EQ(pong.opcode, Opcode::pong);
  EXPECT_EQ(pong.content, "are you there");
  EXPECT_EQ(client.next().content, "ab");
}

TEST_P(CrowdedWebSocketTest, AnswersEveryPingOfACrowdThatReadsLate) {
  auto client = connect();
  client.wire().shrink_receive_buffer();
  std::string pings;
  for (int i = 0; i < 20'000; ++i) pings += masked_frame(Opcode::ping, std::string(100, 'p'));
  std::thread sender([&] { client.wire().send(pings); });
  int pongs = 0;
  while (pongs < 20'000 && client.next().opcode == Opcode::pong) ++pongs;
  sender.join();
  EXPECT_EQ(pongs, 20'000);
}

TEST_P(WebSocketTest, TheClosingHandshakeIsKeptWhoeverBegins) {
  auto client = connect();
  client.frame(Opcode::close, std::string("\x03\xE8") + "bye");
  EXPECT_EQ(client.close_code(), 1000);
  EXPECT_TRUE(client.wire().ended());
  EXPECT_TRUE(eventually([&] { return owner.code == 1000; }));
  auto second = connect();
  second.text("part");
  EXPECT_EQ(second.close_code(), 1005);
  second.frame(Opcode::close, "");
  EXPECT_TRUE(second.wire().ended());
  auto third = connect();
  third.text("cut");
  EXPECT_TRUE(third.wire().ended());
}

TEST_P(WebSocketTest, APeerThatDoesNotAnswerAGoodbyeIsCut) {
  auto client = connect();
  client.text("part");
  EXPECT_EQ(client.close_code(), 1005);
  EXPECT_TRUE(client.wire().ended());
}

TEST_P(WebSocketTest, SaysWhatWasWrong) {
  auto client = connect();
  client.wire().send(frame(Opcode::text, "without a mask"));
  EXPECT_EQ(client.close_code(), 1002);
  EXPECT_TRUE(client.wire().ended());
  auto second = connect();
  second.text("\xFF");
  EXPECT_EQ(second.close_code(), 1007);
  auto third = connect();
  third.wire().send(masked_frame(Opcode::binary, std::string(1'000'001, 'x')).substr(0, 100));
  EXPECT_EQ(third.close_code(), 1009);
  EXPECT_TRUE(eventually([&] { return owner.code == 1009; }));
}

TEST_P(WebSocketTest, HearsThatAPeerBroke) {
  connect().wire().vanish();
  EXPECT_TRUE(eventually([&] { return owner.code == 1006; }));
}

TEST_P(WebSocketTest, KeepsOrderAndFramesWholeWhileThePeerIsSlow) {
  auto client = connect();
  client.wire().shrink_receive_buffer();
  constexpr int messages = 3000;
  loop.call([&] {
    for (int i = 0; i < messages; ++i)
      owner.send(frame(Opcode::text, std::to_string(i) + std::string(5000, '.')));
    EXPECT_TRUE(owner.socket->blocked());
  });
  client.frame(Opcode::ping, "still there");
  bool pong = false;
  for (int i = 0; i < messages;) {
    const Frame next = client.next();
    if (next.opcode == Opcode::pong) {
      pong = true;
      continue;
    }
    ASSERT_EQ(next.content.substr(0, next.content.find('.')), std::to_string(i));
    ASSERT_EQ(next.content.size(), std::to_string(i).size() + 5000);
    ++i;
  }
  EXPECT_TRUE(pong || client.next().opcode == Opcode::pong);
  EXPECT_GT(owner.writables, 0);
  loop.call([&] { EXPECT_EQ(owner.queued(), 0u); });
}

TEST_P(WebSocketTest, WhatComesWithTheHandshakeIsNotLost) {
  Client client(server->port(), GetParam());
  client.send(request_text("GET", "/", {},
                           {{"Connection", "Upgrade"},
                            {"Upgrade", "websocket"},
                            {"Sec-WebSocket-Version", "13"},
                            {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}}) +
              masked_frame(Opcode::text, "early"));
  EXPECT_EQ(client.answer().status, 101);
  EXPECT_EQ(client.read_to("early"), frame(Opcode::text, "hi") + frame(Opcode::text, "early"));
}

TEST_P(WebSocketTest, RefusesWhatIsNoHandshake) {
  const auto status = [&](Fields headers, std::string_view method = "GET") {
    Client client(server->port(), GetParam());
    client.send(request_text(method, "/", {}, headers));
    return client.answer().status;
  };
  const Fields good{{"Connection", "Upgrade"},
                    {"Upgrade", "websocket"},
                    {"Sec-WebSocket-Version", "13"},
                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
  EXPECT_EQ(status(good), 101);
  EXPECT_EQ(status(good, "POST"), 400);
  for (std::size_t i = 0; i < good.size(); ++i) {
    Fields less = good;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(status(less), 400) << "without " << good[i].first;
  }
  Fields old = good;
  old[2].second = "8";
  EXPECT_EQ(status(old), 400);
}

}  // namespace
}  // namespace hotclock::http
