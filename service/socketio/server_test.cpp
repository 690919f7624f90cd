// The rules of Socket.IO's protocol, from CONNECT to DISCONNECT.
#include "service/socketio/server.h"

#include "service/socketio/server_support.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

// ---------------------------------------------------------------- S1-S6: coming in

TEST_F(ServerTest, NothingIsImplicit) {
  const auto client = stranger();
  EXPECT_TRUE(client->hears().empty());
  EXPECT_EQ(main().size(), 0u);
  EXPECT_EQ(server().clients(), 1u);
}

TEST_F(ServerTest, AClientIsAdmittedWithAnIdOfItsOwnInEachNamespace) {
  const auto client = stranger();
  client->says("0").says("0/custom,{\"a\":1}");
  const Texts heard = client->hears();
  ASSERT_EQ(heard.size(), 2u);
  const std::string sid = member_of(heard[0], "sid");
  EXPECT_EQ(heard[0], "0{\"sid\":\"" + sid + "\"}");
  EXPECT_EQ(sid.size(), 20u);
  const std::string custom_sid = member_of(heard[1], "sid");
  EXPECT_EQ(heard[1], "0/custom,{\"sid\":\"" + custom_sid + "\"}");
  EXPECT_NE(sid, custom_sid);
  EXPECT_NE(sid, "a-secret-of-the-engine");
  EXPECT_EQ(main().find(sid)->id(), sid);
  EXPECT_EQ(main().find(custom_sid), nullptr);
}

TEST_F(ServerTest, AuthIsTheObjectThatCameOrAnEmptyOne) {
  const auto a = stranger(), b = stranger();
  a->says("0");
  b->says(R"(0{"b":2.0,"a":1})");
  EXPECT_EQ(door.auths, (Texts{"{}", R"({"b":2.0,"a":1})"}));
}

TEST_F(ServerTest, AnUnknownNamespaceIsRefusedAndTheSessionGoesOn) {
  const auto client = stranger();
  client->says("0/other,");
  EXPECT_EQ(client->hears(), Texts{R"(4/other,{"message":"Invalid namespace"})"});
  client->says("0");
  EXPECT_EQ(client->hears().size(), 1u);
  EXPECT_FALSE(client->thrown_out());
}

TEST_F(ServerTest, ARefusedClientIsToldWhyAndMayTryAgain) {
  door.instead = [](const ConnectRequest&, const Admission& admission) {
    admission.refuse("unauthorized", R"({"code":401})");
  };
  const auto client = stranger();
  client->says("0").says("0");
  const std::string refusal = R"(4{"message":"unauthorized","data":{"code":401}})";
  EXPECT_EQ(client->hears(), (Texts{refusal, refusal}));
  EXPECT_FALSE(client->thrown_out());
  EXPECT_EQ(main().size(), 0u);
}

TEST_F(ServerTest, AdmissionMayTakeItsTime) {
  std::optional<Admission> pending;
  door.instead = [&](const ConnectRequest&, Admission admission) {
    pending = std::move(admission);
  };
  const auto client = stranger();
  client->says("0");
  EXPECT_TRUE(client->hears().empty());
  pending->accept(door.guest());
  EXPECT_EQ(client->hears().size(), 1u);
  EXPECT_EQ(main().size(), 1u);
}

TEST_F(ServerTest, OnlyTheFirstAnswerOfAnAdmissionCounts) {
  std::optional<Admission> pending;
  door.instead = [&](const ConnectRequest&, Admission admission) {
    pending = std::move(admission);
  };
  const auto client = stranger();
  client->says("0");
  pending->refuse("no");
  pending->accept(door.guest());
  pending->refuse("no");
  EXPECT_EQ(client->hears(), Texts{R"(4{"message":"no"})"});
  EXPECT_EQ(main().size(), 0u);
}

TEST_F(ServerTest, AnAdmissionThatNobodyAnswersIsARefusal) {
  door.instead = [](const ConnectRequest&, const Admission&) {};
  const auto client = stranger();
  client->says("0");
  EXPECT_EQ(client->hears(), Texts{R"(4{"message":"not admitted"})"});
}

TEST_F(ServerTest, AdmittingAClientThatIsGoneDoesNothing) {
  std::optional<Admission> pending;
  door.instead = [&](const ConnectRequest&, Admission admission) {
    pending = std::move(admission);
  };
  stranger()->says("0");
  pending->accept(door.guest());
  EXPECT_EQ(main().size(), 0u);
  EXPECT_FALSE(door.newest().arrival);
}

TEST_F(ServerTest, WhatIsNoConnectFirstEndsTheSession) {
  for (const auto packet : {"2[\"a\"]", "1", "30[]", "2/custom,[\"a\"]"}) {
    const auto client = stranger();
    client->says(packet);
    EXPECT_EQ(client->thrown_out(), Closing::parse_error) << packet;
  }
}

