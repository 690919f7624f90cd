#include "service/http/server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <filesystem>

#include "service/http/client_support.h"

namespace hotclock::http {
namespace {

using namespace std::chrono_literals;

class ServerTest : public ::testing::Test {
 protected:
  ~ServerTest() override {
    if (server) server->stop();
    server.reset();
    loop.stop();
  }

  void serve(ServerSettings settings = {}) {
    server = std::make_unique<Server>(loop, std::move(settings));
    server->route(
        {.prefix = "/hello", .methods = {"GET"}, .handler = [](Exchange x) {
           x.respond(Response::text(200, "hello " + std::string(x.request().parameter("name"))));
         }});
    server->route({.prefix = "/echo",
                   .methods = {"POST", "PUT"},
                   .handler = [](Exchange x) { x.respond(Response::text(200, x.request().body)); },
                   .body_bytes = 1000});
    server->route({.prefix = "/later", .methods = {"GET"}, .handler = [this](Exchange x) {
                     x.on_gone([this] { ++gone; });
                     waiting.push_back(std::move(x));
                     ++asked;
                   }});
    server->route({.prefix = "/shared", .methods = {}, .handler = [this](Exchange x) {
                     x.respond({.status = 200, .body = shared});
                   }});
    server->route({.prefix = "/news", .methods = {"GET"}, .handler = [this](Exchange x) {
                     stream = x.stream(Response::text(200, "", "text/event-stream"));
                     stream.on_gone([this] { ++gone; });
                     ++asked;
                   }});
    server->route({.prefix = "/forgotten", .methods = {}, .handler = [](Exchange) {}});
    start();
  }

  void start() {
    const auto started = server->start();
    ASSERT_TRUE(started) << started.error().message();
    ASSERT_TRUE(loop.start());
    port = server->port();
  }

  void answer_waiting(const std::string& body) {
    loop.call([&] {
      for (Exchange& each : waiting) each.respond(Response::text(200, body));
      waiting.clear();
    });
  }

  void streams(std::string_view bytes) {
    loop.call([&] { stream.write(bytes); });
  }

  const SystemClock clock{};
  Loop loop{clock};
  std::unique_ptr<Server> server;
  Stream stream;  // the last one that was asked for
  std::uint16_t port = 0;
  std::vector<Exchange> waiting;
  std::atomic<int> asked = 0;
  std::atomic<int> gone = 0;
  std::atomic<int> inside = 0;
  const std::shared_ptr<const std::string> shared =
      std::make_shared<const std::string>(std::string(3'000'000, 's'));
};

TEST_F(ServerTest, AnswersByRouteAndMethod) {
  serve();
  const Answer answer = ask(port, "GET", "/hello?name=you");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello you");
  EXPECT_EQ(answer.header("content-type"), "text/plain; charset=UTF-8");
  EXPECT_TRUE(answer.header("date").ends_with(" GMT"));
  EXPECT_EQ(answer.header("server"), "") << "no version to show";
  EXPECT_EQ(ask(port, "GET", "/nowhere").status, 404);
  const Answer refused = ask(port, "DELETE", "/echo");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("allow"), "POST, PUT");
}

TEST_F(ServerTest, TheLongestPrefixCountsAndAnExactPathAlone) {
  server = std::make_unique<Server>(loop, ServerSettings{});
  const auto route = [&](std::string prefix) {
    server->route({.prefix = prefix, .methods = {}, .handler = [prefix](Exchange x) {
                     x.respond(Response::text(200, prefix));
                   }});
  };
  for (const char* prefix : {"/", "/api/jobs", "/api", "=/api/jobs/x"}) route(prefix);
  start();
  EXPECT_EQ(ask(port, "GET", "/api/jobs/1").body, "/api/jobs");
  EXPECT_EQ(ask(port, "GET", "/api/x").body, "/api");
  EXPECT_EQ(ask(port, "GET", "/x").body, "/");
  EXPECT_EQ(ask(port, "GET", "/api/jobs/x").body, "=/api/jobs/x");
  EXPECT_EQ(ask(port, "GET", "/api/jobs/xy").body, "/api/jobs");
}

TEST_F(ServerTest, AHeadIsAGetWithoutItsBody) {
  serve();
  Client client(port);
  client.send(request_text("HEAD", "/hello?name=you"));
  const Answer answer = client.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "9");
  client.send(request_text("GET", "/hello"));
  EXPECT_EQ(client.answer().body, "hello ") << "the connection is where it should be";
}

