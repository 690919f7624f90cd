// Rooms, broadcasts, and what operators see of them.
#include "service/socketio/namespace.h"

#include "service/socketio/server_support.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

// Three clients a, b, c in the main namespace.
class RoomsTest : public ServerTest {
 protected:
  void SetUp() override {
    a = client(), socket_a = &newest();
    b = client(), socket_b = &newest();
    c = client(), socket_c = &newest();
  }
  std::size_t say(const Audience& audience, const Sending& how = {}) {
    return main().broadcast(audience, "e", Values().number(++said), how);
  }
  // Which of the three heard the last event, each exactly once: "ac".
  std::string heard() {
    const Texts once{"2[\"e\"," + std::to_string(said) + "]"};
    std::string who;
    if (expect_once(*a, once)) who += 'a';
    if (expect_once(*b, once)) who += 'b';
    if (expect_once(*c, once)) who += 'c';
    return who;
  }

  std::unique_ptr<Client> a, b, c;
  Socket *socket_a = nullptr, *socket_b = nullptr, *socket_c = nullptr;
  int said = 0;

 private:
  static bool expect_once(Client& client, const Texts& once) {
    const Texts got = client.hears();
    if (got.empty()) return false;
    EXPECT_EQ(got, once);
    return true;
  }
};

TEST_F(RoomsTest, ARoomHearsWhatIsSaidToIt) {
  socket_a->join("x");
  socket_b->join("y");
  EXPECT_EQ(say({{"x"}, {}}), 1u);
  EXPECT_EQ(heard(), "a");
  EXPECT_EQ(say({}), 3u);
  EXPECT_EQ(heard(), "abc");
  EXPECT_EQ(say({{"nobody"}, {}}), 0u);
  EXPECT_EQ(heard(), "");
}

TEST_F(RoomsTest, AThousandHearersOfAnEventHoldTheSameBytes) {
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 1000; ++i) {
    crowd.push_back(client());
    newest().join("x");
  }
  EXPECT_EQ(say({{"x"}, {}}), crowd.size());
  const MessagePtr held = crowd.front()->holds();
  ASSERT_NE(held->frame().find("[\"e\",1]"), std::string_view::npos);
  for (const auto& each : crowd) ASSERT_EQ(each->holds(), held);
  say({{"x"}, {}});
  EXPECT_NE(crowd.front()->holds(), held) << "the next event is another frame";
}

TEST_F(RoomsTest, WhoIsInSeveralOfTheRoomsHearsOnce) {
  socket_a->join("x");
  socket_a->join("y");
  socket_b->join("y");
  EXPECT_EQ(say({{"x", "y", "z"}, {}}), 2u);
  EXPECT_EQ(heard(), "ab");
  say({{"x", "x"}, {}});
  EXPECT_EQ(heard(), "a");
}

TEST_F(RoomsTest, ExceptLeavesOut) {
  socket_a->join("x");
  socket_b->join("x");
  socket_b->join("quiet");
  say({{"x"}, {"quiet"}});
  EXPECT_EQ(heard(), "a");
  say({{}, {"quiet"}});
  EXPECT_EQ(heard(), "ac");
  say({{"x"}, {socket_a->id()}});
  EXPECT_EQ(heard(), "b");
  say({{"x"}, {"x"}});
  EXPECT_EQ(heard(), "");
}

TEST_F(RoomsTest, AnIdIsARoomOfItsOwn) {
  say({{socket_b->id()}, {}});
  EXPECT_EQ(heard(), "b");
  EXPECT_TRUE(socket_b->in(socket_b->id()));
  socket_b->join(socket_b->id());
  EXPECT_TRUE(socket_b->rooms().empty());
  socket_a->join(socket_b->id());
  say({{socket_b->id()}, {}});
  EXPECT_EQ(heard(), "ab");
}

TEST_F(RoomsTest, JoiningTwiceIsJoiningOnceAndLeavingEndsIt) {
  int done = 0;
  socket_a->join("x", [&] { ++done; });
  socket_a->join("x", [&] { ++done; });
  EXPECT_EQ(done, 2);
  EXPECT_EQ(main().count("x"), 1u);
  EXPECT_TRUE(socket_a->in("x"));
  socket_a->leave("x");
  socket_a->leave("x");
  socket_a->leave("never");
  EXPECT_FALSE(socket_a->in("x"));
  EXPECT_TRUE(main().rooms().empty());
}

TEST_F(RoomsTest, RoomsAreLeftWithTheNamespace) {
  for (Socket* socket : {socket_a, socket_b, socket_c})
    for (const auto room : {"x", "y", "z"}) socket->join(room);
  b->drops();
  EXPECT_EQ(main().count("x"), 2u);
  say({{"x", "y", "z"}, {}});
  EXPECT_EQ(heard(), "ac");
  a->says("1");
  c->drops();
  EXPECT_TRUE(main().rooms().empty());
  EXPECT_EQ(say({}), 0u);
}

TEST_F(RoomsTest, NamespacesHaveRoomsOfTheirOwn) {
  a->says("0/custom,");
  a->hears();
  custom.newest().socket->join("x");
  EXPECT_EQ(say({{"x"}, {}}), 0u);
  EXPECT_EQ(server().find("/custom")->broadcast({{"x"}, {}}, "e", {}), 1u);
  EXPECT_EQ(a->hears(), Texts{"2/custom,[\"e\"]"});
}

