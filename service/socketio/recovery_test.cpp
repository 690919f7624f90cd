// Clients that lose their connection and come back, with a recovery that answers at once.
#include "service/socketio/recovery_support.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

// ---------------------------------------------------------------- what goes over the wire

TEST_F(RecoveryTest, AClientGetsASecretOfItsOwn) {
  Ticket ticket;
  const auto client = enter(ticket);
  EXPECT_EQ(ticket.pid.size(), 20u);
  EXPECT_NE(ticket.pid, ticket.sid);
  EXPECT_FALSE(door.newest().arrival->recovered);
}

TEST_F(RecoveryTest, EveryEventCarriesItsOffsetAndNothingElseDoes) {
  Ticket ticket;
  const auto client = enter(ticket);
  client->says("21[\"q\"]");
  newest().emit("a", {});
  main().broadcast({}, "b", Values().number(1));
  newest().emit("c", {}, {.is_volatile = true});
  door.newest().acks[0].reply({});
  newest().ask("d", {}, 1s, [](const Answer&) {});
  EXPECT_EQ(client->hears(),
            (Texts{R"(2["a","1"])", R"(2["b",1,"2"])", R"(2["c","3"])", "31[]", R"(20["d"])"}));
}

TEST_F(RecoveryTest, AClientComesBackAsWhoItWasAndHearsWhatItMissed) {
  Ticket ticket;
  auto client = enter(ticket);
  newest().join("x");
  say("x", "one");
  ticket.offset = "1";
  client->drops();
  say("x", "two");
  main().broadcast({{ticket.sid}, {}}, "three", Values().binary("b"));
  client = comes_back(ticket);
  EXPECT_EQ(client->hears(), (Texts{welcome(ticket), R"(2["two","2"])",
                                    R"(51-["three",{"_placeholder":true,"num":0},"3"])", "bYg=="}));
  EXPECT_TRUE(door.newest().arrival->recovered);
  EXPECT_EQ(door.newest().arrival->kept, "seat 7");
  EXPECT_TRUE(newest().in("x"));
  say("x", "four");
  EXPECT_EQ(client->hears(), Texts{R"(2["four","4"])"});
}

TEST_F(RecoveryTest, AClientComesBackAgainAndAgain) {
  Ticket ticket;
  auto client = enter(ticket);
  newest().join("x");
  for (int round = 1; round <= 20; ++round) {
    client->drops();
    after(50s);
    say("x", "news");
    client = comes_back(ticket);
    const std::string offset = std::to_string(round);
    ASSERT_EQ(client->hears(), (Texts{welcome(ticket), "2[\"news\",\"" + offset + "\"]"}));
    ticket.offset = offset;
  }
}

TEST_F(RecoveryTest, OnlyWhatWasForItWasMissed) {
  Ticket ticket;
  auto client = enter(ticket);
  newest().join("x");
  newest().join("muted");
  newest().join("left");
  newest().leave("left");
  say("late", "before it joined");
  newest().join("late");
  client->drops();
  say("y", "elsewhere");
  say("left", "where it no longer is");
  main().broadcast({{"x"}, {"muted"}}, "not for it", {});
  main().broadcast({{}, {ticket.sid}}, "not for it", {});
  server().find("/custom")->broadcast({}, "another namespace", {});
  main().broadcast({{"x", "late"}, {}}, "for it", {});
  main().broadcast({}, "for all", {});
  EXPECT_EQ(comes_back(ticket)->hears(),
            (Texts{welcome(ticket), R"(2["for it","7"])", R"(2["for all","8"])"}));
}

TEST_F(RecoveryTest, OffsetsAreNumbers) {
  Ticket ticket;
  auto client = enter(ticket);
  for (int i = 1; i <= 10; ++i) main().broadcast({}, "n", {});
  ticket.offset = "9";
  client->drops();
  EXPECT_EQ(comes_back(ticket)->hears(), (Texts{welcome(ticket), R"(2["n","10"])"}));
}

TEST_F(RecoveryTest, VolatileEventsAreNotRepeatedAndTheirOffsetsCount) {
  Ticket ticket;
  auto client = enter(ticket);
  main().broadcast({}, "v", Values().text("a text at the end"), {.is_volatile = true});
  ticket.offset = "1";
  client->drops();
  main().broadcast({}, "v", {}, {.is_volatile = true});
  main().broadcast({}, "kept", {});
  EXPECT_EQ(comes_back(ticket)->hears(), (Texts{welcome(ticket), R"(2["kept","3"])"}));
}

TEST_F(RecoveryTest, AClientThatHadNoEventYetIsRecoveredFromItsConnect) {
  main().broadcast({}, "before", {});
  Ticket ticket;
  auto client = enter(ticket);
  client->drops();
  main().broadcast({}, "after", {});
  EXPECT_EQ(comes_back(ticket)->hears(), (Texts{welcome(ticket), R"(2["after","2"])"}));
}

