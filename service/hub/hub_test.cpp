#include "service/hub/hub.h"

#include "scheduler/base/shifted_clock.h"
#include "service/hub/hub_support.h"
#include "service/hub/visitor_support.h"
#include "service/outbox/reader.h"
#include "service/socketio/server_support.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<std::int64_t>;

const std::string polls = "/socket.io/?EIO=4&transport=polling";
const std::string socket_path = "/socket.io/?EIO=4&transport=websocket";

class HubTest : public HubFixture {
 protected:
  HubTest() { clock.set_wall(machine.now()); }

  std::unique_ptr<Hub> build(const std::string& name, const HubOptions& options = {}) {
    HubOptions with = options;
    with.node = node(name);
    return Hub::build(db(), machine, logger, metrics, settings(), with).value();
  }
  std::unique_ptr<Hub> opens(const std::string& name) {
    auto hub = build(name);
    hub->start_at(outbox::place_of(db(), machine.now() - hub->remembers()).value(),
                  machine.now() - hub->remembers());
    hub->catch_up(heads(0));
    EXPECT_TRUE(hub->open());
    return hub;
  }
  std::unique_ptr<Hub> opens_with(const config::RealtimeConfig& settings) {
    auto hub = Hub::build(db(), machine, logger, metrics, settings, {.node = node("a")}).value();
    EXPECT_TRUE(hub->open());
    return hub;
  }
  config::RealtimeConfig settings() const {
    config::RealtimeConfig out;
    out.port = port;
    out.jwt_key = {.shown = "env:KEY", .value = std::string(test_secret), .file = {}};
    return out;
  }
  std::string as(std::int64_t user, const std::string& more = "") const {
    return R"({"token":")" + token_of(user, machine.now() + 1h) + "\"" + more + "}";
  }
  std::string again(const Visitor& former, std::int64_t user, std::int64_t heard) const {
    return as(user,
              R"(,"pid":")" + former.pid() + R"(","offset":")" + std::to_string(heard) + "\"");
  }
  std::vector<outbox::Head> heads(std::int64_t behind) {
    return outbox::Reader(db(), behind).next_heads(1000).value();
  }
  void passes_on(Hub& hub, const Ids& ids) { hub.deliver(outbox::read_events(db(), ids).value()); }
  std::int64_t tells(Hub& hub, const std::string& room) {
    const std::int64_t id = post(room);
    passes_on(hub, {id});
    return id;
  }

  SystemClock machine;
  metrics::Metrics metrics;
  int port = 0;
};

TEST_F(HubTest, AClientHearsWhatItsRoomsAreTold) {
  const auto hub = opens("a");
  Visitor client(hub->port(), as(17));
  client.says(R"(21["subscribe","stream:5"])");
  EXPECT_EQ(client.hears(), R"(31[{"ok":true,"room":"stream:5"}])");
  tells(*hub, "user:18");
  const Ids ids{tells(*hub, "user:17"), tells(*hub, "stream:5")};
  EXPECT_EQ(client.hears_events(2), ids);
  EXPECT_EQ(hub->clients(), 1u);
  EXPECT_EQ(hub->lateness().events, 2);
  EXPECT_EQ(hub->lateness().deliveries, 2);
}

TEST_F(HubTest, OfManyEventsOnlyThoseAreWantedThatSomebodyHears) {
  const auto hub = opens("a");
  Visitor client(hub->port(), as(17));
  const Ids ids = post({{"n", {"user:18"}, {}},
                        {"n", {"user:18", "user:17"}, {}},
                        {"n", {}, {}},
                        {"n", {"stream:17"}, {}}});
  EXPECT_EQ(hub->wanted(heads(0)), (Ids{ids[1], ids[2]}));
}

TEST_F(HubTest, WithNobodyThereNothingIsWanted) {
  const auto hub = opens("a");
  post({{"n", {}, {}}, {"n", {"rankings"}, {}}});
  EXPECT_EQ(hub->wanted(heads(0)), Ids{});
}

