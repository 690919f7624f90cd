// Several servers on one PostgreSQL: killed, frozen, restarted, cut off from their database.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "service/sql/postgres_support.h"
#include "tests/process/program.h"

namespace hotclock {
namespace {

namespace fs = std::filesystem;

class Cluster : public ::testing::Test {
 protected:
  Cluster() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-cluster-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    environment_["HOTCLOCK_SCHEDULER__LOOK_FOR_LOST"] = "200 ms";
    // Small chunks, so that there is time to be struck in the middle of them.
    environment_["HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK"] = "10";
    environment_["HOTCLOCK_JOBS__OG_DAILY_BONUS__LEASE"] = "5 s";
    // One execution to strike, where a test does not say otherwise.
    environment_["HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__PARTITIONS"] = "1";
  }
  ~Cluster() override {
    servers_.clear();
    fs::remove_all(directory_);
  }

  void on(const std::string& url) {
    url_ = url;
    environment_["HOTCLOCK_DATABASE_URL"] = url;
  }
  void with(const std::string& variable, const std::string& value) { environment_[variable] = value; }
  Ended hotclock(const std::vector<std::string>& words) {
    return Program(words, environment_, directory_).wait();
  }
  void a_platform_of(int users) {
    const Ended made = hotclock({"demo", "--users", std::to_string(users), "--history-days", "0"});
    ASSERT_EQ(made.code, 0) << made.err;
  }
  Program& serve() {
    const auto before = number("SELECT count(*) FROM hotclock.nodes");
    servers_.push_back(std::make_unique<Program>(std::vector<std::string>{"serve"}, environment_, directory_));
    EXPECT_TRUE(comes_true([&] { return number("SELECT count(*) FROM hotclock.nodes") > before; }));
    return *servers_.back();
  }
  std::unique_ptr<Program> pays() {
    return std::make_unique<Program>(std::vector<std::string>{"run", "og-daily-bonus"}, environment_,
                                     directory_);
  }
  // A server that works the bonus now, once somebody was paid since.
  Program* at_work() {
    Program* found = nullptr;
    const auto before = payments();
    comes_true([&] {
      const std::string pids = text(
          "SELECT ',' || string_agg(n.pid::text, ',') || ',' FROM hotclock.leases AS l"
          " JOIN hotclock.nodes AS n ON n.id = l.node_id WHERE l.partitions_open = 0");
      for (const auto& server : servers_)
        if (pids.find("," + std::to_string(server->pid()) + ",") != std::string::npos) found = server.get();
      return (found && payments() > before) || bonus_is_done();
    });
    return found;
  }
  void ends(Program& server) {
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait().code, 0);
  }

  std::string text(const std::string& query) const { return sql::plain_postgres(url_, query); }
  std::int64_t number(const std::string& query) const {
    const std::string found = text(query);
    return found.empty() ? -1 : std::stoll(found);
  }
  std::int64_t payments() const {
    return number("SELECT count(*) FROM platform.transactions WHERE type = 'og_bonus'");
  }
  bool bonus_is_done() const {
    return number("SELECT count(*) FROM hotclock.slot_states WHERE job = 'og-daily-bonus'"
                  " AND ended = 'completed' AND partition_of IS NULL") > 0;
  }
  std::int64_t attempts(const std::string& outcome) const {
    return number("SELECT count(*) FROM hotclock.history WHERE outcome = '" + outcome + "'");
  }
  // A node may be struck while it works a slot of another job too.
  std::int64_t attempts_at_the_bonus(const std::string& outcome) const {
    return number("SELECT count(*) FROM hotclock.history AS h JOIN hotclock.slots AS s ON s.id = h.slot_id"
                  " JOIN hotclock.jobs AS j ON j.id = s.job_id WHERE j.name = 'og-daily-bonus' AND h.outcome = '" +
                  outcome + "'");
  }
  std::string history() const {
    return text(
        "SELECT string_agg(format('%s %s %s-%s %s: %s', j.name, h.outcome, h.started_at::time,"
        " h.ended_at::time, n.name || n.pid, h.reason), E'\n' ORDER BY h.ended_at)"
        " FROM hotclock.history AS h JOIN hotclock.slots AS s ON s.id = h.slot_id"
        " JOIN hotclock.jobs AS j ON j.id = s.job_id LEFT JOIN hotclock.nodes AS n ON n.id = h.node_id");
  }
  void expect_everybody_is_paid_once() {
    EXPECT_TRUE(comes_true([&] { return bonus_is_done(); }));
    EXPECT_EQ(payments(), number("SELECT count(*) FROM platform.users WHERE last_bonus_date IS NOT NULL"));
    EXPECT_GT(payments(), 300);
    EXPECT_EQ(payments(), number("SELECT count(*) FROM hotclock.outbox WHERE event = 'og:bonus'"));
    EXPECT_TRUE(comes_true([&] { return number("SELECT count(*) FROM hotclock.leases") == 0; }));
    const Ended doctor = hotclock({"doctor"});
    EXPECT_EQ(doctor.code, 0) << doctor.out << doctor.err;
    const Ended again = hotclock({"run", "og-daily-bonus", "--dry-run"});
    EXPECT_NE(again.out.find("would do: 0 users"), std::string::npos) << again.out << again.err;
  }

