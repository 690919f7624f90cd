// A streaming standby: what runs on it, what it says to those who want to write, and what nodes do when
// it is promoted.
#include <optional>

#include "tests/scaling/platform.h"

namespace hotclock {
namespace {

// A primary with a platform of a thousand users, and a standby that follows it.
class StandbyTest : public PlatformTest {
 protected:
  StandbyTest() {
    look_at(primary_.url());
    on(primary_.url());
    a_platform_of(1000);
    standby_.emplace(sql::ServerOptions{.standby_of = &primary_});
  }

  sql::PostgresServer& primary() { return primary_; }
  sql::PostgresServer& standby() { return *standby_; }
  // Whatever is committed from here on is on the standby too.
  void standby_is_synchronous() {
    primary_.run("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary_.run("SELECT pg_reload_conf()");
    EXPECT_TRUE(comes_true([&] {
      return primary_.run("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1";
    }));
  }
  void standby_has_caught_up() {
    const std::string there = primary_.run("SELECT pg_current_wal_lsn()");
    EXPECT_TRUE(comes_true([&] {
      return standby_->run("SELECT pg_last_wal_replay_lsn() >= '" + there + "'") == "t";
    }));
  }
  // As an operator writes it who names both.
  std::string url_of_both() const {
    return "postgresql://postgres@127.0.0.1:" + std::to_string(primary_.port()) + ",127.0.0.1:" +
           std::to_string(standby_->port()) + "/postgres?target_session_attrs=read-write";
  }

 private:
  sql::PostgresServer primary_;
  std::optional<sql::PostgresServer> standby_;
};

TEST_F(StandbyTest, WhatOnlyReadsRunsOnAStandby) {
  done({"run", "og-daily-bonus"});
  standby_has_caught_up();
  on(standby().url());
  EXPECT_NE(done({"history"}).find("og-daily-bonus"), std::string::npos);
  EXPECT_NE(done({"jobs"}).find("og-daily-bonus"), std::string::npos);
  EXPECT_NE(done({"next", "og-daily-bonus"}).find("Australia/Sydney"), std::string::npos);
  const std::string id = standby().run("SELECT execution_id FROM hotclock.history LIMIT 1");
  EXPECT_NE(done({"show", id}).find("og-daily-bonus"), std::string::npos);
  done({"doctor"});
}

TEST_F(StandbyTest, WhateverWritesSaysThatAStandbyCanOnlyBeRead) {
  done({"run", "og-daily-bonus", "--dry-run"});
  standby_has_caught_up();
  on(standby().url());
  const std::vector<std::vector<std::string>> commands = {
      {"serve"}, {"run", "og-daily-bonus"}, {"pause", "trust-score", "--reason", "x"}, {"demo", "--users", "5"}};
  for (const auto& command : commands) {
    const Ended refused = hotclock(command);
    EXPECT_NE(refused.code, 0) << command[0];
    EXPECT_NE(refused.err.find("is a standby, which can only be read; give the URL of the primary"),
              std::string::npos)
        << command[0] << ": " << refused.err;
  }
}

TEST_F(StandbyTest, NodesGoOnAtTheSynchronousStandbyThatWasPromoted) {
  standby_is_synchronous();
  on(url_of_both());
  serve(), serve();
  const auto asked = start({"run", "og-daily-bonus"});
  ASSERT_TRUE(comes_true([&] { return payments() > 20; }));
  primary().kill();
  standby().promote();
  look_at(standby().url());
  EXPECT_FALSE(bonus_is_done()) << "the test did not bite";
  expect_everybody_is_paid_once();
  EXPECT_GT(payments(), 300);
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.leases"), 0);
}

}  // namespace
}  // namespace hotclock
