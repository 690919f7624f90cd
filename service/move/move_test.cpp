#include "service/move/move.h"

#include <gtest/gtest.h>

#include <map>

#include "service/demo/demo.h"
#include "service/ledger/control.h"
#include "service/ledger/history.h"
#include "service/ledger/ledger_support.h"
#include "service/ledger/serving.h"
#include "service/schema/invariants.h"

namespace hotclock::move {
namespace {

using ledger::must;
using ledger::number_in;
using ledger::t0;
using std::chrono::hours;

struct Direction {
  const char* from;
  const char* to;
};

// A demo with a slot in every kind of place, and an empty database.
class MoveTest : public testing::TestWithParam<Direction> {
 protected:
  MoveTest() : from_place_(GetParam().from), to_place_(GetParam().to) {
    from_ = ledger::migrated(from_place_.url());
    to_ = ledger::migrated(to_place_.url());
    demo::DemoOptions options;
    options.users = 2500;
    options.streams = 40;
    options.now = t0;
    must(demo::create_demo(*from_, options, {}));
    ledger::Worker worker(*from_, "old-node");
    for (const char* job : {"ended", "due", "running", "waits"}) worker.job(job);
    worker.enters("ended", t0);
    worker.completes(worker.claims_one());
    worker.enters("running", t0);
    running_ = worker.claims_one().permit->execution.text();
    worker.enters("due", t0);
    must(ledger::pause(*from_, "due", {"asha", "Ünïcode and 'quotes'"}, t0 + hours{1}, t0));
    must(ledger::retire_node(*from_, worker.node().id, t0));
    add_client_and_sink();
  }
  // Clients may come back to a node on the new database, and a sink goes on where it was.
  void add_client_and_sink() {
    auto transaction = must(from_->write());
    must(transaction->exec(
        {"client", "INSERT INTO client_sessions (secret_hash, socket_id, namespace, identity, rooms, address, node_id, since, heard_from, lost_at)"
                   " VALUES ('hash', 'socket', '/', 'user:17', 'rankings', '192.0.2.1', 1, $1, 41, $1)"},
        {t0}));
    must(transaction->exec({"sink", "INSERT INTO relay_sinks (name, position, lease_until) VALUES ('main', 42, $1)"}, {t0}));
    must(transaction->exec({"theme", "INSERT INTO themes (country, version, theme, changed_at) VALUES ('NP', 4, '{}', $1)"}, {t0}));
    must(transaction->exec({"document", "INSERT INTO theme_documents (country, version, document, made_at)"
                                        " VALUES ('NP', 4, '{\"country\":\"NP\"}', $1)"}, {t0}));
    must(transaction->exec({"edit", "INSERT INTO festival_edits (festival_id, at) VALUES (3, $1)"}, {t0}));
    must(transaction->commit());
  }
  sql::Database& from() { return *from_; }
  sql::Database& to() { return *to_; }
  Result<Moved> moved() { return move_everything(from(), to(), t0 + hours{1}); }
  static std::map<std::string, std::int64_t> rows(const Moved& moved) {
    std::map<std::string, std::int64_t> rows;
    for (const auto& table : moved.tables) rows[table.name] = table.rows;
    return rows;
  }

