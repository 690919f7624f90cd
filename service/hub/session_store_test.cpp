#include "service/hub/session_store.h"

#include <future>
#include <numeric>

#include "service/hub/hub_support.h"
#include "service/hub/sessions.sql.h"

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;

constexpr Duration window = 2min;
constexpr Duration sightings = 30s;

// The store of one node, whose answers are waited for.
class Store {
 public:
  Store(sql::Database& database, const Clock& clock, log::Logger& logger, std::int64_t node)
      : store_(database, clock, logger, [](const std::function<void()>& work) { work(); },
               {.node = node, .window = window, .sightings = sightings}) {
    store_.start();
  }

  bool add(const std::string& secret, const std::string& identity = "user:17") {
    return answer<bool>([&](auto done) {
      store_.add({.secret_hash = secret,
                  .socket_id = "socket of " + secret,
                  .nsp = "/",
                  .identity = identity,
                  .address = "192.0.2.1",
                  .heard_from = 41},
                 done);
    });
  }
  bool set_rooms(const std::string& secret, const std::string& rooms) {
    return answer<bool>([&](auto done) { store_.set_rooms(secret, rooms, done); });
  }
  std::optional<Taken> take(const std::string& secret, const std::string& identity = "user:17",
                            const std::string& nsp = "/") {
    return answer<std::optional<Taken>>([&](auto done) {
      store_.take({.secret_hash = secret,
                   .nsp = nsp,
                   .identity = identity,
                   .address = "192.0.2.2"},
                  done);
    });
  }
  std::optional<std::vector<outbox::Posted>> events(std::vector<std::int64_t> ids) {
    return answer<std::optional<std::vector<outbox::Posted>>>(
        [&](auto done) { store_.read_events(std::move(ids), done); });
  }
  void lose(const std::string& secret, const std::string& rooms = "") {
    store_.lose(secret, rooms);
    settle();
  }
  void remove(const std::string& secret) {
    store_.remove(secret);
    settle();
  }
  void ended_here(const std::string& secret) {
    store_.ended_here(secret);
    settle();
  }
  // All that was asked for is done.
  void settle() { set_rooms("nobody's", ""); }

  SessionStore& operator*() { return store_; }
  SessionStore* operator->() { return &store_; }

 private:
  template <class T, class Ask>
  T answer(Ask ask) {
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    ask([promise](T answer) { promise->set_value(std::move(answer)); });
    EXPECT_EQ(future.wait_for(30s), std::future_status::ready);
    return future.get();
  }

  SessionStore store_;
};

class SessionStoreTest : public HubFixture {
 protected:
  const std::int64_t a = node("a"), b = node("b");
  Store here{db(), clock, logger, a}, there{db(), clock, logger, b};

  void put_out(const std::string& secret) {
    auto transaction = db().write().value();
    EXPECT_EQ(transaction
                  ->exec({"put_out",
                          "UPDATE client_sessions SET put_out_by = 'asha' WHERE secret_hash = $1"},
                         {secret})
                  .value(),
              1);
    EXPECT_TRUE(transaction->commit());
  }
  std::int64_t sessions() { return count("SELECT count(*) FROM client_sessions"); }
};

TEST_F(SessionStoreTest, ALostSessionIsTakenByAnotherNodeAsItWas) {
  EXPECT_TRUE(here.add("s"));
  EXPECT_TRUE(here.set_rooms("s", "rankings stream:1"));
  here.lose("s", "rankings stream:2");
  const auto taken = there.take("s");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->socket_id, "socket of s");
  EXPECT_EQ(taken->rooms, "rankings stream:2");
  EXPECT_EQ(taken->heard_from, 41);
  EXPECT_TRUE((*here).to_end()->empty()) << "it knew that the connection was lost";
}

TEST_F(SessionStoreTest, RoomsSurviveANodeThatCouldSayNothingMore) {
  here.add("s");
  EXPECT_TRUE(here.set_rooms("s", "rankings"));
  const auto taken = there.take("s");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->rooms, "rankings");
}

TEST_F(SessionStoreTest, OnlyTheOneWhomItBelongsToGetsIt) {
  here.add("s");
  here.lose("s");
  EXPECT_FALSE(there.take("t"));
  EXPECT_FALSE(there.take("s", "user:18"));
  EXPECT_FALSE(there.take("s", ""));
  EXPECT_FALSE(there.take("s", "user:17", "/admin"));
  EXPECT_TRUE(there.take("s"));
}

