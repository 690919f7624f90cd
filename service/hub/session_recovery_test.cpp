#include "service/hub/session_recovery.h"

#include <deque>
#include <mutex>

#include "service/http/client_support.h"
#include "service/hub/hub_support.h"
#include "service/outbox/reader.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<std::int64_t>;

// One node's recovery. What the store answers waits until it is let in.
class NodeWithClients {
 public:
  NodeWithClients(HubFixture&, sql::Database& database, const Clock& clock, log::Logger& logger,
                  std::int64_t id, std::size_t most_missed)
      : store(database, clock, logger,
              [this](std::function<void()> work) {
                const std::lock_guard lock(m_);
                answers_.push_back(std::move(work));
              },
              {.node = id, .window = 2min, .sightings = 30s}),
        recovery(store, recent, clock, {.keep = 3min, .most_missed = most_missed}) {
    store.start();
  }
  ~NodeWithClients() { store.stop(); }

  bool let_in_one() {
    std::function<void()> work;
    {
      const std::lock_guard lock(m_);
      if (answers_.empty()) return false;
      work = std::move(answers_.front());
      answers_.pop_front();
    }
    work();
    return true;
  }
  void until(const bool& done) {
    EXPECT_TRUE(http::eventually([&] { return let_in_one() && false, done; }));
  }
  // Everything that was asked for is written and answered.
  void settle() {
    bool done = false;
    store.set_rooms("nobody's", "", [&](bool) { done = true; });
    until(done);
  }

 private:
  std::mutex m_;
  std::deque<std::function<void()>> answers_;

 public:
  Recent recent{10'000};
  SessionStore store;
  SessionRecovery recovery;
};

class SessionRecoveryTest : public HubFixture {
 protected:
  std::unique_ptr<NodeWithClients> starts(const std::string& name, std::size_t most_missed = 100) {
    return std::make_unique<NodeWithClients>(*this, db(), clock, logger, node(name), most_missed);
  }
  // The node has read the outbox from its beginning, as if it knew all that ever was.
  void reads_all(NodeWithClients& node) {
    outbox::Reader reader(db(), position_of(node));
    const auto heads = reader.next_heads(1000).value();
    for (const outbox::Head& head : heads) {
      node.recent.add(head.id, head.created_at, head.rooms);
      position_of(node) = head.id;
    }
    node.recovery.stand_at(position_of(node));
  }
  std::int64_t& position_of(NodeWithClients& node) { return positions_[&node]; }

  static socketio::SocketState socket_of(std::int64_t user) {
    const std::string id = user == 0 ? "" : "user:" + std::to_string(user);
    return {.sid = "socket-of-" + std::to_string(user),
            .nsp = "/",
            .identity = id,
            .kept = {},
            .rooms = id.empty() ? std::vector<std::string>() : std::vector{id},
            .address = "192.0.2.1"};
  }
  static std::string comes(NodeWithClients& node, std::int64_t user) {
    std::string pid;
    bool done = false;
    node.recovery.opened(socket_of(user),
                         [&](std::string given) { pid = std::move(given), done = true; });
    node.until(done);
    EXPECT_FALSE(pid.empty());
    return pid;
  }
  static void joins(NodeWithClients& node, const std::string& pid, const std::string& room) {
    bool done = false;
    node.recovery.rooms_changed(pid, {{room}, {}}, [&] { done = true; });
    node.until(done);
  }
  static void leaves(NodeWithClients& node, const std::string& pid, socketio::SocketState state,
                     bool may_return = true) {
    node.recovery.ended(pid, std::move(state), may_return);
    node.settle();
  }