TEST_F(HubTest, AtTheEndClientsAreSentElsewhereAndFindThereWhatTheyMissed) {
  auto first = opens("a");
  const auto second = opens("b");
  Visitor client(first->port(), as(17));
  const std::int64_t heard = tells(*first, "user:17");
  EXPECT_EQ(client.hears_events(1), Ids{heard});
  first->stop(1s);
  EXPECT_EQ(client.hears(), "") << "closed, and not put out";
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions WHERE lost_at IS NOT NULL"), 1);
  const std::int64_t missed = post("user:17");
  second->wanted(heads(0));
  Visitor back(second->port(), again(client, 17, heard));
  EXPECT_EQ(back.sid(), client.sid());
  EXPECT_EQ(back.pid(), client.pid());
  EXPECT_EQ(back.hears_events(1), Ids{missed});
}

TEST_F(HubTest, TheAnswerComesBeforeWhatWasMissed) {
  const auto hub = opens("a");
  Visitor client(hub->port(), as(17));
  client.vanishes();
  const std::int64_t missed = tells(*hub, "user:17");
  Visitor back(hub->port(), again(client, 17, 0));
  EXPECT_TRUE(back.answer().starts_with(R"(0{"sid":)")) << back.answer();
  EXPECT_EQ(back.hears_events(1), Ids{missed});
}

TEST_F(HubTest, WhoIsStillThereOnAnotherNodeIsEndedThere) {
  const auto first = opens("a"), second = opens("b");
  Visitor client(first->port(), as(17)), other(first->port(), as(18));
  Visitor back(second->port(), again(client, 17, 0));
  EXPECT_EQ(back.sid(), client.sid());
  EXPECT_EQ(first->clients(), 2u);
  first->end_connections();
  EXPECT_EQ(client.hears(), "1");
  EXPECT_EQ(client.hears(), "");
  EXPECT_TRUE(http::eventually([&] { return first->clients() == 1; }));
  const std::int64_t id = tells(*second, "user:17");
  EXPECT_EQ(back.hears_events(1), Ids{id});
}

TEST_F(HubTest, WhoIsStillThereIsEndedThoughTheOtherNodesClockIsSlow) {
  const auto first = opens("a");
  ShiftedClock slow(machine, -5s);
  const auto second =
      Hub::build(db(), slow, logger, metrics, settings(), {.node = node("b")}).value();
  ASSERT_TRUE(second->open());
  Visitor client(first->port(), as(17));
  Visitor back(second->port(), again(client, 17, 0));
  EXPECT_EQ(back.sid(), client.sid());
  first->end_connections();
  EXPECT_EQ(client.hears(), "1");
  EXPECT_TRUE(http::eventually([&] { return first->clients() == 0; }));
}

TEST_F(HubTest, WhoComesBackToTheSameNodeIsThereOnce) {
  const auto hub = opens("a");
  Visitor client(hub->port(), as(17));
  Visitor back(hub->port(), again(client, 17, 0));
  EXPECT_EQ(back.sid(), client.sid());
  EXPECT_EQ(client.hears(), "");
  EXPECT_TRUE(http::eventually([&] { return hub->clients() == 1; }));
  hub->end_connections();
  EXPECT_EQ(hub->clients(), 1u);
}

TEST_F(HubTest, AForeignOffsetOrSecretMakesANewClient) {
  const auto hub = opens("a");
  Visitor client(hub->port(), as(17));
  for (const char* odd :
       {R"(,"pid":"guessed","offset":"1")", R"(,"pid":17)", R"(,"pid":"","offset":"x")"}) {
    Visitor stranger(hub->port(), as(17, odd));
    EXPECT_NE(stranger.sid(), client.sid());
    EXPECT_FALSE(stranger.pid().empty()) << odd;
  }
}

TEST_F(HubTest, WithoutRecoveryNobodyIsWrittenDown) {
  auto plain = settings();
  plain.recovery = 0s;
  const auto hub = Hub::build(db(), machine, logger, metrics, plain, {.node = node("a")}).value();
  ASSERT_TRUE(hub->open());
  Visitor client(hub->port(), as(17));
  EXPECT_EQ(client.pid(), "");
  const std::int64_t id = tells(*hub, "user:17");
  EXPECT_EQ(client.hears_events(1), Ids{id});
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions"), 0);
}

TEST_F(HubTest, APortThatIsTakenIsAnErrorInWords) {
  const auto hub = opens("a");
  port = hub->port();
  const auto other = build("b");
  const auto opened = other->open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message().find(std::to_string(port)), std::string::npos)
      << opened.error().message();
}