TEST_F(ServerTest, KeepsAConnectionAndEndsItWhenAsked) {
  serve();
  Client client(port);
  for (int i = 0; i < 3; ++i) {
    client.send(request_text("GET", "/hello"));
    EXPECT_EQ(client.answer().header("connection"), "");
  }
  client.send(request_text("GET", "/hello", {}, {{"Connection", "close"}}));
  EXPECT_EQ(client.answer().header("connection"), "close");
  EXPECT_TRUE(client.ended());
  Client old(port);
  old.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.answer().status, 200);
  EXPECT_TRUE(old.ended());
}

TEST_F(ServerTest, AnswersRequestsSentAheadInTheirOrder) {
  serve();
  Client client(port);
  client.send(request_text("GET", "/later") + request_text("POST", "/echo", "first") +
              request_text("GET", "/hello?name=second") + request_text("POST", "/echo", "third"));
  ASSERT_TRUE(eventually([&] { return asked == 1; }));
  EXPECT_TRUE(client.quiet()) << "nothing overtakes the one that waits";
  answer_waiting("late");
  EXPECT_EQ(client.answer().body, "late");
  EXPECT_EQ(client.answer().body, "first");
  EXPECT_EQ(client.answer().body, "hello second");
  EXPECT_EQ(client.answer().body, "third");
}

TEST_F(ServerTest, TakesABodyUpToItsRoutesLimit) {
  serve();
  EXPECT_EQ(ask(port, "POST", "/echo", std::string(1000, 'x')).body.size(), 1000u);
  Client client(port);
  client.send(request_text("POST", "/echo", std::string(1001, 'x')));
  const Answer refused = client.answer();
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.header("connection"), "close");
  EXPECT_TRUE(client.ended());
  Client waits(port);
  waits.send("POST /echo HTTP/1.1\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(waits.answer().status, 413) << "before the body is sent";
  Client chunked(port);
  chunked.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
               std::string(2000, 'x'));
  EXPECT_EQ(chunked.answer().status, 413);
}

TEST_F(ServerTest, TellsWhoAsksToSendItsBody) {
  serve();
  Client client(port);
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  EXPECT_EQ(client.answer().body, "abc");
}