TEST_F(RecoveryTest, AnOffsetFromBeforeItsConnectBringsNothingMore) {
  for (int i = 0; i < 3; ++i) main().broadcast({}, "before", {});
  Ticket ticket;
  auto client = enter(ticket);
  client->drops();
  ticket.offset = "0";
  EXPECT_EQ(comes_back(ticket)->hears(), Texts{welcome(ticket)});
}

// ---------------------------------------------------------------- once, and only for its owner

TEST_F(RecoveryTest, ASecretIsGoodForOneReturn) {
  Ticket ticket;
  enter(ticket)->drops();
  const auto first = comes_back(ticket);
  EXPECT_EQ(first->hears(), Texts{welcome(ticket)});
  const auto second = comes_back(ticket);
  EXPECT_EQ(second->hears(), Texts{welcome(ticket)});
  EXPECT_EQ(first->thrown_out(), Closing::forced);
  EXPECT_EQ(main().size(), 1u);
}

TEST_F(RecoveryTest, AnOldConnectionThatDidNotNoticeEnds) {
  Ticket ticket;
  const auto half_open = enter(ticket);
  half_open->says("0/custom,");
  newest().join("x");
  say("x", "into the void");
  half_open->hears();
  const auto client = comes_back(ticket);
  EXPECT_EQ(client->hears(), (Texts{welcome(ticket), R"(2["into the void","1"])"}));
  EXPECT_EQ(half_open->thrown_out(), Closing::forced);
  EXPECT_TRUE(half_open->hears().empty());
  EXPECT_EQ(door.stories[0]->left, Leaving::replaced);
  EXPECT_EQ(custom.newest().left, Leaving::replaced);
  EXPECT_EQ(main().size(), 1u);
  EXPECT_EQ(main().count("x"), 1u);
}

TEST_F(RecoveryTest, SomebodyElseWithTheSecretGetsNothing) {
  Ticket ticket;
  const auto owner = enter(ticket, R"({"as":"asha"})");
  const auto thief = comes_back(ticket, R"(,"as":"bo")");
  expect_new(*thief, ticket);
  EXPECT_FALSE(owner->thrown_out());
  owner->drops();
  expect_new(*comes_back(ticket, R"(,"as":"bo")"), ticket);
  EXPECT_EQ(comes_back(ticket, R"(,"as":"asha")")->hears(), Texts{welcome(ticket)});
}

TEST_F(RecoveryTest, ASecretIsGoodInItsOwnNamespaceOnly) {
  Ticket ticket;
  enter(ticket)->drops();
  const auto client = stranger();
  client->says("0/custom,{\"pid\":" + in_quotes(ticket.pid) + "}");
  EXPECT_NE(member_of(client->hears().at(0), "sid"), ticket.sid);
}

TEST_F(RecoveryTest, TheApplicationIsAskedAgain) {
  Ticket ticket;
  enter(ticket)->drops();
  door.instead = [](const ConnectRequest&, const Admission& a) { a.refuse("expired"); };
  EXPECT_EQ(comes_back(ticket)->hears(), Texts{R"(4{"message":"expired"})"});
  door.instead = nullptr;
  EXPECT_EQ(comes_back(ticket)->hears(), Texts{welcome(ticket)});
}

TEST_F(RecoveryTest, WhoTookLeaveOrWasPutOutDoesNotComeBack) {
  const std::vector<std::function<void(Client&)>> ways = {
      [](Client& client) { client.says("1"); },
      [this](Client&) { newest().disconnect(); },
      [this](Client&) { newest().disconnect(true); },
      [](Client& client) { client.says("what?"); },
  };
  for (const auto& leave : ways) {
    Ticket ticket;
    const auto client = enter(ticket);
    leave(*client);
    client->drops();
    expect_new(*comes_back(ticket), ticket);
  }
}

TEST_F(RecoveryTest, WhoWasLostComesBackHoweverItWasLost) {
  for (const Closing why :
       {Closing::transport_close, Closing::transport_error, Closing::ping_timeout, Closing::forced,
        Closing::slow_consumer, Closing::shutdown}) {
    Ticket ticket;
    enter(ticket)->drops(why);
    EXPECT_EQ(comes_back(ticket)->hears(), Texts{welcome(ticket)}) << to_string(leaving(why));
  }
}

