#include "service/hub/clients.h"

#include <gtest/gtest.h>

#include "service/hub/hub_support.h"
#include "service/socketio/server.h"
#include "service/socketio/server_support.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;
using socketio::Texts;

class ClientsTest : public testing::Test {
 protected:
  using Connection = socketio::Client;

  std::unique_ptr<Connection> says(const std::string& connect) {
    auto client = std::make_unique<Connection>(server(), "192.0.2.1");
    client->says("0" + connect);
    return client;
  }
  std::unique_ptr<Connection> shows(const std::string& token) {
    return says(R"({"token":")" + token + "\"}");
  }
  std::unique_ptr<Connection> user(std::int64_t id, Instant until = t0 + 1h) {
    auto client = shows(token_of(id, until));
    EXPECT_TRUE(is_in(*client));
    return client;
  }
  static bool is_in(Connection& client) {
    const Texts heard = client.hears();
    return heard.size() == 1 && heard[0].starts_with(R"(0{"sid":)");
  }
  void after(Duration span) {
    clock.advance(span);
    server().tick();
    clients().end_expired();
  }
  void tell(const std::string& room) { main->broadcast({{room}, {}}, "news", {}); }

  socketio::Server& server() {
    if (!server_) {
      verifier_ = std::make_unique<auth::TokenVerifier>(
          std::make_unique<auth::KeySource>(
              auth::KeyRing::of(auth::Key::secret(std::string(test_secret)).value())),
          auth::TokenRules{.leeway = 0s});
      clients_ = std::make_unique<Clients>(knows_a_key ? verifier_.get() : nullptr, clock, logger,
                                           settings);
      server_ = std::make_unique<socketio::Server>(clock);
      main = &server_->add("/", *clients_);
    }
    return *server_;
  }
  Clients& clients() {
    server();
    return *clients_;
  }

  ManualClock clock{t0};
  std::vector<std::string> log;
  log::Logger logger{{}, clock, [this](std::string_view line) { log.emplace_back(line); }};
  Clients::Settings settings{.public_rooms = {"rankings", "stream:*"},
                             .rooms_per_socket = 4,
                             .violations = 3,
                             .user = {.at_once = 2, .messages_a_minute = 6}};
  bool knows_a_key = true;
  socketio::Namespace* main = nullptr;

 private:
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::unique_ptr<Clients> clients_;
  std::unique_ptr<socketio::Server> server_;
};

// ---------------------------------------------------------------- at the door

TEST_F(ClientsTest, WhoShowsNoTokenIsRefusedAndToldWhatToShow) {
  for (const char* nothing : {"", "{}", R"({"token":17})"})
    EXPECT_EQ(says(nothing)->hears(), Texts{R"(4{"message":"unauthorized","data":{"code":401,)"
                                            R"("reason":"show a token: auth: {token}"}})"})
        << nothing;
}

TEST_F(ClientsTest, AWrongTokenIsRefusedWithItsReason) {
  const auto refusal = shows("not a token")->hears().at(0);
  EXPECT_TRUE(refusal.starts_with(R"(4{"message":"unauthorized","data":{"code":401,"reason":")"));
  const auto expired = shows(token_of(17, t0 - 1s))->hears().at(0);
  EXPECT_NE(expired.find("expired"), std::string::npos) << expired;
  EXPECT_NE(refusal, expired);
}

TEST_F(ClientsTest, WithoutAKeyNobodyCanShowAToken) {
  knows_a_key = false;
  EXPECT_NE(shows(token_of(17))->hears().at(0).find("knows no key"), std::string::npos);
}

TEST_F(ClientsTest, AUserHearsItsRoomAndNoOther) {
  const auto client = user(17);
  tell("user:18");
  tell("user:17");
  EXPECT_EQ(client->hears(), Texts{R"(2["news"])"});
}

TEST_F(ClientsTest, AnonymousViewersComeInWhereTheyMay) {
  settings.anonymous = true;
  const auto client = says("");
  EXPECT_TRUE(is_in(*client));
  client->says(R"(21["subscribe","stream:4"])")
      .says(R"(22["subscribe","throne:4"])")
      .says(R"(23["subscribe","user:4"])");
  const Texts heard = client->hears();
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0], R"(31[{"ok":true,"room":"stream:4"}])");
  EXPECT_TRUE(heard[1].starts_with(R"(32[{"ok":false,"room":"throne:4","error":)")) << heard[1];
  EXPECT_TRUE(heard[2].starts_with(R"(33[{"ok":false,"room":"user:4","error":)")) << heard[2];
  tell("stream:4");
  tell("throne:4");
  EXPECT_EQ(client->hears().size(), 1u);
}

