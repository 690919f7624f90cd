#include "service/relay/relay.h"

#include <atomic>

#include "service/http/client_support.h"
#include "service/hub/hub_support.h"
#include "service/hub/visitor_support.h"
#include "service/relay/heard_by_all.h"
#include "service/relay/relay_support.h"
#include "service/sql/forwarding_support.h"

namespace hotclock::relay {
namespace {

using namespace std::chrono_literals;
using http::eventually;
using hub::Visitor;
using Ids = Platform::Ids;

// Counts how many events are read whole, and fails where it is told.
class Watched final : public sql::ForwardingDatabase {
 public:
  using sql::ForwardingDatabase::ForwardingDatabase;
  std::atomic<int> bodies = 0;
  std::atomic<int> failures_left = 0;

 private:
  class Transaction final : public sql::ForwardingTransaction {
   public:
    Transaction(std::unique_ptr<sql::Transaction> real, Watched& database)
        : ForwardingTransaction(std::move(real)), database_(database) {}
    using sql::ForwardingTransaction::query;
    Result<std::unique_ptr<sql::Rows>> query(const sql::Statement& statement,
                                             std::span<const sql::Param> params) override {
      if (statement.name.ends_with("event")) {
        ++database_.bodies;
        if (database_.failures_left > 0 && database_.failures_left-- > 0)
          return Error(Errc::unavailable, "the server went away");
      }
      return ForwardingTransaction::query(statement, params);
    }

   private:
    Watched& database_;
  };
  std::unique_ptr<sql::Transaction> wrapped(std::unique_ptr<sql::Transaction> real) override {
    return std::make_unique<Transaction>(std::move(real), *this);
  }
};

class RelayTest : public hub::HubFixture {
 protected:
  RelayTest() { clock.set_wall(machine.now()); }

  config::RealtimeConfig realtime() const {
    config::RealtimeConfig out;
    out.port = 0;
    out.jwt_key = {.shown = "env:KEY", .value = std::string(hub::test_secret), .file = {}};
    return out;
  }
  std::unique_ptr<hub::Hub> a_hub() {
    return hub::Hub::build(watched, machine, logger, metrics, realtime(), {.node = node("a")})
        .value();
  }
  std::unique_ptr<Sink> a_sink(Platform& platform, const std::string& name = "main") {
    return std::make_unique<Sink>(db(), machine, logger, platform.emitter(),
                                  SinkSettings{.name = name, .node = node("a"), .poll = 20ms});
  }
  std::unique_ptr<Relay> runs(hub::Hub* hub, std::vector<std::unique_ptr<Sink>> sinks = {}) {
    auto relay = std::make_unique<Relay>(watched, machine, logger, hub, std::move(sinks), settings);
    EXPECT_TRUE(relay->start());
    return relay;
  }
  template <class... Sinks>
  static std::vector<std::unique_ptr<Sink>> all(Sinks... sinks) {
    std::vector<std::unique_ptr<Sink>> list;
    (list.push_back(std::move(sinks)), ...);
    return list;
  }
  std::string as(std::int64_t user) const {
    return R"({"token":")" + hub::token_of(user, machine.now() + 1h) + "\"}";
  }
  // To so many users that are not here, and to some that are.
  Ids posts_a_bulk(int to_others, std::initializer_list<int> to_17_at) {
    std::vector<outbox::Event> events;
    for (int i = 0; i < to_others; ++i)
      events.push_back({"bonus:paid", {"user:" + std::to_string(1000 + i)}, {}});
    for (const int at : to_17_at) events[static_cast<std::size_t>(at)].rooms = {"user:17"};
    const Ids ids = post(events);
    Ids wanted;
    for (const int at : to_17_at) wanted.push_back(ids[static_cast<std::size_t>(at)]);
    return wanted;
  }
  std::int64_t events_kept() { return count("SELECT count(*) FROM outbox"); }
  void old_sink(const std::string& name, std::int64_t position, Instant lease_until) {
    auto transaction = db().write().value();
    EXPECT_TRUE(transaction->exec(
        {"old_sink", "INSERT INTO relay_sinks (name, position, lease_until) VALUES ($1, $2, $3)"},
        {name, position, lease_until}));
    EXPECT_TRUE(transaction->commit());
  }

  SystemClock machine;
  metrics::Metrics metrics;
  Watched watched{db()};
  RelaySettings settings{.poll = 20ms, .retention = 0ms, .tidying = 0ms};
};

TEST_F(RelayTest, ClientsHearWhatIsPostedInItsOrder) {
  settings.retention = 10min;
  const auto hub = a_hub();
  const auto relay = runs(hub.get());
  Visitor client(hub->port(), as(17));
  Ids ids;
  for (int i = 0; i < 30; ++i) {
    ids.push_back(post("user:17"));
    post("user:18");
    relay->wake(true);
  }
  EXPECT_EQ(client.hears_events(30), ids);
  EXPECT_EQ(hub->lateness().events, 30);
  EXPECT_LT(hub->lateness().worst, 10s);
}

TEST_F(RelayTest, ABulkForOthersIsPassedOverWithoutBeingRead) {
  settings.retention = 10min;
  const auto hub = a_hub();
  const auto relay = runs(hub.get());
  Visitor client(hub->port(), as(17));
  const Ids wanted = posts_a_bulk(50'000, {20'000, 30'000, 49'999});
  EXPECT_EQ(client.hears_events(3), wanted);
  EXPECT_LE(watched.bodies, 3) << "beside the first few, only those are read that somebody hears";
  EXPECT_EQ(hub->lateness().events, 3);
}