TEST_F(ServerTest, RefusesWhatIsNoRequest) {
  serve({.limits = {.header_bytes = 500}});
  const auto status = [&](std::string_view bytes) {
    Client client(port);
    client.send(bytes);
    const int out = client.answer().status;
    EXPECT_TRUE(client.ended());
    return out;
  };
  EXPECT_EQ(status("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status("GET /%00 HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status("GET / HTTP/1.1\r\nX: " + std::string(600, 'x') + "\r\n\r\n"), 431);
}

TEST_F(ServerTest, EndsWhoIsTooSlow) {
  serve({.limits = {.header_time = 100ms, .body_time = 100ms, .idle_time = 100ms}});
  Client silent(port);
  EXPECT_TRUE(silent.ended());
  Client slow(port);
  slow.send("GET /hello HTTP/1.1\r\nHost: ");
  EXPECT_EQ(slow.answer().status, 408);
  EXPECT_TRUE(slow.ended());
  Client half(port);
  half.send("POST /echo HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_EQ(half.answer().status, 408);
  Client idle(port);
  idle.send(request_text("GET", "/hello"));
  EXPECT_EQ(idle.answer().status, 200);
  EXPECT_TRUE(idle.ended());
}

TEST_F(ServerTest, ARequestThatWaitsHasAllTheTimeItNeeds) {
  serve({.limits = {.header_time = 20ms, .body_time = 20ms, .idle_time = 20ms}});
  Client waits(port);
  waits.send(request_text("GET", "/later"));
  ASSERT_TRUE(eventually([&] { return asked == 1; }));
  Client idle(port);
  EXPECT_TRUE(idle.ended()) << "time enough has passed for a sweep";
  EXPECT_EQ(gone, 0);
  answer_waiting("at last");
  EXPECT_EQ(waits.answer().body, "at last");
}

TEST_F(ServerTest, TellsWhoWaitsThatThePeerHasGone) {
  serve();
  {
    Client leaves(port);
    leaves.send(request_text("GET", "/later"));
    ASSERT_TRUE(eventually([&] { return asked == 1; }));
  }
  EXPECT_TRUE(eventually([&] { return gone == 1; }));
  Client vanishes(port);
  vanishes.send(request_text("GET", "/later") + request_text("GET", "/hello"));
  ASSERT_TRUE(eventually([&] { return asked == 2; }));
  vanishes.vanish();
  EXPECT_TRUE(eventually([&] { return gone == 2; }));
  answer_waiting("to nobody");
  EXPECT_EQ(ask(port, "GET", "/hello").status, 200);
}

TEST_F(ServerTest, AnAnswerThatGoesOnIsWrittenAsItComes) {
  serve();
  Client client(port);
  client.send(request_text("GET", "/news"));
  const std::string head = client.read_to("\r\n\r\n");
  EXPECT_NE(head.find("Transfer-Encoding: chunked"), std::string::npos) << head;
  EXPECT_EQ(head.find("Content-Length"), std::string::npos) << head;
  streams("first");
  EXPECT_EQ(client.read_to("first\r\n"), "5\r\nfirst\r\n");
  streams("the second one, longer");
  EXPECT_EQ(client.read_to("longer\r\n"), "16\r\nthe second one, longer\r\n");
  loop.call([&] { stream.end(); });
  EXPECT_EQ(client.read_to("0\r\n\r\n"), "0\r\n\r\n");
  client.send(request_text("GET", "/hello"));
  EXPECT_EQ(client.answer().body, "hello ") << "the connection is not kept";
}

TEST_F(ServerTest, AnAnswerThatGoesOnHasAllTheTimeItNeeds) {
  serve({.limits = {.header_time = 50ms, .write_time = 100ms, .idle_time = 50ms}});
  Client client(port);
  client.send(request_text("GET", "/news"));
  ASSERT_FALSE(client.read_to("\r\n\r\n").empty());
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(Client(port).ended()) << "the limits are looked at";
  streams("still here");
  EXPECT_FALSE(client.read_to("still here").empty());
}

TEST_F(ServerTest, WhoWritesToAPeerThatHasGoneHearsItAfterwards) {
  serve();
  Client client(port);
  client.send(request_text("GET", "/news"));
  client.read_to("\r\n\r\n");
  int inside = 0;
  loop.call([&] {
    client.vanish();  // and the loop has not looked yet
    for (int i = 0; i < 3; ++i) stream.write("into the void");
    inside = gone;
  });
  EXPECT_EQ(inside, 0);
  EXPECT_TRUE(eventually([&] { return gone == 1; }));
}

TEST_F(ServerTest, WhoStreamsHearsThatThePeerHasGone) {
  serve();
  Client client(port);
  client.send(request_text("GET", "/news"));
  ASSERT_FALSE(client.read_to("\r\n\r\n").empty());
  client.vanish();
  ASSERT_TRUE(eventually([&] { return gone == 1; }));
  bool open = true;
  loop.call([&] {
    open = stream.open();
    stream.write("into the void");
    stream.end();
  });
  EXPECT_FALSE(open);
}

TEST_F(ServerTest, WhatASlowPeerHasNotTakenIsKnownAndInTheEndItIsCut) {
  serve({.limits = {.write_time = 300ms}});
  Client client(port);
  client.shrink_receive_buffer();
  client.send(request_text("GET", "/news"));
  ASSERT_TRUE(eventually([&] { return asked == 1; }));
  std::size_t waits = 0;
  loop.call([&] {
    for (int i = 0; i < 16; ++i) stream.write(*shared);
    waits = stream.waiting();
  });
  EXPECT_GT(waits, shared->size());
  EXPECT_TRUE(eventually([&] { return gone == 1; }));
}

TEST_F(ServerTest, AHeadOfAStreamIsItsHeadAlone) {
  serve();
  Client client(port);
  client.send(request_text("HEAD", "/news"));
  EXPECT_EQ(client.answer(true).status, 200);
  client.send(request_text("GET", "/hello"));
  EXPECT_EQ(client.answer().status, 200);
}

TEST_F(ServerTest, SharesALargeBodyWithoutACopyHoweverSlowThePeer) {
  serve();
  Client client(port);
  client.shrink_receive_buffer();
  client.send(request_text("GET", "/shared") + request_text("GET", "/hello"));
  EXPECT_EQ(client.answer().body, *shared);
  EXPECT_EQ(client.answer().body, "hello ");
  EXPECT_TRUE(eventually([&] { return shared.use_count() == 1; }));
}

TEST_F(ServerTest, AnswersForAHandlerThatForgotTo) {
  serve();
  EXPECT_EQ(ask(port, "GET", "/forgotten").status, 500);
}

TEST_F(ServerTest, AddsDefaultHeadersWhereTheAnswerSaysNothingElse) {
  serve({.default_headers = {{"X-Content-Type-Options", "nosniff"}, {"Content-Type", "x/y"}}});
  const Answer answer = ask(port, "GET", "/hello");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("content-type"), "text/plain; charset=UTF-8");
  EXPECT_EQ(ask(port, "GET", "/nowhere").header("x-content-type-options"), "nosniff");
}

class Doorman final : public Ticket {
 public:
  explicit Doorman(std::atomic<int>& inside) : inside_(inside) { ++inside_; }
  ~Doorman() override { --inside_; }
  Doorman(const Doorman&) = delete;
  Doorman& operator=(const Doorman&) = delete;

 private:
  std::atomic<int>& inside_;
};

TEST_F(ServerTest, AGateSeesARequestBeforeItsBodyAndADressEveryAnswer) {
  server = std::make_unique<Server>(loop, ServerSettings{});
  server->route(
      {.prefix = "/",
       .methods = {},
       .handler = [](Exchange x) { x.respond(Response::text(200, "in")); },
       .body_bytes = 10,
       .gate = [this](Request& request) -> std::optional<Response> {
         if (request.path == "/closed") return Response::text(403, "no");
         request.ticket = std::make_unique<Doorman>(inside);
         return std::nullopt;
       },
       .dress = [](const Request& request,
                   Response& response) { response.headers.emplace_back("X-Path", request.path); }});
  start();
  Client client(port);
  client.send("POST /open HTTP/1.1\r\nContent-Length: 2\r\n\r\n1");
  EXPECT_TRUE(eventually([&] { return inside == 1; }));
  client.send("2");
  const Answer answer = client.answer();
  EXPECT_EQ(answer.body, "in");
  EXPECT_EQ(answer.header("x-path"), "/open");
  EXPECT_TRUE(eventually([&] { return inside == 0; }));
  Client early(port);
  early.send("POST /closed HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(early.answer().status, 403) << "before its body came";
  const Answer large = ask(port, "POST", "/large", "more than ten bytes");
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.header("x-path"), "/large");
}

TEST_F(ServerTest, LetsInNoMoreThanItsLimitAndNobodyWhoIsRefused) {
  serve({.limits = {.connections = 2}});
  Client one(port);
  Client two(port);
  one.send(request_text("GET", "/hello"));
  two.send(request_text("GET", "/hello"));
  EXPECT_EQ(one.answer().status, 200);
  EXPECT_EQ(two.answer().status, 200);
  Client three(port);
  EXPECT_TRUE(three.ended());
  loop.call(
      [&] { server->accept_if([](std::string_view address) { return address != "127.0.0.1"; }); });
  one.vanish();
  EXPECT_TRUE(eventually([&] { return server->connections() == 1; }));
  Client four(port);
  EXPECT_TRUE(four.ended());
}

// The descriptor in this process at the other end of a client's connection; -1 where there is none.
int accepted_for(const Client& client) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int descriptor = std::stoi(entry.path().filename());
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) == 0 &&
        peer.sin_family == AF_INET && ntohs(peer.sin_port) == client.own_port())
      return descriptor;
  }
  return -1;
}