TEST_F(SessionStoreTest, AfterTheTimeToComeBackItIsNobodysAndForgotten) {
  here.add("s");
  here.lose("s");
  here.add("other");
  clock.advance(window);
  sees(a), sees(b);
  EXPECT_EQ((*here).forget_old().value(), 0);
  clock.advance(1ms);
  EXPECT_FALSE(there.take("s"));
  EXPECT_EQ((*here).forget_old().value(), 1);
  EXPECT_EQ(sessions(), 1) << "one that is connected stays";
}

TEST_F(SessionStoreTest, ANodeWhoseClientIsElsewhereEndsItsConnection) {
  here.add("s");
  clock.advance(10s);
  ASSERT_TRUE(there.take("s"));
  const auto ends = (*here).to_end().value();
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends[0].socket_id, "socket of s");
  EXPECT_FALSE(ends[0].put_out);
  EXPECT_TRUE((*there).to_end()->empty());
  here.ended_here("s");
  EXPECT_TRUE((*here).to_end()->empty());
}

TEST_F(SessionStoreTest, WhatItsFormerNodeSaysOfItCountsNoMore) {
  here.add("s");
  ASSERT_TRUE(there.take("s"));
  here.lose("s");
  here.set_rooms("s", "rankings");
  here.remove("s");
  EXPECT_EQ(count("SELECT count(*) FROM client_sessions WHERE lost_at IS NULL AND rooms = ''"), 1);
}

TEST_F(SessionStoreTest, TheSessionsOfANodeThatDiedCanBeHadForAWhile) {
  here.add("s");
  here.add("t");
  clock.advance(window + sightings);
  sees(b);
  EXPECT_EQ((*there).forget_old().value(), 0);
  EXPECT_TRUE(there.take("s"));
  clock.advance(1ms);
  EXPECT_FALSE(there.take("t"));
  clock.advance(sightings);
  sees(b);
  EXPECT_EQ((*there).forget_old().value(), 1);
  EXPECT_EQ(sessions(), 1);
}

TEST_F(SessionStoreTest, WhoTookLeaveDoesNotComeBack) {
  here.add("s");
  here.remove("s");
  EXPECT_FALSE(here.take("s"));
  EXPECT_EQ(sessions(), 0);
}

TEST_F(SessionStoreTest, WhoWasPutOutIsEndedAndDoesNotComeBack) {
  here.add("s");
  put_out("s");
  const auto ends = (*here).to_end().value();
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_TRUE(ends[0].put_out);
  here.lose("s");
  EXPECT_FALSE(there.take("s"));
}

TEST_F(SessionStoreTest, AnAddedSessionCanBeTakenByTheSameNode) {
  here.add("s");
  here.lose("s");
  ASSERT_TRUE(here.take("s"));
  EXPECT_TRUE((*here).to_end()->empty());
}

TEST_F(SessionStoreTest, EventsAreReadAndThoseThatAreGoneAreNotThere) {
  const std::int64_t first = post("user:1"), second = post("user:2");
  const auto events = here.events({first, second, second + 5});
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->at(1).rooms, std::vector<std::string>{"user:2"});
}

TEST_F(SessionStoreTest, WhatWasAskedForIsDoneBeforeItStops) {
  here.add("s");
  for (int i = 0; i < 50; ++i)
    (*here).set_rooms("s", "stream:" + std::to_string(i + 1), [](bool) {});
  (*here).lose("s", "rankings");
  (*here).stop();
  EXPECT_EQ(
      count(
          "SELECT count(*) FROM client_sessions WHERE rooms = 'rankings' AND lost_at IS NOT NULL"),
      1);
}

// One that stops writes that it lost all of them, while the others take them over in any order.
TEST_F(SessionStoreTest, NodesThatWriteTheSameSessionsDoNotGetInEachOthersWay) {
  constexpr int many = 60, rounds = 6;
  for (int round = 0; round < rounds; ++round) {
    const auto secret = [round](int i) { return std::to_string(round) + "-" + std::to_string(i); };
    for (int i = 0; i < many; ++i) ASSERT_TRUE(here.add(secret(i)));
    std::atomic<int> taken = 0, answered = 0;
    for (int i = 0; i < many; ++i) {
      (*here).lose(secret(i), "rankings");
      (*there).take({.secret_hash = secret(many - 1 - i),
                     .nsp = "/",
                     .identity = "user:17",
                     .address = ""},
                    [&](const std::optional<Taken>& got) { taken += got ? 1 : 0, ++answered; });
    }
    here.settle();
    there.settle();
    EXPECT_EQ(answered, many);
    EXPECT_EQ(taken, many);
  }
  EXPECT_TRUE(log.empty()) << log.front();
}

}  // namespace
}  // namespace hotclock::hub