TEST_F(RelayTest, WhereTheDatabaseFailsInABulkNothingIsLeftOut) {
  settings.retention = 10min;
  const auto hub = a_hub();
  const auto relay = runs(hub.get());
  Visitor client(hub->port(), as(17));
  watched.failures_left = 2;
  Ids ids = posts_a_bulk(3'000, {1'000, 2'000, 2'500});
  EXPECT_TRUE(eventually([&] { return watched.failures_left == 0; }));
  ids.push_back(post("user:17"));
  EXPECT_EQ(client.hears_events(4), ids);
}

TEST_F(RelayTest, AServerThatHangsHoldsUpNeitherClientsNorOtherServers) {
  settings.retention = 10min;
  Platform hanging, healthy;
  hanging.hangs();
  const auto hub = a_hub();
  const auto relay = runs(hub.get(), all(a_sink(hanging, "hanging"), a_sink(healthy, "healthy")));
  EXPECT_TRUE(eventually([&] { return count("SELECT count(*) FROM relay_sinks") == 2; }));
  Visitor client(hub->port(), as(17));
  Ids ids{post("user:17")};
  ASSERT_TRUE(eventually([&] { return hanging.is_hung_on(); }));
  for (int i = 0; i < 10; ++i) ids.push_back(post("user:17"));
  EXPECT_EQ(client.hears_events(ids.size()), ids);
  EXPECT_TRUE(eventually([&] { return healthy.has_heard(ids.back()); }));
  EXPECT_TRUE(hanging.heard().empty());
  hanging.hangs(false);
  EXPECT_TRUE(eventually([&] { return hanging.has_heard(ids.back()); }));
  EXPECT_EQ(hanging.heard(), ids);
}

TEST_F(RelayTest, EventsThatAllHaveHeardAreRemovedAndTheNewestStays) {
  for (int i = 0; i < 5; ++i) post("user:17");
  const auto relay = runs(nullptr);
  EXPECT_TRUE(eventually([&] { return events_kept() == 1; }));
}

TEST_F(RelayTest, WhatIsYoungerThanTheRetentionStays) {
  clock.set_wall(machine.now() - 1h);
  post("user:17");
  clock.set_wall(machine.now());
  for (int i = 0; i < 3; ++i) post("user:17");
  settings.retention = 10min;
  const auto relay = runs(nullptr);
  EXPECT_TRUE(eventually([&] { return events_kept() == 3; }));
}

TEST_F(RelayTest, WhatAServerHasNotHeardStaysUntilItHas) {
  clock.set_wall(machine.now() - 1min);
  Platform platform;
  const auto relay = runs(nullptr, all(a_sink(platform)));
  EXPECT_TRUE(eventually([&] { return count("SELECT count(*) FROM relay_sinks") == 1; }));
  platform.goes_away();
  Ids ids;
  for (int i = 0; i < 4; ++i) ids.push_back(post("user:17"));
  EXPECT_TRUE(eventually([&] { return platform.asked() >= 2; }));
  EXPECT_LT(heard_by_all(db(), machine.now()).value(), ids.front());
  EXPECT_EQ(events_kept(), 4);
  platform.goes_away(false);
  EXPECT_TRUE(eventually([&] { return events_kept() == 1; }));
  EXPECT_EQ(platform.heard(), ids);
}

TEST_F(RelayTest, AServerThatNoNodeHasAnyMoreHoldsNothingBack) {
  const Instant now = machine.now();
  EXPECT_EQ(heard_by_all(db(), now).value(), std::numeric_limits<std::int64_t>::max());
  old_sink("gone", 3, now - 1h - 1ms);
  EXPECT_EQ(heard_by_all(db(), now).value(), std::numeric_limits<std::int64_t>::max());
  old_sink("away", 7, now - 59min);
  EXPECT_EQ(heard_by_all(db(), now).value(), 7);
  old_sink("served", 5, now + 15s);
  EXPECT_EQ(heard_by_all(db(), now).value(), 5);
}

TEST_F(RelayTest, ClientsOfANodeThatStopsFindAllThatWasPostedMeanwhileAtItsNextStart) {
  settings.retention = 10min;
  auto hub = a_hub();
  auto relay = runs(hub.get());
  Visitor client(hub->port(), as(17));
  const std::int64_t heard = post("user:17");
  EXPECT_EQ(client.hears_events(1), Ids{heard});
  relay->stop();
  const std::int64_t missed = post("user:17");
  hub->stop(1s);
  relay.reset();
  hub = a_hub();
  relay = runs(hub.get());
  Visitor back(hub->port(), R"({"token":")" + hub::token_of(17, machine.now() + 1h) +
                                R"(","pid":")" + client.pid() + R"(","offset":")" +
                                std::to_string(heard) + "\"}");
  EXPECT_EQ(back.sid(), client.sid());
  EXPECT_EQ(back.hears_events(1), Ids{missed});
}

}  // namespace
}  // namespace hotclock::relay