TEST_F(ServerTest, APacketForANamespaceThatWasNotJoinedEndsTheSession) {
  const auto client = this->client();
  client->says("2/custom,[\"a\"]");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
  EXPECT_EQ(door.newest().left, Leaving::parse_error);
  EXPECT_EQ(main().size(), 0u);
}

TEST_F(ServerTest, ASecondConnectEndsTheSession) {
  const auto client = this->client();
  client->says("0");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
}

TEST_F(ServerTest, ASecondConnectBeforeTheAnswerEndsTheSession) {
  std::optional<Admission> pending;
  door.instead = [&](const ConnectRequest&, Admission admission) {
    pending = std::move(admission);
  };
  const auto client = stranger();
  client->says("0").says("0");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
  pending->accept(door.guest());
  EXPECT_TRUE(client->hears().empty());
}

TEST_F(ServerTest, AClientThatNeverConnectsIsThrownOut) {
  const auto idle = stranger();
  const auto connected = client();
  after(45s - 1ms);
  EXPECT_FALSE(idle->thrown_out());
  after(1ms);
  EXPECT_EQ(idle->thrown_out(), Closing::forced);
  EXPECT_FALSE(connected->thrown_out());
}

TEST_F(ServerTest, ARefusalDoesNotStopTheClock) {
  door.instead = [](const ConnectRequest&, const Admission& admission) { admission.refuse("no"); };
  const auto client = stranger();
  client->says("0");
  after(45s);
  EXPECT_EQ(client->thrown_out(), Closing::forced);
}

TEST_F(ServerTest, ABrokenPacketEndsTheSessionAndNothingMoreIsHeardOfIt) {
  const auto client = this->client();
  client->says("2[\"connect\"]").says("2[\"a\"]").attaches("x");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
  EXPECT_TRUE(door.newest().events.empty());
}

// ---------------------------------------------------------------- S7-S9, S16: events and answers

TEST_F(ServerTest, AnEventReachesItsListener) {
  const auto client = this->client();
  client->says(R"(2["news",{"b":1.0,"a":[ ]},"x"])").says("2[7]");
  EXPECT_EQ(door.newest().events, (Texts{R"(news {"b":1.0,"a":[ ]},"x")", "7 "}));
  EXPECT_TRUE(door.newest().acks.empty());
}

TEST_F(ServerTest, AnAnswerCarriesItsQuestionsId) {
  const auto client = stranger();
  client->says("0/custom,");
  client->hears();
  client->says("2/custom,9007199254740991[\"q\"]").says("2/custom,0[\"q\"]");
  custom.newest().acks[1].reply(Values().text("a"));
  custom.newest().acks[0].reply({});
  EXPECT_EQ(client->hears(), (Texts{"3/custom,0[\"a\"]", "3/custom,9007199254740991[]"}));
}

TEST_F(ServerTest, AQuestionIsAnsweredAtMostOnce) {
  const auto client = this->client();
  client->says("21[\"q\"]");
  const Ack copy = door.newest().acks[0];
  copy.reply({});
  copy.reply({});
  door.newest().acks[0].reply({});
  EXPECT_EQ(client->hears(), Texts{"31[]"});
}

TEST_F(ServerTest, AnsweringAClientThatIsGoneDoesNothing) {
  client()->says("21[\"q\"]");
  door.newest().acks[0].reply({});
  Ack().reply({});
}

TEST_F(ServerTest, BinaryComesAndGoesAsOneUnit) {
  door.on_event = [](Socket& socket, std::string_view name, const Arguments& arguments,
                     const Ack& ack) {
    ack.wanted() ? ack.reply(Values().forward(arguments))
                 : socket.emit(name, Values().forward(arguments));
  };
  const auto client = this->client();
  client->says(R"(52-["m",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])")
      .attaches("one")
      .attaches("two")
      .says(R"(51-8["m",{"_placeholder":true,"num":0}])")
      .attaches("\x01");
  EXPECT_EQ(client->hears(),
            (Texts{R"(52-["m",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])",
                   "bb25l", "bdHdv", R"(61-8[{"_placeholder":true,"num":0}])", "bAQ=="}));
}

TEST_F(ServerTest, ABinaryMessageOfNothingEndsTheSession) {
  const auto client = this->client();
  client->attaches("x");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
}

// ---------------------------------------------------------------- S10, S11: leaving

TEST_F(ServerTest, AClientLeavesOneNamespaceAndTheSessionLivesOn) {
  const auto client = this->client();
  client->says("0/custom,").says("1");
  EXPECT_EQ(door.newest().left, Leaving::client_disconnect);
  EXPECT_FALSE(custom.newest().left);
  client->says("1/custom,");
  client->hears();
  after(10min);
  EXPECT_FALSE(client->thrown_out());
  EXPECT_EQ(server().clients(), 1u);
  client->says("0");
  EXPECT_EQ(client->hears().size(), 1u);
}