  sql::ScratchPlace from_place_, to_place_;
  std::unique_ptr<sql::Database> from_, to_;
  std::string running_;
};

INSTANTIATE_TEST_SUITE_P(Directions, MoveTest,
                         testing::Values(Direction{"sqlite", "postgresql"}, Direction{"postgresql", "sqlite"},
                                         Direction{"sqlite", "sqlite"}, Direction{"postgresql", "postgresql"}),
                         [](const auto& which) {
                           return std::string(which.param.from) + "_to_" + which.param.to;
                         });

TEST_P(MoveTest, EverythingArrives) {
  const Moved all = must(moved());
  const auto counts = rows(all);
  EXPECT_EQ(counts.at("users"), 2500);
  EXPECT_EQ(counts.at("slots"), 3);
  EXPECT_GT(counts.at("transactions"), 1000);
  for (const char* one : {"users",
                          "user_trust",
                          "og_tiers",
                          "transactions",
                          "streams",
                          "thrones",
                          "festivals",
                          "gifts",
                          "festival_gifts",
                          "themes",
                          "stream_ranks",
                          "jobs",
                          "reputation_events",
                          "memos",
                          "nodes",
                          "slots",
                          "queue",
                          "leases",
                          "history",
                          "failures",
                          "execution_logs",
                          "running_logs",
                          "outbox",
                          "audit",
                          "audit_head",
                          "tokens",
                          "approvals",
                          "relay_sinks",
                          "browser_sessions",
                          "client_sessions",
                          "theme_documents",
                          "festival_edits",
                          "queues",
                          "live_changes",
                          "kill_switch",
                          "api_requests",
                          "execution_profiles",
                          "profile_orders"})
    EXPECT_TRUE(counts.contains(one)) << one;
  EXPECT_EQ(all.money.size(), 3u);
  EXPECT_GT(all.money[1].sum, 0);
  EXPECT_EQ(schema::broken(must(schema::check_invariants(to()))), "");
  ledger::expect_sound(to());
}

TEST_P(MoveTest, WhatArrivesReadsTheSame) {
  must(moved());
  const auto before = must(ledger::list_jobs(from()));
  const auto after = must(ledger::list_jobs(to()));
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].job, after[i].job);
    EXPECT_EQ(before[i].entered_until, after[i].entered_until);
    ASSERT_EQ(before[i].pause.has_value(), after[i].pause.has_value());
    if (!before[i].pause) continue;
    EXPECT_EQ(before[i].pause->reason, after[i].pause->reason);
    EXPECT_EQ(before[i].pause->until, after[i].pause->until);
  }
  const auto running = must(ledger::show_execution(to(), running_));
  EXPECT_EQ(running.slot.state, State::running);
  EXPECT_EQ(running.slot.node, "old-node");
  EXPECT_EQ(number_in(to(), "SELECT position FROM relay_sinks WHERE name = 'main' AND node_id IS NULL"), 42);
  EXPECT_EQ(number_in(to(), "SELECT heard_from FROM client_sessions WHERE rooms = 'rankings' AND taken_from IS NULL"), 41);
  EXPECT_EQ(number_in(to(), "SELECT version FROM theme_documents WHERE country = 'NP' AND valid_until IS NULL"), 4);
  EXPECT_EQ(number_in(to(), "SELECT festival_id FROM festival_edits"), 3);
  for (const char* sum : {"SELECT sum(id * coin_balance) FROM users WHERE id % 7 = 0",
                          "SELECT sum(length(username)) FROM users",
                          "SELECT sum(amount * user_id) FROM transactions",
                          "SELECT count(*) FROM users WHERE og_expires_at IS NULL"})
    EXPECT_EQ(number_in(from(), sum), number_in(to(), sum)) << sum;
}

TEST_P(MoveTest, TheNewDatabaseGoesOnWithItsOwnIds) {
  must(moved());
  ledger::Worker worker(to(), "new-node");
  worker.job("ended");
  worker.enters("ended", t0 + hours{2});
  EXPECT_EQ(worker.claims(5, t0 + hours{3}).claims.size(), 1u);
  ledger::expect_sound(to());
}

TEST_P(MoveTest, ATargetThatHoldsAnythingIsRefusedAndStaysAsItWas) {
  ledger::Worker worker(to(), "somebody");
  const auto refused = moved();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  EXPECT_NE(refused.error().message().find("the target is not empty: nodes has 1 rows"), std::string::npos)
      << refused.error().message();
  EXPECT_EQ(number_in(to(), "SELECT count(*) FROM users"), 0);
  EXPECT_EQ(number_in(to(), "SELECT count(*) FROM nodes"), 1);
}

TEST_P(MoveTest, ASecondMoveIsRefused) {
  must(moved());
  EXPECT_EQ(moved().error().code(), Errc::conflict);
  EXPECT_EQ(number_in(to(), "SELECT count(*) FROM users"), 2500);
}

TEST_P(MoveTest, OneThatIsBrokenOffLeavesTheTargetEmpty) {
  int tables = 0;
  try {
    (void)move_everything(from(), to(), t0 + hours{1}, [&](auto, auto, auto) {
      if (++tables == 4) throw std::runtime_error("broken off");
    });
    FAIL() << "the test did not bite";
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(number_in(to(), "SELECT count(*) FROM users"), 0);
  must(moved());
}

TEST(MoveFromPostgres, IsRefusedWhileSomebodyServesTheSource) {
  sql::ScratchPlace from_place("postgresql"), to_place("sqlite");
  const auto from = ledger::migrated(from_place.url());
  const auto to = ledger::migrated(to_place.url());
  ManualClock clock(t0);
  const auto node = must(ledger::register_node(*from, {"busy", "test", "test"}, t0));
  const auto refused = move_everything(*from, *to, t0 + std::chrono::seconds{30});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("node busy"), std::string::npos) << refused.error().message();
  must(ledger::retire_node(*from, node.id, t0));
  must(move_everything(*from, *to, t0 + std::chrono::seconds{30}));
}

TEST(MoveFromSqlite, IsRefusedWhileSomebodyServesTheSource) {
  sql::ScratchPlace from_place("sqlite"), to_place("sqlite");
  const auto from = ledger::migrated(from_place.url());
  const auto to = ledger::migrated(to_place.url());
  const auto served = must(ledger::lock_serving(*from, "busy", t0));
  EXPECT_NE(move_everything(*from, *to, t0).error().message().find("node busy"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::move
