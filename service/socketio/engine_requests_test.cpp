// What Engine.IO is asked for and what it refuses: handshakes, errors, origins, cookies.
#include <gtest/gtest.h>

#include <set>

#include "service/socketio/engine_support.h"

namespace hotclock::socketio {
namespace {

class EngineRequests : public EngineTest {};

TEST_F(EngineRequests, OpensASessionAndSaysWhatItOffers) {
  serve();
  const PollingClient client(port());
  EXPECT_EQ(
      client.open_packet(),
      R"(0{"sid":")" + client.sid() +
          R"(","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000})");
  SocketClient socket(port());
  const std::string open = socket.next_text();
  EXPECT_NE(open.find(R"("upgrades":[])"), std::string::npos) << open;
  EXPECT_EQ(engine().sessions(), 2u);
}

TEST_F(EngineRequests, OffersNoUpgradeWhereUpgradesAreOff) {
  serve({.upgrades = false});
  PollingClient client(port());
  EXPECT_NE(client.open_packet().find(R"("upgrades":[])"), std::string::npos);
  EXPECT_EQ(SocketClient(port(), client.sid()).handshake().status, 400);
  EXPECT_TRUE(client.lives());
}

TEST_F(EngineRequests, AnswersEveryPathThatBeginsWithItsOwn) {
  serve({.path = "/live/"});
  EXPECT_EQ(http::ask(port(), "GET", "/live/?EIO=4&transport=polling").status, 200);
  EXPECT_EQ(http::ask(port(), "GET", "/live/more?transport=polling&EIO=4&t=x&b64=1").status, 200);
  EXPECT_EQ(http::ask(port(), "GET", "/live/?EIO=%34&transport=%70olling").status, 200);
  EXPECT_EQ(http::ask(port(), "GET", "/socket.io/?EIO=4&transport=polling").status, 404);
}

TEST_F(EngineRequests, SpeaksProtocolFourAlone) {
  serve();
  for (const char* query : {"transport=polling", "EIO=3&transport=polling",
                            "EIO=abc&transport=polling", "EIO=&transport=polling"})
    EXPECT_EQ(refused(get(query)), R"(400 {"code":5,"message":"Unsupported protocol version"})");
}

TEST_F(EngineRequests, KnowsTwoTransports) {
  serve();
  for (const char* query : {"EIO=4", "EIO=4&transport=abc", "EIO=4&transport="})
    EXPECT_EQ(refused(get(query)), R"(400 {"code":0,"message":"Transport unknown"})");
  const auto answer = get(websocket);
  EXPECT_EQ(refused(answer), R"(400 {"code":3,"message":"Bad request"})");
  EXPECT_EQ(answer.header("content-type"), "application/json");
}

TEST_F(EngineRequests, OpensSessionsByGetAlone) {
  serve();
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH"})
    EXPECT_EQ(refused(http::ask(port(), method, target(polling), "x")),
              R"(400 {"code":2,"message":"Bad handshake method"})");
}

TEST_F(EngineRequests, KnowsNoSessionButItsOwn) {
  serve();
  for (const auto transport : {polling, websocket})
    EXPECT_EQ(refused(get(std::string(transport) + "&sid=nobody")),
              R"(400 {"code":1,"message":"Session ID unknown"})");
  PollingClient client(port());
  EXPECT_EQ(refused(get(std::string(websocket) + "&sid=" + client.sid())),
            R"(400 {"code":3,"message":"Bad request"})");
  EXPECT_TRUE(client.lives());
  EXPECT_GE(http::ask(port(), "PUT", target(client.query()), "x").status, 400);
  EXPECT_TRUE(client.lives());
}

TEST_F(EngineRequests, RefusesAWebSocketInPlainText) {
  serve();
  SocketClient unknown(port(), "nobody");
  EXPECT_EQ(refused(unknown.handshake()), "400 Session ID unknown");
  EXPECT_EQ(unknown.handshake().header("connection"), "close");
  EXPECT_TRUE(unknown.wire().ended());
  http::WebSocketClient wrong(port(), target(polling));
  EXPECT_EQ(refused(wrong.handshake()), "400 Bad request");
}

TEST_F(EngineRequests, GivesOutIdsThatNobodyCanGuess) {
  serve();
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = PollingClient(port()).sid();
    EXPECT_EQ(id.size(), 20u);
    EXPECT_EQ(
        id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        std::string::npos);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100u);
}