TEST_F(HubTest, ItsPagesHearOfAnEventBeforeItsClientsDo) {
  auto hub = build("a");
  std::vector<std::int64_t> told;
  hub->tell_first([&](const outbox::Posted& event) {
    EXPECT_TRUE(hub->front().loop.on_thread());
    EXPECT_EQ(event.name, "rank:changed");
    told.push_back(event.id);
  });
  hub->front().server.route(
      {.prefix = "=/beside", .methods = {"GET"}, .handler = [](http::Exchange exchange) {
         exchange.respond(http::Response::text(200, "a page"));
       }});
  ASSERT_TRUE(hub->open());
  EXPECT_EQ(http::ask(hub->port(), "GET", "/beside").body, "a page");
  ASSERT_TRUE(hub->front().tokens->verify(token_of(17, machine.now() + 1h), machine.now()));
  Visitor client(hub->port(), as(17));
  const std::int64_t id = tells(*hub, "user:17");
  EXPECT_EQ(told, Ids{id});
  EXPECT_EQ(client.hears_events(1), Ids{id});
}

TEST_F(HubTest, TheDemoHandsOutTokensWithARole) {
  auto local = settings();
  local.jwt_key = {};
  const auto hub =
      Hub::build(db(), machine, logger, metrics, local, {.node = node("a"), .demo = true}).value();
  ASSERT_TRUE(hub->open());
  const auto roles_at = [&](std::string_view target) {
    const std::string body = http::ask(hub->port(), "GET", target).body;
    const std::string token = body.substr(10, body.size() - 12);  // {"token":"..."}
    const auto who = hub->front().tokens->verify(token, machine.now());
    EXPECT_TRUE(who) << body;
    return who ? who->roles : std::vector<std::string>{"none"};
  };
  EXPECT_EQ(roles_at("/demo/token?user=17"), std::vector<std::string>{});
  EXPECT_EQ(roles_at("/demo/token?user=17&role=festival-editor"),
            std::vector<std::string>{"festival-editor"});
}

TEST_F(HubTest, TheDemoIsForThisMachineAlone) {
  auto open_to_all = settings();
  open_to_all.address = "0.0.0.0";
  const auto hub = Hub::build(db(), machine, logger, metrics, open_to_all, {.demo = true});
  ASSERT_FALSE(hub);
  EXPECT_EQ(hub.error().code(), Errc::invalid);
}

TEST_F(HubTest, WhoSaysTooMuchAtOnceIsCutOffAndCounted) {
  auto narrow = settings();
  narrow.max_payload = 1000;
  const auto hub = opens_with(narrow);
  Visitor client(hub->port(), as(17));
  client.says(std::string(1000, '2'));
  EXPECT_EQ(client.hears(), "") << "its connection ends";
  EXPECT_TRUE(http::eventually([&] { return hub->violations() == 1; }));
  const auto opened = http::ask(hub->port(), "GET", polls).body;
  const std::string session = polls + "&sid=" + socketio::member_of(opened, "sid");
  EXPECT_EQ(http::ask(hub->port(), "POST", session, std::string(1001, '4')).status, 413);
  EXPECT_EQ(hub->violations(), 2);
  EXPECT_EQ(http::ask(hub->port(), "GET", session).status, 400) << "there is no such session now";
}

TEST_F(HubTest, AUserIsHeldByItsConnectionsAMinute) {
  auto narrow = settings();
  narrow.connections_per_user_a_minute = 2;
  const auto hub = opens_with(narrow);
  for (int i = 0; i < 2; ++i) Visitor(hub->port(), as(17)).vanishes();
  EXPECT_NE(Visitor(hub->port(), as(17)).answer().find("too many connections in a minute"),
            std::string::npos);
  EXPECT_EQ(hub->violations(), 1);
  EXPECT_TRUE(Visitor(hub->port(), as(18)).answer().starts_with("0"));
}