TEST_F(ServerTest, AKickedClientIsToldAndWhatItSaidMeanwhileIsPassedOver) {
  const auto client = this->client();
  client->says("0/custom,");
  client->hears();
  newest().disconnect();
  EXPECT_EQ(client->hears(), Texts{"1"});
  EXPECT_EQ(door.newest().left, Leaving::server_disconnect);
  client->says("2[\"late\"]").says("50-[]");
  EXPECT_EQ(client->thrown_out(), Closing::parse_error);
}

TEST_F(ServerTest, WhatAKickedClientSaidMeanwhileDoesNotCostItsOtherNamespaces) {
  const auto client = this->client();
  client->says("0/custom,");
  newest().disconnect();
  client->says("2[\"late\"]").says("30[]").says("1").says("2/custom,[\"on\"]");
  EXPECT_FALSE(client->thrown_out());
  EXPECT_EQ(custom.newest().events, Texts{"on "});
  EXPECT_TRUE(door.newest().events.empty());
}

TEST_F(ServerTest, DisconnectWithCloseLeavesEveryNamespaceFirst) {
  const auto client = this->client();
  client->says("0/custom,");
  client->hears();
  newest().disconnect(true);
  EXPECT_EQ(client->hears(), (Texts{"1", "1/custom,"}));
  EXPECT_EQ(client->thrown_out(), Closing::forced);
  EXPECT_EQ(custom.newest().left, Leaving::server_disconnect);
}

TEST_F(ServerTest, ASocketMayBePutOutByItsOwnListener) {
  door.on_event = [](Socket& socket, std::string_view, const Arguments&, const Ack& ack) {
    socket.disconnect(true);
    socket.emit("late", {});
    socket.join("late");
    ack.reply({});
    EXPECT_FALSE(socket.here());
  };
  const auto client = this->client();
  client->says("21[\"kick-me\"]");
  EXPECT_EQ(client->hears(), Texts{"1"});
  EXPECT_EQ(main().size(), 0u);
}

TEST_F(ServerTest, TheReasonOfALossIsTold) {
  const auto client = this->client();
  client->drops(Closing::ping_timeout);
  EXPECT_EQ(door.newest().left, Leaving::ping_timeout);
  EXPECT_EQ(server().clients(), 0u);
}

// ---------------------------------------------------------------- S12: questions to clients

class Asking : public ServerTest {
 protected:
  void ask(Duration timeout = 2s) {
    newest().ask("question", Values().text("why"), timeout, [this](const Answer& answer) {
      answers.push_back(answer ? Values().forward(*answer).list() : answer.error().message());
    });
  }
  Texts answers;
};

TEST_F(Asking, TheClientsAnswerArrivesOnce) {
  const auto client = this->client();
  ask();
  EXPECT_EQ(client->hears(), Texts{R"(20["question","why"])"});
  client->says(R"(30["so",1.0])").says("30[\"again\"]");
  EXPECT_EQ(answers, Texts{"\"so\",1.0"});
  after(1min);
  EXPECT_EQ(answers.size(), 1u);
}

TEST_F(Asking, SilenceIsToldAfterTheTimeout) {
  const auto client = this->client();
  ask(2s);
  after(2s - 1ms);
  EXPECT_TRUE(answers.empty());
  after(1ms);
  EXPECT_EQ(answers, Texts{"the client did not answer"});
  client->says("30[]");
  EXPECT_FALSE(client->thrown_out());
}

TEST_F(Asking, NobodyAnswersForAnother) {
  const auto other = client();
  const auto asked = client();
  ask();
  other->says("30[\"forged\"]");
  EXPECT_TRUE(answers.empty());
  asked->says("30[1]");
  EXPECT_EQ(answers, Texts{"1"});
}

TEST_F(Asking, UnknownAnswersAreIgnored) {
  const auto client = this->client();
  client->says("399[]").says("3[]");
  EXPECT_FALSE(client->thrown_out());
}

TEST_F(Asking, AnswersMayHoldBinary) {
  const auto client = this->client();
  ask();
  client->says(R"(61-0[{"_placeholder":true,"num":0}])").attaches("x");
  EXPECT_EQ(answers, Texts{R"({"_placeholder":true,"num":0})"});
}

TEST_F(Asking, OpenQuestionsFailWithTheSocket) {
  auto client = this->client();
  ask();
  ask();
  client->drops();
  EXPECT_EQ(answers, (Texts{"the client has gone", "the client has gone"}));
  after(1min);
  EXPECT_EQ(answers.size(), 2u);
}

TEST_F(Asking, OneWhoIsGoneIsNotAsked) {
  const auto client = this->client();
  Socket& socket = newest();
  socket.disconnect();
  socket.ask("question", {}, 2s,
             [this](const Answer& answer) { answers.push_back(answer.error().message()); });
  EXPECT_TRUE(answers.empty());
  after(0ms);
  EXPECT_EQ(answers, Texts{"the client was gone"});
}

}  // namespace
}  // namespace hotclock::socketio