TEST_F(EngineRequests, TellsItsListenerHowASessionBegan) {
  serve();
  get("EIO=4&transport=polling&x=%20y", {{"X-Who", "me"}, {"X-Who", "again"}});
  loop().call([&] {
    const Handshake& handshake = listeners().last_handshake;
    EXPECT_EQ(handshake.address, "127.0.0.1");
    EXPECT_EQ(handshake.transport, "polling");
    EXPECT_EQ(handshake.query, "EIO=4&transport=polling&x=%20y");
    EXPECT_EQ(handshake.headers.at("x-who"), "me, again");
    EXPECT_FALSE(handshake.secure);
  });
}

TEST_F(EngineRequests, LetsInWhomItsOwnerAdmits) {
  serve({.admit = [](const Handshake& handshake) -> std::optional<std::string> {
    if (handshake.query.find("pass") != std::string::npos) return std::nullopt;
    return "no \"pass\"";
  }});
  EXPECT_EQ(refused(get(polling)), R"(403 {"code":4,"message":"no \"pass\""})");
  EXPECT_EQ(refused(SocketClient(port()).handshake()), "400 no \"pass\"");
  EXPECT_EQ(get("EIO=4&transport=polling&pass").status, 200);
  EXPECT_EQ(engine().sessions(), 1u);
}

TEST_F(EngineRequests, PagesOfListedOriginsMayReadEveryAnswer) {
  serve({.origins = {"https://example.org"}});
  const http::Fields page{{"Origin", "https://example.org"}};
  for (const auto& query : {std::string(polling), std::string("EIO=3&transport=polling")}) {
    const auto answer = get(query, page);
    EXPECT_EQ(answer.header("access-control-allow-origin"), "https://example.org");
    EXPECT_EQ(answer.header("access-control-allow-credentials"), "true");
    EXPECT_EQ(answer.header("vary"), "Origin");
  }
  const auto other = get(polling, {{"Origin", "https://evil.example"}});
  EXPECT_EQ(other.header("access-control-allow-origin"), "");
  EXPECT_EQ(other.header("access-control-allow-credentials"), "");
  const auto large = post(polling, std::string(1'000'001, 'x'), page);
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.header("access-control-allow-origin"), "https://example.org");
}

TEST_F(EngineRequests, AnswersAPreflight) {
  serve({.origins = {"https://example.org"}});
  const auto answer = http::ask(port(), "OPTIONS", target(polling), {},
                                {{"Origin", "https://example.org"},
                                 {"Access-Control-Request-Method", "POST"},
                                 {"Access-Control-Request-Headers", "x-token"}});
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://example.org");
  EXPECT_EQ(answer.header("access-control-allow-methods"), "GET, POST");
  EXPECT_EQ(answer.header("access-control-allow-headers"), "x-token");
}

TEST_F(EngineRequests, AnyPageNeverComesWithCredentials) {
  serve({.origins = {"*"}});
  const auto answer = get(polling, {{"Origin", "https://anywhere.example"}});
  EXPECT_EQ(answer.header("access-control-allow-origin"), "*");
  EXPECT_EQ(answer.header("access-control-allow-credentials"), "");
}

int upgrade_status(std::uint16_t port, const http::Fields& headers) {
  return http::WebSocketClient(port, target(websocket), headers).handshake().status;
}

TEST_F(EngineRequests, PagesOfOtherOriginsOpenNoWebSocket) {
  serve({.origins = {"https://example.org"}});
  EXPECT_EQ(upgrade_status(port(), {{"Origin", "https://example.org"}}), 101);
  EXPECT_EQ(upgrade_status(port(), {{"Origin", "https://evil.example"}}), 400);
  EXPECT_EQ(upgrade_status(port(), {{"Origin", "null"}}), 400);
  EXPECT_EQ(upgrade_status(port(), {}), 101) << "no page";
}

TEST_F(EngineRequests, WithoutAListOnlyTheServersOwnPagesOpenWebSockets) {
  serve();
  EXPECT_EQ(upgrade_status(port(), {{"Host", "own:8080"}, {"Origin", "http://own:8080"}}), 101);
  EXPECT_EQ(upgrade_status(port(), {{"Host", "own:8080"}, {"Origin", "http://own"}}), 400);
  EXPECT_EQ(upgrade_status(port(), {{"Host", "own"}, {"Origin", "null"}}), 400);
  const auto answer = get(polling, {{"Origin", "https://evil.example"}});
  EXPECT_EQ(answer.header("access-control-allow-origin"), "");
}

TEST_F(EngineRequests, SetsACookieWhereItIsToldTo) {
  serve({.cookie = "io"});
  const auto answer = get(polling);
  EXPECT_EQ(answer.header("set-cookie"),
            "io=" + value_in(answer.body, "sid") + "; Path=/; HttpOnly; SameSite=Lax");
}

TEST_F(EngineRequests, SetsNoCookieByItself) {
  serve();
  EXPECT_EQ(get(polling).header("set-cookie"), "");
}

}  // namespace
}  // namespace hotclock::socketio