TEST_F(ClientsTest, AWrongTokenIsNoAnonymousVisit) {
  settings.anonymous = true;
  EXPECT_TRUE(shows("not a token")->hears().at(0).starts_with("4"));
}

// ---------------------------------------------------------------- rooms

TEST_F(ClientsTest, RoomsAreJoinedAndLeft) {
  const auto client = user(17);
  client->says(R"(21["subscribe","rankings:music"])").says(R"(22["unsubscribe","rankings:music"])");
  EXPECT_EQ(client->hears(), (Texts{R"(31[{"ok":true,"room":"rankings:music"}])",
                                    R"(32[{"ok":true,"room":"rankings:music"}])"}));
  tell("rankings:music");
  EXPECT_TRUE(client->hears().empty());
}

TEST_F(ClientsTest, WhatItSaysWronglyIsAnsweredInWords) {
  const auto client = user(17);
  client->says(R"(21["subscribe","user:18"])")
      .says(R"(22["subscribe","kitchen"])")
      .says(R"(23["subscribe",5])")
      .says(R"(24["shout","rankings"])")
      .says(R"(2["subscribe","kitchen"])");
  const Texts heard = client->hears();
  ASSERT_EQ(heard.size(), 4u) << "who wants no answer gets none";
  EXPECT_NE(heard[0].find("another user's"), std::string::npos);
  EXPECT_NE(heard[1].find("no such room"), std::string::npos);
  EXPECT_NE(heard[2].find("name the room"), std::string::npos);
  EXPECT_NE(heard[3].find("no such event"), std::string::npos);
  EXPECT_FALSE(client->thrown_out());
}

TEST_F(ClientsTest, ItsOwnRoomCannotBeLeft) {
  const auto client = user(17);
  client->says(R"(21["unsubscribe","user:17"])");
  client->hears();
  tell("user:17");
  EXPECT_EQ(client->hears().size(), 1u);
}

// ---------------------------------------------------------------- limits

TEST_F(ClientsTest, TooManyRoomsAreRefusedAndTheThirdTimeItIsCutOff) {
  settings.user.messages_a_minute = 100;
  const auto client = user(17);
  for (int i = 1; i <= 3; ++i)
    client->says("2[\"subscribe\",\"stream:" + std::to_string(i) + "\"]");
  client->says(R"(27["subscribe","stream:1"])");
  EXPECT_EQ(client->hears(), Texts{R"(37[{"ok":true,"room":"stream:1"}])"}) << "it is in there";
  client->says(R"(28["subscribe","stream:4"])");
  EXPECT_EQ(
      client->hears(),
      Texts{R"(38[{"ok":false,"room":"stream:4","error":"too many rooms; leave one first"}])"});
  client->says(R"(2["subscribe","stream:5"])");
  EXPECT_FALSE(client->thrown_out());
  EXPECT_EQ(clients().violations(), 2);
  client->says(R"(29["subscribe","stream:6"])");
  EXPECT_EQ(client->hears().size(), 2u) << "the answer, and the leave";
  EXPECT_EQ(client->thrown_out(), socketio::Closing::forced);
  EXPECT_EQ(clients().violations(), 3);
  EXPECT_EQ(log.size(), 1u);
}

TEST_F(ClientsTest, MessagesOfAllConnectionsOfAUserCountTogether) {
  const auto one = user(17), other = user(17), another = user(18);
  for (int i = 0; i < 3; ++i)
    for (const auto* client : {&one, &other}) (*client)->says(R"(2["subscribe","rankings"])");
  one->says(R"(21["subscribe","rankings"])");
  EXPECT_EQ(one->hears(),
            Texts{R"(31[{"ok":false,"room":"rankings","error":"too many messages a minute"}])"});
  another->says(R"(21["subscribe","rankings"])");
  EXPECT_EQ(another->hears(), Texts{R"(31[{"ok":true,"room":"rankings"}])"});
  after(10s);
  one->says(R"(22["subscribe","rankings"])");
  EXPECT_EQ(one->hears(), Texts{R"(32[{"ok":true,"room":"rankings"}])"})
      << "one more has become free";
}