  struct Back {
    bool done = false;
    std::optional<socketio::Restored> restored;
    Ids missed() const {
      Ids ids;
      for (const auto& event : restored.value().missed)
        ids.push_back(static_cast<std::int64_t>(event.offset));
      return ids;
    }
  };
  static void asks(NodeWithClients& node, const std::string& pid, std::int64_t user,
                   std::optional<std::int64_t> heard, Back& back) {
    const auto state = socket_of(user);
    socketio::Return client{pid, {}, "/", state.identity, state.address};
    if (heard) client.offset = static_cast<socketio::Offset>(*heard);
    node.recovery.restore(client, [&back](std::optional<socketio::Restored> restored) {
      back.restored = std::move(restored);
      back.done = true;
    });
  }
  static Back returns(NodeWithClients& node, const std::string& pid, std::int64_t user,
                      std::optional<std::int64_t> heard = {}) {
    Back back;
    asks(node, pid, user, heard, back);
    node.until(back.done);
    return back;
  }

 private:
  std::map<NodeWithClients*, std::int64_t> positions_;
};

TEST_F(SessionRecoveryTest, OneThatHeardNothingYetMissedWhatCameSinceItIsThere) {
  const auto a = starts("a"), b = starts("b");
  post("user:17");
  reads_all(*a);
  const auto pid = comes(*a, 17);
  const Ids missed{post("user:17"), post({{"to:all", {}, {}}}).at(0)};
  post("user:18");
  reads_all(*b);
  const Back back = returns(*b, pid, 17);
  ASSERT_TRUE(back.restored);
  EXPECT_EQ(back.missed(), missed);
  EXPECT_EQ(back.restored->state.sid, "socket-of-17");
  EXPECT_EQ(back.restored->state.rooms, std::vector<std::string>{"user:17"});
  EXPECT_EQ(back.restored->missed[0].packed.text->polled(),
            R"(42["rank:changed",{"eventId":")" + std::to_string(missed[0]) + R"("},")" +
                std::to_string(missed[0]) + "\"]");
}

TEST_F(SessionRecoveryTest, OneThatHeardSomeMissedTheRestInAllItsRooms) {
  const auto a = starts("a"), b = starts("b");
  const auto pid = comes(*a, 17);
  joins(*a, pid, "stream:5");
  const Ids all{post("user:17"), post("stream:5"), post("stream:5")};
  reads_all(*b);
  const Back back = returns(*b, pid, 17, all[0]);
  EXPECT_EQ(back.missed(), (Ids{all[1], all[2]}));
  EXPECT_EQ(back.restored->state.rooms, (std::vector<std::string>{"stream:5", "user:17"}));
}

TEST_F(SessionRecoveryTest, ARoomThatItLeftIsNotWhereItComesBackTo) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  joins(*a, pid, "stream:5");
  bool done = false;
  a->recovery.rooms_changed(pid, {{}, {"stream:5"}}, [&] { done = true; });
  a->until(done);
  leaves(*a, pid, socket_of(17));
  post("stream:5");
  reads_all(*a);
  EXPECT_EQ(returns(*a, pid, 17).missed(), Ids{});
}

TEST_F(SessionRecoveryTest, WhatWasSentOnWithoutBeingHeardIsStillMissed) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  const Ids all{post("user:17"), post("user:17")};
  reads_all(*a);
  leaves(*a, pid, socket_of(17));
  EXPECT_EQ(returns(*a, pid, 17).missed(), all);
}

TEST_F(SessionRecoveryTest, ItIsGivenBackOnceAndToNobodyElse) {
  const auto a = starts("a"), b = starts("b");
  const auto pid = comes(*a, 17);
  leaves(*a, pid, socket_of(17));
  EXPECT_FALSE(returns(*b, pid, 18).restored);
  EXPECT_FALSE(returns(*b, "guessed", 17).restored);
  Back first, second;
  asks(*b, pid, 17, {}, first);
  asks(*b, pid, 17, {}, second);
  b->until(first.done);
  b->until(second.done);
  EXPECT_TRUE(first.restored);
  EXPECT_FALSE(second.restored);
}

TEST_F(SessionRecoveryTest, WhoTookLeaveHasNothingToComeBackTo) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  leaves(*a, pid, socket_of(17), false);
  EXPECT_FALSE(returns(*a, pid, 17).restored);
}