TEST_F(RecoveryTest, WhatIsOddMakesAnOrdinaryNewSession) {
  Ticket ticket;
  enter(ticket)->drops();
  const std::string pid = in_quotes(ticket.pid);
  const Texts odd = {R"({"pid":1})",
                     R"({"pid":null,"offset":null})",
                     R"({"pid":"unknown"})",
                     R"({"pid":""})",
                     R"({"pid":{"a":1},"offset":[]})",
                     R"({"offset":"1"})",
                     "{\"offset\":1,\"pid\":" + pid + "}",
                     "{\"offset\":\"\",\"pid\":" + pid + "}",
                     "{\"offset\":\"-1\",\"pid\":" + pid + "}",
                     "{\"offset\":\"1a\",\"pid\":" + pid + "}",
                     "{\"offset\":\"99999999999999999999999\",\"pid\":" + pid + "}"};
  for (const std::string& auth : odd) {
    const auto client = stranger();
    client->says("0" + auth);
    expect_new(*client, ticket);
  }
  ticket.offset = "12";  // nothing was ever said
  expect_new(*comes_back(ticket), ticket);
}

// ---------------------------------------------------------------- for how long

TEST_F(RecoveryTest, TheWindowCloses) {
  Ticket in_time, too_late;
  enter(too_late)->drops();
  after(1ms);
  enter(in_time)->drops();
  after(60s - 1ms);
  expect_new(*comes_back(too_late), too_late);
  EXPECT_EQ(comes_back(in_time)->hears(), Texts{welcome(in_time)});
}

TEST_F(RecoveryTest, AClientThatHeardNothingForHoursIsRecovered) {
  Ticket ticket;
  auto client = enter(ticket);
  newest().join("quiet");
  say("quiet", "the last it heard");
  ticket.offset = "1";
  for (int hour = 0; hour < 5; ++hour) {
    after(1h);
    for (int i = 0; i < 300; ++i) say("busy", "n");
  }
  say("quiet", "lost on its way");
  client->drops(Closing::ping_timeout);
  EXPECT_EQ(comes_back(ticket)->hears(),
            (Texts{welcome(ticket), R"(2["lost on its way","1502"])"}));
}

TEST_F(RecoveryTest, WhereSomethingItMissedIsGoneItIsANewSession) {
  for (const std::string room : {"x", ""}) {
    Ticket ticket;
    const auto client = enter(ticket);
    newest().join("x");
    main().broadcast({room.empty() ? Texts{} : Texts{room}, {}}, "missed", {});
    for (std::size_t i = 0; i < small_memory.most_events; ++i) say("busy", "n");
    client->drops();
    expect_new(*comes_back(ticket), ticket);
  }
}

TEST_F(RecoveryTest, WhatWasDroppedBeforeItJoinedWasNotMissed) {
  Ticket ticket;
  const auto client = enter(ticket);
  say("x", "before");
  newest().join("x");
  for (std::size_t i = 0; i < small_memory.most_events; ++i) say("busy", "n");
  client->drops();
  EXPECT_EQ(comes_back(ticket)->hears(), Texts{welcome(ticket)});
}

TEST_F(RecoveryTest, RoomsThatCameAndWentLeaveNoTrace) {
  Ticket ticket;
  const auto client = enter(ticket);
  newest().join("x");
  say("x", "missed");
  for (int i = 0; i < 5000; ++i) say("room " + std::to_string(i), "n");
  client->drops();
  expect_new(*comes_back(ticket), ticket);
}

TEST_F(RecoveryTest, WhatIsRememberedIsBounded) {
  std::vector<Ticket> tickets(small_memory.most_lost + 1);
  for (Ticket& ticket : tickets) enter(ticket)->drops();
  EXPECT_EQ(memory.lost(), small_memory.most_lost);
  expect_new(*comes_back(tickets.front()), tickets.front());
  EXPECT_EQ(comes_back(tickets.back())->hears(), Texts{welcome(tickets.back())});
  for (int i = 0; i < 20; ++i) main().broadcast({}, "big", Values().text(std::string(30'000, 'x')));
  EXPECT_EQ(memory.events(), 3u);
  after(100s);
  main().broadcast({}, "small", {});
  EXPECT_EQ(memory.events(), 1u);
}

TEST_F(RecoveryTest, OffsetsGivenByTheEmitterAreKept) {
  Ticket ticket;
  auto client = enter(ticket);
  main().broadcast({}, "a", {}, {.offset = 1000});
  EXPECT_EQ(client->hears(), Texts{R"(2["a","1000"])"});
  client->drops();
  ticket.offset = "1000";
  main().broadcast({}, "c", {}, {.offset = 1005});
  main().broadcast({}, "b", {}, {.offset = 1003});
  main().broadcast({}, "d", {});
  EXPECT_EQ(comes_back(ticket)->hears(),
            (Texts{welcome(ticket), R"(2["b","1003"])", R"(2["c","1005"])", R"(2["d","1006"])"}));
}

}  // namespace
}  // namespace hotclock::socketio