 private:
  std::string directory_;
  std::string url_;
  std::map<std::string, std::string> environment_;
  std::vector<std::unique_ptr<Program>> servers_;
};

// On the server that all tests share.
class ClusterTest : public Cluster {
 protected:
  ClusterTest() { on(scratch_.url()); }

 private:
  sql::PostgresScratch scratch_;
};

TEST_F(ClusterTest, ThreeServersWorkEachSlotOnce) {
  a_platform_of(100);
  with("HOTCLOCK_JOBS__STREAM_RANKING__SCHEDULE", "* * * * * *");
  with("HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE", "* * * * * *");
  Program& a = serve();
  Program& b = serve();
  Program& c = serve();
  EXPECT_TRUE(comes_true([&] { return attempts("completed") >= 16; }));
  ends(a), ends(b), ends(c);
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM hotclock.slots GROUP BY job_id, scheduled_for,"
                   " slot_key HAVING count(*) > 1) AS twice"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM hotclock.history WHERE outcome = 'completed'"
                   " GROUP BY slot_id HAVING count(*) > 1) AS twice"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.history WHERE outcome NOT IN ('completed', 'missed')"), 0)
      << history();
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.slot_states WHERE started_at < scheduled_for"), 0)
      << "nothing begins early";
}

TEST_F(ClusterTest, WhatAKilledServerHeldAnotherOneFinishes) {
  a_platform_of(2000);
  serve(), serve();
  const auto asked = pays();
  Program* victim = at_work();
  ASSERT_NE(victim, nullptr);
  victim->signal(SIGKILL);
  victim->wait();
  expect_everybody_is_paid_once();
  EXPECT_EQ(attempts_at_the_bonus("lost"), 1) << history();
}

TEST_F(ClusterTest, ARollingRestartLosesAndRepeatsNothing) {
  a_platform_of(2000);
  serve(), serve();
  const auto asked = pays();
  int restarts = 0;
  while (restarts < 3 && !bonus_is_done()) {
    Program* holder = at_work();
    if (!holder || bonus_is_done()) break;
    ends(*holder);
    serve();
    ++restarts;
  }
  EXPECT_GT(restarts, 0) << "the test did not bite";
  expect_everybody_is_paid_once();
  EXPECT_EQ(attempts_at_the_bonus("drained"), restarts) << history();
  EXPECT_EQ(attempts("lost") + attempts("failed"), 0);
  EXPECT_EQ(number("SELECT max(attempt) FROM hotclock.slot_states WHERE job = 'og-daily-bonus'"), 1)
      << "a drained attempt does not count";
}

TEST_F(ClusterTest, AServerThatWasFrozenBeyondItsLeaseWritesNothingWhenItWakes) {
  a_platform_of(2000);
  serve(), serve();
  const auto asked = pays();
  Program* frozen = at_work();
  ASSERT_NE(frozen, nullptr);
  frozen->signal(SIGSTOP);
  EXPECT_TRUE(comes_true([&] { return bonus_is_done(); })) << "its lease is over after five seconds";
  EXPECT_EQ(attempts_at_the_bonus("lost"), 1) << "the test did not bite: " << history();
  frozen->signal(SIGCONT);
  frozen->signal(SIGTERM);
  const Ended woken = frozen->wait();
  EXPECT_NE(woken.err.find("the lease is lost"), std::string::npos) << woken.err;
  expect_everybody_is_paid_once();
}