TEST_F(SessionRecoveryTest, OneWhoHeardNothingForHoursComesBackAllTheSame) {
  const auto a = starts("a");
  const std::int64_t heard = post("user:17");
  reads_all(*a);
  const auto pid = comes(*a, 17);
  clock.advance(3h);
  a->recent.begin_after(heard + 1, clock.now() - 3min);
  post("user:18");
  leaves(*a, pid, socket_of(17));
  const std::int64_t missed = post("user:17");
  reads_all(*a);
  EXPECT_EQ(returns(*a, pid, 17, heard).missed(), Ids{missed});
}

TEST_F(SessionRecoveryTest, WhereTheNodeDoesNotKnowFarEnoughBackItBeginsAnew) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  leaves(*a, pid, socket_of(17));
  post("user:17");
  reads_all(*a);
  a->recent.begin_after(position_of(*a), clock.now() - 1min);
  EXPECT_FALSE(returns(*a, pid, 17).restored);
  a->settle();
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions"), 0) << "and the old one is over";
}

TEST_F(SessionRecoveryTest, WhereAMissedEventIsGoneItBeginsAnew) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  leaves(*a, pid, socket_of(17));
  const std::int64_t gone = post("user:17");
  post("user:17");
  reads_all(*a);
  forget_event(gone);
  EXPECT_FALSE(returns(*a, pid, 17).restored);
}

TEST_F(SessionRecoveryTest, WhoMissedTooManyBeginsAnew) {
  const auto a = starts("a", 3);
  const auto some = comes(*a, 17), many = comes(*a, 18);
  for (const auto& [pid, user] : {std::pair{some, 17}, {many, 18}})
    leaves(*a, pid, socket_of(user));
  for (int i = 0; i < 4; ++i) post("user:18");
  for (int i = 0; i < 3; ++i) post("user:17");
  reads_all(*a);
  EXPECT_FALSE(returns(*a, many, 18).restored);
  EXPECT_EQ(returns(*a, some, 17).missed().size(), 3u);
}

TEST_F(SessionRecoveryTest, WhileItsMissedEventsAreReadItsRoomsAreListenedTo) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  joins(*a, pid, "stream:5");
  leaves(*a, pid, [] {
    auto state = socket_of(17);
    state.rooms.emplace_back("stream:5");
    return state;
  }());
  const std::int64_t missed = post("user:17");
  reads_all(*a);
  Back back;
  asks(*a, pid, 17, {}, back);
  EXPECT_TRUE(
      http::eventually([&] { return a->let_in_one() && false, a->recovery.awaits("user:17"); }));
  EXPECT_TRUE(a->recovery.awaits("stream:5"));
  EXPECT_TRUE(a->recovery.awaits(""));
  EXPECT_FALSE(a->recovery.awaits("user:18"));
  post("user:17");
  reads_all(*a);
  a->until(back.done);
  EXPECT_EQ(back.missed(), Ids{missed}) << "the later one comes by itself";
  EXPECT_EQ(back.restored->floor, static_cast<socketio::Offset>(missed));
  for (const char* room : {"user:17", "stream:5", ""}) EXPECT_FALSE(a->recovery.awaits(room));
}

TEST_F(SessionRecoveryTest, AnAnonymousViewerComesBackByItsSecretAlone) {
  const auto a = starts("a");
  const auto pid = comes(*a, 0);
  joins(*a, pid, "rankings");
  leaves(*a, pid, [] {
    auto state = socket_of(0);
    state.rooms = {"rankings"};
    return state;
  }());
  const std::int64_t missed = post("rankings");
  reads_all(*a);
  EXPECT_FALSE(returns(*a, pid, 17).restored);
  EXPECT_EQ(returns(*a, pid, 0).missed(), Ids{missed});
}

TEST_F(SessionRecoveryTest, TheSecretItselfIsNowhereInTheDatabase) {
  const auto a = starts("a");
  const auto pid = comes(*a, 17);
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions WHERE secret_hash LIKE '%" + pid + "%'"),
            0);
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions"), 1);
}

}  // namespace
}  // namespace hotclock::hub