TEST_F(ServerTest, HoldsNothingBackToFillAPacket) {
  serve();
  Client client(port);
  client.send(request_text("GET", "/hello"));
  EXPECT_EQ(client.answer().status, 200);
  const int accepted = accepted_for(client);
  ASSERT_GE(accepted, 0);
  int no_delay = 0;
  socklen_t size = sizeof no_delay;
  ASSERT_EQ(getsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  EXPECT_EQ(no_delay, 1);
}

TEST_F(ServerTest, KnowsAClientBehindATrustedProxyByItsAddress) {
  server = std::make_unique<Server>(
      loop, ServerSettings{.proxies = net::TrustedProxies({"127.0.0.1", "10.0.0.0/8"})});
  server->route({.prefix = "/whence", .methods = {}, .handler = [](Exchange x) {
                   x.respond(Response::text(200, x.request().address));
                 }});
  start();
  const auto whence = [&](const Fields& headers, std::string_view body = {}) {
    return ask(port, body.empty() ? "GET" : "POST", "/whence", body, headers).body;
  };
  EXPECT_EQ(whence({}), "127.0.0.1");
  EXPECT_EQ(whence({{"X-Forwarded-For", "203.0.113.5, 192.0.2.1"}}), "192.0.2.1");
  EXPECT_EQ(whence({{"X-Forwarded-For", "192.0.2.1"}}, "with a body"), "192.0.2.1");
  EXPECT_EQ(
      whence({{"X-Forwarded-For", "203.0.113.5"}, {"x-forwarded-for", "192.0.2.1, 10.0.0.7"}}),
      "192.0.2.1")
      << "a proxy may add a field instead of an entry";
  EXPECT_EQ(whence({{"X-Forwarded-For", "192.0.2.1, nobody"}}), "127.0.0.1");
}

TEST_F(ServerTest, TakesNobodysWordForWhereAClientIsUnlessItIsTold) {
  serve();
  server->route({.prefix = "/whence", .methods = {}, .handler = [](Exchange x) {
                   x.respond(Response::text(200, x.request().address));
                 }});
  EXPECT_EQ(ask(port, "GET", "/whence", {}, {{"X-Forwarded-For", "192.0.2.1"}}).body, "127.0.0.1");
}

TEST_F(ServerTest, SaysWhyItCannotStart) {
  serve();
  Server second(loop, {.port = port});
  const auto busy = second.start();
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code(), Errc::busy);
  EXPECT_NE(busy.error().message().find(std::to_string(port)), std::string::npos);
  Server nowhere(loop, {.address = "not an address"});
  EXPECT_EQ(nowhere.start().error().code(), Errc::invalid);
  Server without_key(loop, {.tls = TlsFiles{"/none.pem", "/none.key"}});
  EXPECT_EQ(without_key.start().error().code(), Errc::invalid);
}