TEST_F(HubTest, AllClientsOfAnAddressAreHeldByItsMessages) {
  auto narrow = settings();
  narrow.messages_per_address_a_minute = 4;  // two connect
  const auto hub = opens_with(narrow);
  Visitor one(hub->port(), as(17)), other(hub->port(), as(18));
  one.says(R"(21["subscribe","rankings"])");
  EXPECT_EQ(one.hears(), R"(31[{"ok":true,"room":"rankings"}])");
  other.says(R"(21["subscribe","rankings"])");
  EXPECT_EQ(other.hears(), R"(31[{"ok":true,"room":"rankings"}])");
  one.says(R"(22["subscribe","rankings"])");
  EXPECT_TRUE(one.hears().starts_with(R"(2["limited")"));
  EXPECT_EQ(hub->violations(), 1);
}

TEST_F(HubTest, ABalancerMayKnowSessionsByACookie) {
  auto with = settings();
  with.cookie = "io";
  const auto hub = opens_with(with);
  const auto answer = http::ask(hub->port(), "GET", polls);
  EXPECT_EQ(answer.header("set-cookie"),
            "io=" + socketio::member_of(answer.body, "sid") + "; Path=/; HttpOnly; SameSite=Lax");
}

TEST_F(HubTest, WhoNeverConnectsIsNotWaitedForLongerThanItIsSet) {
  auto brief = settings();
  brief.connect_timeout = 100ms;
  const auto hub = opens_with(brief);
  http::WebSocketClient idle(hub->port(), socket_path);
  Visitor client(hub->port(), as(17));
  EXPECT_EQ(idle.next().opcode, http::Opcode::text) << "Engine.IO's greeting";
  EXPECT_EQ(idle.close_code(), 1005);
  EXPECT_EQ(hub->clients(), 1u) << "who connected stays";
}

TEST_F(HubTest, AnUpgradeIsNotWaitedForLongerThanItIsSet) {
  auto brief = settings();
  brief.upgrade_timeout = 100ms;
  const auto hub = opens_with(brief);
  const auto sid = socketio::member_of(http::ask(hub->port(), "GET", polls).body, "sid");
  http::WebSocketClient probe(hub->port(), socket_path + "&sid=" + sid);
  EXPECT_EQ(probe.close_code(), 1005);
  EXPECT_EQ(hub->clients(), 1u) << "polling goes on";
}

TEST_F(HubTest, MoreBinaryPartsThanAreSetEndTheConnection) {
  auto narrow = settings();
  narrow.attachments = 1;
  const auto hub = opens_with(narrow);
  const std::string placeholder = R"({"_placeholder":true,"num":)";
  Visitor one(hub->port(), as(17)), two(hub->port(), as(18));
  one.says("51-1[\"shout\"," + placeholder + "0}]");
  two.says("52-1[\"shout\"," + placeholder + "0}," + placeholder + "1}]");
  EXPECT_EQ(two.hears(), "");
  EXPECT_TRUE(http::eventually([&] { return hub->clients() == 1; }));
}

TEST_F(HubTest, BehindATrustedProxyEachClientHasItsOwnLimits) {
  auto behind = settings();
  behind.connections_per_address = 1;
  behind.trusted_proxies = {"127.0.0.1"};
  const auto hub = opens_with(behind);
  const auto from = [&](const std::string& forwarded) {
    return http::ask(hub->port(), "GET", polls, {}, {{"X-Forwarded-For", forwarded}}).status;
  };
  EXPECT_EQ(from("192.0.2.1"), 200);
  EXPECT_EQ(from("192.0.2.1"), 403);
  EXPECT_EQ(from("198.51.100.7, 192.0.2.1"), 403) << "what it makes up itself makes it no other";
  EXPECT_EQ(from("192.0.2.2"), 200);
  EXPECT_EQ(hub->violations(), 2);
}

TEST_F(HubTest, WithoutATrustedProxyAllThatClientsSayOfThemselvesIsNothing) {
  auto narrow = settings();
  narrow.connections_per_address = 1;
  const auto hub = opens_with(narrow);
  const auto from = [&](const std::string& forwarded) {
    return http::ask(hub->port(), "GET", polls, {}, {{"X-Forwarded-For", forwarded}}).status;
  };
  EXPECT_EQ(from("192.0.2.1"), 200);
  EXPECT_EQ(from("192.0.2.2"), 403);
}

TEST_F(HubTest, StoppingTwiceIsNoError) {
  const auto hub = opens("a");
  hub->stop(0s);
  hub->stop(0s);
}

}  // namespace
}  // namespace hotclock::hub