TEST_F(RoomsTest, VolatileIsForThoseWhoCanTakeItNow) {
  b->jams();
  EXPECT_EQ(say({}, {.is_volatile = true}), 2u);
  EXPECT_EQ(heard(), "ac");
  socket_b->emit("e", {}, {.is_volatile = true});
  EXPECT_TRUE(b->hears().empty());
  b->jams(false);
  say({}, {.is_volatile = true});
  EXPECT_EQ(heard(), "abc");
}

TEST_F(RoomsTest, AnOffsetIsOneMoreArgument) {
  main().broadcast({}, "e", Values().json("{}"), {.offset = 17});
  EXPECT_EQ(a->hears(), Texts{R"(2["e",{},"17"])"});
  socket_a->emit("e", {}, {.is_volatile = true, .offset = 18});
  EXPECT_EQ(a->hears(), Texts{R"(2["e","18"])"});
}

TEST_F(RoomsTest, EachHearsInTheOrderInWhichItWasSaid) {
  socket_a->join("x");
  a->says("27[\"q\"]");
  main().broadcast({{"x"}, {}}, "one", {});
  socket_a->emit("two", {});
  door.stories[0]->acks[0].reply({});
  main().broadcast({}, "three", Values().binary("x"));
  socket_a->emit("four", {});
  EXPECT_EQ(a->hears(),
            (Texts{"2[\"one\"]", "2[\"two\"]", "37[]",
                   R"(51-["three",{"_placeholder":true,"num":0}])", "beA==", "2[\"four\"]"}));
}

TEST_F(RoomsTest, OperatorsSeeWhoIsWhere) {
  socket_a->join("x");
  socket_b->join("x");
  socket_b->join("a-room");
  after(5min);
  const auto d = client("{\"as\":\"dina\"}");
  newest().join("x");
  const auto rooms = main().rooms();
  ASSERT_EQ(rooms.size(), 2u);
  EXPECT_EQ(rooms[0].name, "a-room");
  EXPECT_EQ(rooms[0].sockets, 1u);
  EXPECT_EQ(rooms[1].name, "x");
  EXPECT_EQ(rooms[1].sockets, 3u);
  const auto sockets = main().sockets({{"x"}, {}});
  ASSERT_EQ(sockets.size(), 3u);
  EXPECT_EQ(sockets[2].id, newest().id());
  EXPECT_EQ(sockets[2].identity, "\"dina\"");
  EXPECT_EQ(sockets[2].address, "192.0.2.1");
  EXPECT_EQ(sockets[2].transport, "websocket");
  EXPECT_EQ(sockets[2].since - sockets[0].since, 5min);
  EXPECT_EQ(sockets[1].rooms, (Texts{"x", "a-room"}));
}

TEST_F(RoomsTest, ARoomCanBePutOutAsAWhole) {
  socket_a->join("x");
  socket_b->join("x");
  EXPECT_EQ(main().disconnect({{"x"}, {}}), 2u);
  EXPECT_EQ(a->hears(), Texts{"1"});
  EXPECT_FALSE(a->thrown_out());
  EXPECT_EQ(main().size(), 1u);
  EXPECT_EQ(main().disconnect({}, true), 1u);
  EXPECT_EQ(c->thrown_out(), Closing::forced);
}

TEST_F(RoomsTest, AListenerMayPutOutTheRoomItIsIn) {
  door.on_event = [this](Socket& socket, std::string_view, const Arguments&, const Ack&) {
    EXPECT_EQ(main().disconnect({{"x"}, {}}, true), 2u);
    EXPECT_FALSE(socket.here());
  };
  const auto d = client();
  newest().join("x");
  socket_a->join("x");
  d->says("2[\"clear\"]");
  EXPECT_EQ(d->thrown_out(), Closing::forced);
  EXPECT_EQ(a->thrown_out(), Closing::forced);
  EXPECT_EQ(main().size(), 2u);
}

// Against a table of who is where, through joins, leaves and departures at random.
TEST_F(ServerTest, RoomsAgreeWithAPlainTable) {
  constexpr int clients = 20, rooms = 7;
  std::vector<std::unique_ptr<Client>> all;
  std::vector<Socket*> sockets;
  std::vector<std::vector<bool>> in(clients, std::vector<bool>(rooms));
  for (int i = 0; i < clients; ++i) {
    all.push_back(client());
    sockets.push_back(&newest());
  }
  std::uint32_t random = 12345;
  const auto below = [&random](int n) {
    random = random * 1664525u + 1013904223u;
    return static_cast<int>((random >> 16) % static_cast<unsigned>(n));
  };
  for (int step = 0; step < 5000; ++step) {
    const int who = below(clients), room = below(rooms);
    const std::string name = "room " + std::to_string(room);
    const bool joins = below(2) == 0;
    joins ? sockets[who]->join(name) : sockets[who]->leave(name);
    in[who][room] = joins;
    if (below(100) == 0) {
      all[who] = client();
      sockets[who] = &newest();
      in[who].assign(rooms, false);
    }
    const auto count = std::count_if(in.begin(), in.end(), [&](const auto& r) { return r[room]; });
    ASSERT_EQ(main().count(name), static_cast<std::size_t>(count)) << step;
    ASSERT_EQ(sockets[who]->in(name), in[who][room]) << step;
  }
  for (int i = 0; i < clients; ++i)
    EXPECT_EQ(sockets[i]->rooms().size(),
              static_cast<std::size_t>(std::count(in[i].begin(), in[i].end(), true)));
}

}  // namespace
}  // namespace hotclock::socketio