TEST_F(ClientsTest, AnAnonymousViewersMessagesAreItsOwnAndTheThirdTooManyCutsItOff) {
  settings.anonymous = true;
  const auto one = says(""), other = says("");
  one->hears();
  other->hears();
  for (int i = 0; i < 6; ++i) one->says(R"(2["subscribe","rankings"])");
  EXPECT_EQ(clients().violations(), 0);
  for (int i = 1; i <= 2; ++i) {
    one->says(R"(21["subscribe","rankings"])");
    EXPECT_EQ(one->hears(),
              Texts{R"(31[{"ok":false,"room":"rankings","error":"too many messages a minute"}])"});
    EXPECT_FALSE(one->thrown_out());
  }
  one->says(R"(2["subscribe","rankings"])");
  EXPECT_EQ(one->thrown_out(), socketio::Closing::forced);
  EXPECT_EQ(clients().violations(), 3);
  other->says(R"(21["subscribe","rankings"])");
  EXPECT_EQ(other->hears(), Texts{R"(31[{"ok":true,"room":"rankings"}])"})
      << "what another one says is not counted";
}

TEST_F(ClientsTest, WhatIsNoEventOfOursCountsAsAMessageToo) {
  const auto client = user(17);
  for (int i = 0; i < 6; ++i) client->says(R"(2["shout"])");
  client->says(R"(21["shout"])");
  EXPECT_EQ(client->hears(),
            Texts{R"(31[{"ok":false,"room":"","error":"too many messages a minute"}])"});
}

TEST_F(ClientsTest, AUserHasSoManyConnectionsAtOnce) {
  auto one = user(17), other = user(17);
  EXPECT_TRUE(shows(token_of(17))
                  ->hears()
                  .at(0)
                  .starts_with(R"(4{"message":"limited","data":{"code":429)"));
  EXPECT_EQ(clients().violations(), 1);
  one.reset();
  EXPECT_TRUE(is_in(*shows(token_of(17))));
  after(1s);
  EXPECT_EQ(clients().count(), 1u);
}

TEST_F(ClientsTest, AUserConnectsSoOftenAMinuteAndTheThirdTooManyShutsItOut) {
  settings.user = {.at_once = 5, .opened_a_minute = 2, .refusals = 3};
  for (int i = 0; i < 2; ++i) user(17)->drops();
  const auto refusal = [this] { return shows(token_of(17))->hears().at(0); };
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(refusal(), R"(4{"message":"limited","data":{"code":429,)"
                         R"("reason":"too many connections in a minute"}})");
  after(50s);
  EXPECT_NE(refusal().find("too many violations; wait a minute"), std::string::npos);
  EXPECT_EQ(clients().violations(), 4);
  EXPECT_TRUE(is_in(*shows(token_of(18)))) << "another user may";
  after(10s);
  EXPECT_TRUE(is_in(*shows(token_of(17))));
}

// ---------------------------------------------------------------- the token's end

TEST_F(ClientsTest, AtTheEndOfItsTokenAClientIsToldAndPutOut) {
  const auto brief = user(17, t0 + 1min), lasting = user(17, t0 + 1h);
  after(1min - 1ms);
  EXPECT_FALSE(brief->thrown_out());
  after(1ms);
  EXPECT_EQ(
      brief->hears(),
      (Texts{R"(2["expired",{"error":"the token has expired; connect with a new one"}])", "1"}));
  EXPECT_EQ(brief->thrown_out(), socketio::Closing::forced);
  EXPECT_TRUE(lasting->hears().empty());
  EXPECT_FALSE(lasting->thrown_out());
}

TEST_F(ClientsTest, ManyTokensThatEndTogetherEndAll) {
  std::vector<std::unique_ptr<Connection>> all;
  for (std::int64_t id = 1; id <= 20; ++id) all.push_back(user(id, t0 + 1min));
  all[7]->drops();
  after(2min);
  for (const auto& client : all) EXPECT_TRUE(client == all[7] || client->thrown_out());
  after(1min);
  EXPECT_EQ(clients().count(), 0u);
}

}  // namespace
}  // namespace hotclock::hub