// ---------------------------------------------------------------- partitions

class DividedClusterTest : public ClusterTest {
 protected:
  DividedClusterTest() {
    with("HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__PARTITIONS", "8");
    // A node works one partition at a time, and keeps a worker for what is small.
    with("HOTCLOCK_SCHEDULER__WORKERS", "2");
  }
  // Some seconds of work, so that there is time to strike.
  void a_long_bonus() {
    with("HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK", "1");
    a_platform_of(5000);
  }
  std::int64_t partitions(const std::string& which) const {
    return number("SELECT count(*) FROM hotclock.slot_states WHERE partition_of IS NOT NULL AND " + which);
  }
};

TEST_F(DividedClusterTest, ThreeServersShareOneBonus) {
  a_platform_of(1000);
  serve(), serve(), serve();
  const Ended ran = pays()->wait();
  EXPECT_EQ(ran.code, 0) << ran.err;
  expect_everybody_is_paid_once();
  EXPECT_EQ(partitions("ended = 'completed'"), 8);
  EXPECT_GT(number("SELECT count(DISTINCT node_id) FROM hotclock.slot_states WHERE partition_of IS NOT NULL"), 1);
  EXPECT_EQ(number("SELECT (tally::json->>'users')::int FROM hotclock.history AS h JOIN hotclock.slot_states"
                   " AS s ON s.id = h.slot_id WHERE s.job = 'og-daily-bonus' AND s.partition_of IS NULL"),
            payments())
      << "the slot's end is the sum of theirs";
}

TEST_F(DividedClusterTest, WhatAKilledServerHeldOfABonusTheOthersFinish) {
  a_long_bonus();
  serve(), serve(), serve();
  const auto asked = pays();
  ASSERT_TRUE(comes_true([&] { return partitions("state = 'running'") > 0 && payments() > 0; }));
  Program* victim = at_work();
  ASSERT_NE(victim, nullptr);
  victim->signal(SIGKILL);
  victim->wait();
  expect_everybody_is_paid_once();
  EXPECT_EQ(partitions("ended = 'completed'"), 8);
  EXPECT_GT(attempts("lost"), 0) << "the test did not bite";
}

TEST_F(DividedClusterTest, ACancelledBonusStopsOnAllServers) {
  a_long_bonus();
  serve(), serve(), serve();
  const auto asked = pays();
  ASSERT_TRUE(comes_true([&] { return partitions("state = 'running'") > 0; }));
  const std::string slot = text("SELECT slot_id FROM hotclock.leases WHERE partitions_open > 0");
  const Ended cancelled = hotclock({"cancel", slot});
  EXPECT_EQ(cancelled.code, 0) << cancelled.err;
  EXPECT_TRUE(comes_true([&] {
    return number("SELECT count(*) FROM hotclock.history WHERE ended = 'cancelled' AND slot_id = " + slot) == 1;
  })) << history();
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.leases"), 0);
  EXPECT_EQ(hotclock({"doctor"}).code, 0);
}

// On a server of its own, that goes away.
class ClusterWithoutDatabase : public Cluster {
 protected:
  ClusterWithoutDatabase() : server_({.durable = true}) { on(server_.url()); }

  sql::PostgresServer& server() { return server_; }
  void outage(const std::string& mode) {
    server_.stop(mode);
    server_.start();
  }

 private:
  sql::PostgresServer server_;
};

TEST_F(ClusterWithoutDatabase, ServersOutliveItsRestartsAndCrashes) {
  a_platform_of(1000);
  serve(), serve();
  const auto asked = pays();
  for (const char* mode : {"fast", "immediate"}) {
    if (!at_work()) break;
    outage(mode);
  }
  if (at_work())
    server().run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                 " AND backend_type = 'client backend'");
  expect_everybody_is_paid_once();
  EXPECT_EQ(attempts("failed"), 0)
      << history();
}

}  // namespace
}  // namespace hotclock
