// Clients that come back while the recovery takes its time.
#include <deque>

#include "service/socketio/recovery_support.h"

namespace hotclock::socketio {
namespace {

// Does what the other does, and keeps each answer until the test lets it go.
class LateRecovery final : public Recovery {
 public:
  explicit LateRecovery(Recovery& other) : other_(other) {}

  void opened(const SocketState& state, std::function<void(std::string)> done) override {
    other_.opened(state, [&](std::string pid) { answers_.push_back([=] { done(pid); }); });
  }
  void rooms_changed(const std::string& pid, const RoomChange& change,
                     std::function<void()> done) override {
    other_.rooms_changed(pid, change, [&] { answers_.push_back(done); });
  }
  void ended(const std::string& pid, SocketState state, bool may_return) override {
    other_.ended(pid, std::move(state), may_return);
  }
  void restore(const Return& client, std::function<void(std::optional<Restored>)> done) override {
    other_.restore(client, [&](std::optional<Restored> restored) {
      if (restored) restored->floor += floor_ahead;
      answers_.push_back([=] { done(restored); });
    });
  }
  std::optional<Offset> next_offset() override { return other_.next_offset(); }
  void sent(const SentEvent& event) override { other_.sent(event); }

  std::size_t pending() const { return answers_.size(); }
  void answers() {
    for (; !answers_.empty(); answers_.pop_front()) answers_.front()();
  }

  Offset floor_ahead = 0;  // it knows of events that this process has yet to hear of

 private:
  Recovery& other_;
  std::deque<std::function<void()>> answers_;
};

class LateRecoveryTest : public RecoveryTest {
 protected:
  Recovery* recovery() override { return &late; }
  std::unique_ptr<Client> enter(Ticket& ticket) {
    auto client = stranger();
    client->says("0");
    late.answers();
    ticket = ticket_of(client->hears().at(0));
    return client;
  }
  void SetUp() override { options.most_held = 10; }
  LateRecovery late{memory};
};

TEST_F(LateRecoveryTest, TheClientIsAnsweredWhenItsSecretIsKnown) {
  const auto client = stranger();
  client->says("0");
  main().broadcast({}, "early", {});
  EXPECT_TRUE(client->hears().empty());
  late.answers();
  EXPECT_EQ(client->hears().size(), 1u);
}

TEST_F(LateRecoveryTest, AClientThatIsGoneBeforeLeavesNothingBehind) {
  stranger()->says("0");
  late.answers();
  EXPECT_EQ(main().size(), 0u);
  EXPECT_EQ(memory.lost(), 0u);
}

TEST_F(LateRecoveryTest, AJoinIsDoneWhenItWouldSurvive) {
  Ticket ticket;
  const auto client = enter(ticket);
  bool done = false;
  newest().join("x", [&] { done = true; });
  EXPECT_TRUE(newest().in("x"));
  EXPECT_FALSE(done);
  late.answers();
  EXPECT_TRUE(done);
}

TEST_F(LateRecoveryTest, WhatIsSaidMeanwhileFollowsWhatWasMissed) {
  Ticket ticket;
  enter(ticket)->drops();
  main().broadcast({}, "missed", {});
  const auto client = comes_back(ticket);
  main().broadcast({}, "held", {});
  main().broadcast({}, "volatile", {}, {.is_volatile = true});
  main().broadcast({{}, {ticket.sid}}, "not for it", {});
  main().broadcast({{"elsewhere"}, {}}, "not for it", {});
  EXPECT_TRUE(client->hears().empty());
  late.answers();
  main().broadcast({}, "live", {});
  EXPECT_EQ(client->hears(),
            (Texts{welcome(ticket), R"(2["missed","1"])", R"(2["held","2"])", R"(2["live","6"])"}));
}

TEST_F(LateRecoveryTest, WhatTheClientHasIsNotDeliveredAgain) {
  Ticket ticket;
  enter(ticket)->drops();
  Ticket other;
  const auto witness = enter(other);
  main().broadcast({}, "missed", {}, {.offset = 10});
  late.floor_ahead = 5;
  const auto client = comes_back(ticket);
  main().broadcast({}, "among the missed", {}, {.offset = 11});
  late.answers();
  main().broadcast({}, "among the missed", {}, {.offset = 15});
  main().broadcast({}, "new", {}, {.offset = 16});
  EXPECT_EQ(client->hears(), (Texts{welcome(ticket), R"(2["missed","10"])", R"(2["new","16"])"}));
  EXPECT_EQ(witness->hears().size(), 4u);
}

TEST_F(LateRecoveryTest, WhereTooMuchIsSaidMeanwhileItIsANewSession) {
  Ticket ticket;
  enter(ticket)->drops();
  const auto client = comes_back(ticket);
  for (int i = 0; i < 11; ++i) main().broadcast({}, "n", {});
  late.answers();
  late.answers();
  expect_new(*client, ticket);
  EXPECT_EQ(memory.lost(), 0u);
}

TEST_F(LateRecoveryTest, WhoIsLostWhileComingBackMayComeBackLater) {
  Ticket ticket;
  enter(ticket)->drops();
  main().broadcast({}, "missed", {});
  comes_back(ticket)->drops();
  late.answers();
  const auto client = comes_back(ticket);
  late.answers();
  EXPECT_EQ(client->hears(), (Texts{welcome(ticket), R"(2["missed","1"])"}));
}

TEST_F(LateRecoveryTest, OfTwoWhoComeBackAtOnceOneDoes) {
  Ticket ticket;
  enter(ticket)->drops();
  const auto first = comes_back(ticket);
  const auto second = comes_back(ticket);
  EXPECT_EQ(late.pending(), 2u);
  late.answers();
  late.answers();
  EXPECT_EQ(first->hears(), Texts{welcome(ticket)});
  expect_new(*second, ticket);
}

TEST_F(LateRecoveryTest, AServerMayEndWithAnswersOutstanding) {
  Ticket ticket;
  enter(ticket)->drops();
  comes_back(ticket);
  stranger()->says("0");
  EXPECT_EQ(late.pending(), 2u);
}

}  // namespace
}  // namespace hotclock::socketio
