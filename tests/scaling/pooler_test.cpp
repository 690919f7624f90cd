// PgBouncer between the program and its database.
#include <thread>
#include <vector>

#include "service/sql/sql.h"
#include "tests/scaling/pgbouncer.h"
#include "tests/scaling/platform.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

class PoolerTest : public PlatformTest {
 protected:
  PoolerTest() {
    look_at(server_.url());
    on(server_.url());
    a_platform_of(1000);
  }
  sql::PostgresServer& server() { return server_; }
  void expect_refused_as_no_session(const Ended& ended) const {
    EXPECT_NE(ended.code, 0) << ended.out;
    EXPECT_NE(ended.err.find("is reached through a pool that gives each transaction another server process"),
              std::string::npos)
        << ended.err;
    EXPECT_NE(ended.err.find("a pool in session mode"), std::string::npos) << ended.err;
  }

 private:
  sql::PostgresServer server_;
};

TEST_F(PoolerTest, ServersWorkThroughAPoolInSessionMode) {
  const PgBouncer pool(server(), "session");
  on(pool.url());
  serve(), serve();
  done({"run", "og-daily-bonus"});
  expect_everybody_is_paid_once();
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.history WHERE outcome NOT IN ('completed', 'missed')"), 0);
  EXPECT_GT(number("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"), 0)
      << "news travel through it";
}

TEST_F(PoolerTest, APoolInTransactionModeIsRefusedInOneLineAtTheStart) {
  const PgBouncer pool(server(), "transaction");
  on(pool.url());
  for (const char* command : {"serve", "doctor", "history", "jobs"}) expect_refused_as_no_session(hotclock({command}));
  expect_refused_as_no_session(hotclock({"run", "og-daily-bonus"}));
  EXPECT_EQ(payments(), 0);
}

TEST_F(PoolerTest, APoolInTransactionModeIsToldAlsoWhileOthersUseIt) {
  const PgBouncer pool(server(), "transaction", 4);
  std::vector<std::jthread> others;
  for (int i = 0; i < 4; ++i)
    others.emplace_back([&pool](const std::stop_token& stop) {
      while (!stop.stop_requested()) sql::plain_postgres(pool.url(), "SELECT pg_sleep(0.002)::text");
    });
  on(pool.url());
  for (int i = 0; i < 5; ++i) expect_refused_as_no_session(hotclock({"jobs"}));
}

TEST_F(PoolerTest, APoolOfOneServerConnectionInTransactionModeIsNotWaitedForInVain) {
  const PgBouncer pool(server(), "transaction", 1);
  on(pool.url());
  expect_refused_as_no_session(hotclock({"jobs"}));
}

TEST_F(PoolerTest, APoolInStatementModeIsRefusedToo) {
  const PgBouncer pool(server(), "statement");
  on(pool.url());
  expect_refused_as_no_session(hotclock({"serve"}));
}

TEST_F(PoolerTest, APoolThatIsTooSmallSaysHowManyConnectionsAreNeeded) {
  const PgBouncer pool(server(), "session", 1);
  on(pool.url());
  const Ended small = hotclock({"jobs"});
  EXPECT_NE(small.code, 0);
  EXPECT_NE(small.err.find("gives no second connection within 5 s"), std::string::npos) << small.err;
}

TEST_F(PoolerTest, ASessionThatLostItsPreparedStatementsSaysWhatTakesThem) {
  // As a session that lost its prepared statements to another one.
  const auto database = sql::open(server().url(), {}).value();
  static constexpr sql::Statement one{"one", "SELECT 1"};
  auto transaction = database->read().value();
  ASSERT_TRUE(transaction->query(one));
  ASSERT_TRUE(transaction->script("DEALLOCATE ALL"));
  const auto lost = transaction->query(one);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::unsupported);
  EXPECT_NE(lost.error().message().find("pool_mode = transaction"), std::string::npos) << lost.error().message();
}

TEST_F(PoolerTest, ALostCommitIsLookedUpBehindAPool) {
  const PgBouncer pool(server(), "session");
  const auto database = sql::open(pool.url(), {.look_up = 10s}).value();
  static constexpr sql::Statement memo{"memo", "INSERT INTO memos (job, memo) VALUES ('x', 'y')"};
  auto transaction = database->write().value();
  ASSERT_TRUE(transaction->exec(memo));
  server().run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid IS NOT NULL");
  const auto done = transaction->commit();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message().find("nothing was written"), std::string::npos) << done.error().message();
}

}  // namespace
}  // namespace hotclock