TEST_F(ServerTest, StopsWithConnectionsOpenAndTwice) {
  serve();
  Client waits(port);
  waits.send(request_text("GET", "/later"));
  ASSERT_TRUE(eventually([&] { return asked == 1; }));
  server->stop();
  EXPECT_TRUE(waits.ended());
  EXPECT_EQ(gone, 1);
  server->stop();
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(ServerTest, ClosesItsDoorAndServesWhoIsInside) {
  serve();
  Client inside(port);
  inside.send(request_text("GET", "/hello"));
  EXPECT_EQ(inside.answer().status, 200);
  server->close_door();
  inside.send(request_text("GET", "/hello"));
  EXPECT_EQ(inside.answer().header("connection"), "close");
}

TEST_F(ServerTest, ServesOverTls) {
  const Certificate certificate;
  serve({.tls = TlsFiles{certificate.certificate(), certificate.key()}});
  Client client(port, Client::Tls::yes);
  client.send(request_text("GET", "/hello?name=tls"));
  EXPECT_EQ(client.answer().body, "hello tls");
  client.shrink_receive_buffer();
  client.send(request_text("GET", "/shared"));
  EXPECT_EQ(client.answer().body, *shared);
  client.send(request_text("POST", "/echo", std::string(900, 'x')));
  EXPECT_EQ(client.answer().body.size(), 900u);
  EXPECT_EQ(ask(port, "GET", "/hello").status, 0) << "plain text is not understood";
}

}  // namespace
}  // namespace hotclock::http
