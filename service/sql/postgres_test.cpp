// What PostgreSQL alone can do to us: go away, come back, answer late or not at all.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <limits>
#include <thread>

#include "service/sql/columns.h"
#include "service/sql/proxy_support.h"
#include "service/sql/sql.h"
#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

constexpr Statement insert_coin{"insert_coin",
                                "INSERT INTO coins (id, owner, amount) VALUES ($1, 'asha', $2)"};
constexpr Statement set_amount{"set_amount", "UPDATE coins SET amount = $2 WHERE id = $1"};
constexpr Statement count_coins{"count_coins", "SELECT count(*) FROM coins"};
constexpr Statement endless{"endless", "SELECT count(*) FROM (SELECT pg_sleep(3600)) AS night"};

// How long ending something from outside may take, on a machine that does much else.
constexpr auto at_once = 4s;

class PostgresTest : public ScratchDatabase {
 protected:
  PostgresTest() : ScratchDatabase("postgresql") {}

  void insert(std::int64_t id, Database& database) {
    auto tx = database.write().value();
    ASSERT_TRUE(tx->exec(insert_coin, {id, 1}));
    ASSERT_TRUE(tx->commit());
  }
  void insert(std::int64_t id) { insert(id, db()); }
  // Ends every session on this test's database but the one that asks.
  void end_all_sessions() const {
    outside(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }
  static std::int64_t coins(Database& database) { return count(database, count_coins); }
};

TEST_F(PostgresTest, ASessionThatWasEndedWhileItLayIdleIsReplacedWithoutAWord) {
  insert(1);
  end_all_sessions();
  insert(2);
  EXPECT_EQ(coins(db()), 2);
}

TEST_F(PostgresTest, AGlanceAfterItsSessionWasEndedIsAnsweredWithoutAWord) {
  insert(1);
  end_all_sessions();
  auto rows = db().glance().value()->query(count_coins);
  ASSERT_TRUE(rows) << rows.error().message();
}

TEST_F(PostgresTest, AGlanceIsOneQuery) {
  auto glance = db().glance().value();
  ASSERT_TRUE(glance->query(count_coins));
  const auto second = glance->query(count_coins);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::internal);
  EXPECT_EQ(coins(db()), 0);
}

TEST_F(PostgresTest, ColumnsCarryAnyValueToAStatement) {
  constexpr Statement taken_apart{
      "taken_apart",
      "SELECT a, b, c, d FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS DOUBLE PRECISION[]),"
      " CAST(CAST($3 AS TEXT) AS TEXT[]), CAST(CAST($4 AS TEXT) AS BIGINT[])) WITH ORDINALITY AS t (a, b, c, d, n)"
      " ORDER BY n"};
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::string> texts = {"", "NULL", R"({"name":"a, b"})", R"(back\slash \" {}')", "\n\t 👑"};
  const std::vector<double> reals = {0.1, -1e308, 5e-324, 1.0 / 3, 100};
  Columns<4> columns;
  for (std::size_t i = 0; i < texts.size(); ++i)
    columns.add(least + static_cast<std::int64_t>(i), reals[i], texts[i],
                i == 0 ? std::nullopt : std::optional<std::int64_t>(7));
  auto tx = db().read().value();
  auto rows = tx->query(taken_apart, columns.params());
  ASSERT_TRUE(rows) << rows.error().message();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE((*rows)->next());
    EXPECT_EQ((*rows)->integer(0), least + static_cast<std::int64_t>(i));
    EXPECT_EQ((*rows)->real(1), reals[i]);
    EXPECT_EQ((*rows)->text(2), texts[i]);
    EXPECT_EQ((*rows)->is_null(3), i == 0);
  }
  EXPECT_FALSE((*rows)->next());
}

TEST_F(PostgresTest, ColumnsWithoutARowAreEmptyArrays) {
  constexpr Statement counted{"counted", "SELECT cardinality(CAST(CAST($1 AS TEXT) AS BIGINT[]))"};
  const auto length = [&](Columns<1>& columns) {
    auto tx = db().read().value();
    auto rows = tx->query(counted, columns.params()).value();
    return rows->next() ? rows->integer(0) : -1;
  };
  Columns<1> columns;
  EXPECT_EQ(length(columns), 0);
  columns.clear();
  columns.add(std::int64_t{5});
  EXPECT_EQ(length(columns), 1);
  columns.clear();
  EXPECT_EQ(length(columns), 0);
}

TEST_F(PostgresTest, ASessionThatIsEndedInTheMiddleLeavesNothing) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  end_all_sessions();
  const auto lost = tx->exec(insert_coin, {2, 1});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::unavailable) << lost.error().message();
  EXPECT_EQ(tx->commit().error(), lost.error());
  tx.reset();
  EXPECT_EQ(coins(db()), 0);
}

TEST_F(PostgresTest, AStopEndsAStatementThatRunsOnTheServer) {
  Result<> done;
  std::atomic<bool> at_work = false;
  std::jthread worker([&](std::stop_token stop) {
    auto tx = db().write({.stop = stop, .deadline = 1h}).value();
    EXPECT_TRUE(tx->exec(insert_coin, {1, 1}));
    at_work = true;
    if (auto ran = tx->query(endless); !ran) done = ran.error();
    EXPECT_EQ(tx->commit().error().code(), Errc::stopped);
  });
  while (!at_work) std::this_thread::yield();
  const auto asked = std::chrono::steady_clock::now();
  worker.request_stop();
  worker.join();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::stopped);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, at_once);
  EXPECT_EQ(coins(db()), 0);
}

TEST_F(PostgresTest, ADeadlineEndsAStatementThatRunsOnTheServer) {
  auto tx = db().read({.deadline = 30ms}).value();
  const auto rows = tx->query(endless);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error(), Error(Errc::timeout, "endless: not done within 30 ms"));
}

TEST_F(PostgresTest, AStopEndsTheWaitForAnotherOnesRow) {
  insert(1);
  auto holder = db().write().value();
  ASSERT_TRUE(holder->exec(set_amount, {1, 7}));
  std::stop_source source;
  auto waiter = db().write({.stop = source.get_token(), .deadline = 1h}).value();
  std::jthread stopper([&] { source.request_stop(); });
  const auto waited = waiter->exec(set_amount, {1, 8});
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code(), Errc::stopped);
}

TEST_F(PostgresTest, TwoThatWaitForEachOtherAreToldSo) {
  insert(1), insert(2);
  auto one = db().write().value();
  auto two = db().write().value();
  ASSERT_TRUE(one->exec(set_amount, {1, 7}));
  ASSERT_TRUE(two->exec(set_amount, {2, 7}));
  Result<std::int64_t> crossed = 0;
  std::jthread other([&] { crossed = two->exec(set_amount, {1, 8}); });
  const auto mine = one->exec(set_amount, {2, 8});
  one.reset();
  other.join();
  EXPECT_NE(mine.has_value(), crossed.has_value()) << "one of them gives way";
  const Error why = mine ? crossed.error() : mine.error();
  EXPECT_EQ(why.code(), Errc::busy) << why.message();
}

TEST_F(PostgresTest, TheLedgersActsRunOneAtATimeAmongAllProcesses) {
  const auto other = reopened();
  auto first = db().write_alone().value();
  const auto second = other->write_alone({.deadline = 50ms});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::busy);
  EXPECT_NE(second.error().message().find("another node writes the ledger"), std::string::npos)
      << second.error().message();
  EXPECT_TRUE(other->write()) << "all others may write";
  ASSERT_TRUE(first->commit());
  first.reset();
  EXPECT_TRUE(other->write_alone());
}

TEST_F(PostgresTest, TheServersClockIsToldToWhoWrites) {
  const auto before = std::chrono::system_clock::now();
  const auto tx = db().write().value();
  ASSERT_TRUE(tx->now());
  const auto off = std::chrono::system_clock::time_point(tx->now()->time_since_epoch()) - before;
  EXPECT_LT(std::chrono::abs(off), 10s);
  EXPECT_FALSE(db().read().value()->now());
}

TEST_F(PostgresTest, WholeColumnsArriveAsTheyAre) {
  static constexpr Statement insert{
      "insert_all", "INSERT INTO kinds (i, t) SELECT i, t FROM unnest($1::bigint[], $2::text[]) AS k (i, t)"};
  static constexpr Statement sums{"sums", "SELECT count(*), sum(i)::bigint, min(i) FROM kinds WHERE t = 'asha'"};
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < 5000; ++i) numbers.push_back(i % 2 ? i << 40 : -(i << 40));
  const std::vector<std::string_view> owners(numbers.size(), "asha");
  auto tx = db().write().value();
  EXPECT_EQ(tx->exec(insert, {Integers(numbers), Texts(owners)}).value(), 5000);
  EXPECT_EQ(tx->exec(insert, {Integers(), Texts()}).value(), 0);
  auto rows = tx->query(sums).value();
  ASSERT_TRUE(rows->next());
  EXPECT_EQ(rows->integer(0), 5000);
  EXPECT_EQ(rows->integer(1), std::int64_t{2500} << 40);
  EXPECT_EQ(rows->integer(2), -(std::int64_t{4998} << 40));
}

TEST_F(PostgresTest, TextsAndInstantsOfAColumnComeBackInTheirOrder) {
  static constexpr Statement echo{
      "echo", "SELECT word, at FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS c (word, at, n) ORDER BY n"};
  const std::vector<std::string_view> words = {"", "NULL", "{\"a\", b}", "\xc3\xa9"};
  const std::vector<Instant> instants = {from_millis(0), from_millis(1'790'000'000'123), Instant::max(), Instant::min()};
  auto tx = db().read().value();
  auto rows = tx->query(echo, {Texts(words), Instants(instants)}).value();
  for (std::size_t i = 0; i < words.size(); ++i) {
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->text(0), words[i]);
    EXPECT_EQ(rows->instant(1), instants[i]);
  }
}

TEST_F(PostgresTest, AColumnOfAnotherTypeIsAFaultThatNamesThePlace) {
  static constexpr Statement count_them{"count_them", "SELECT count(*) FROM unnest($1::bigint[])"};
  const std::vector<std::string_view> words = {"one"};
  auto tx = db().read().value();
  const auto wrong = tx->query(count_them, {Texts(words)});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code(), Errc::internal);
  EXPECT_TRUE(wrong.error().message().starts_with("count_them: $1: is a column of another type"))
      << wrong.error().message();
}

TEST_F(PostgresTest, ATextThatNoEngineTakesIsRefusedInAColumnToo) {
  static constexpr Statement count_them{"count_them", "SELECT count(*) FROM unnest($1::text[])"};
  const std::vector<std::string_view> words = {"good", std::string_view("b\0d", 3)};
  auto tx = db().read().value();
  EXPECT_EQ(tx->query(count_them, {Texts(words)}).error().code(), Errc::invalid);
}

// Its plans are made once, and some while a table is empty.
TEST_F(PostgresTest, TheLedgersStatementsNeverReadAWholeTable) {
  static constexpr Statement setting{"setting", "SELECT current_setting('enable_seqscan')"};
  const auto of = [](Transaction& tx) {
    auto rows = tx.query(setting).value();
    return rows->next() ? std::string(rows->text(0)) : "";
  };
  EXPECT_EQ(of(*db().write_alone().value()), "off");
  EXPECT_EQ(of(*db().write().value()), "on");
}

TEST_F(PostgresTest, WaitingForAConnectionHasAnEnd) {
  const auto narrow = open(url(), {.connections = 1}).value();
  auto only = narrow->write().value();
  const auto second = narrow->read({.deadline = 20ms});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::busy);
  EXPECT_NE(second.error().message().find("all connections"), std::string::npos);
  EXPECT_TRUE(narrow->write_alone()) << "the ledger has its own";
}

TEST_F(PostgresTest, NewsWakesAWaiterAtOnceAndOnesOwnDoesNot) {
  ASSERT_TRUE(db().await_news({}, {}).value());
  {
    auto own = db().write().value();
    ASSERT_TRUE(own->notify());
    ASSERT_TRUE(own->commit());
  }
  EXPECT_FALSE(db().await_news(std::chrono::steady_clock::now() + 50ms, {}).value());
  const auto other = reopened();
  std::jthread teller([&] {
    auto tx = other->write().value();
    ASSERT_TRUE(tx->notify());
    ASSERT_TRUE(tx->commit());
  });
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_TRUE(db().await_news(begun + 1h, {}).value());
  EXPECT_LT(std::chrono::steady_clock::now() - begun, at_once);
}

TEST_F(PostgresTest, AStopEndsTheWaitForNews) {
  ASSERT_TRUE(db().await_news({}, {}).value());
  std::stop_source source;
  std::jthread stopper([&] { source.request_stop(); });
  EXPECT_FALSE(db().await_news(std::chrono::steady_clock::now() + 1h, source.get_token()).value());
}

TEST_F(PostgresTest, AListenerThatLostItsSessionListensAnewAndLooks) {
  ASSERT_TRUE(db().await_news({}, {}).value());
  end_all_sessions();
  EXPECT_FALSE(db().await_news(std::chrono::steady_clock::now() + 5s, {}));
  EXPECT_TRUE(db().await_news({}, {}).value()) << "something may have been missed";
}

TEST_F(PostgresTest, AReadOnlyServerIsToldAsOne) {
  outside("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() ||"
          " ' SET default_transaction_read_only = on'; END $$");
  const auto other = reopened();
  auto tx = other->write();
  const Error why = tx ? (*tx)->exec(insert_coin, {1, 1}).error() : tx.error();
  EXPECT_EQ(why.code(), Errc::read_only) << why.message();
}

TEST_F(PostgresTest, ASchemaThatIsNotThereIsNamed) {
  const auto missing = open(url(), {.schema = "elsewhere"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::not_found);
  EXPECT_NE(missing.error().message().find("elsewhere"), std::string::npos);
  EXPECT_EQ(open(url(), {.schema = "No; DROP"}).error().code(), Errc::invalid);
}

TEST(PostgresOpen, EachKindOfRefusalIsToldApart) {
  const std::string url = shared_postgres();
  EXPECT_EQ(open(with_database(url, "no_such_database")).error().code(), Errc::not_found);
  const auto nobody = open("postgresql://postgres@127.0.0.1:1/x");
  EXPECT_EQ(nobody.error().code(), Errc::unavailable) << nobody.error().message();
}

// ---------------------------------------------------------------- a server of one's own

// A server that goes away, reached by way of something that loses what it carries.
class UnreliableTest : public testing::Test {
 protected:
  UnreliableTest() : proxy_(server_.port()) {
    database_ = open(server_.tcp_url("postgres", proxy_.port()), {.create = true, .look_up = 10s}).value();
    EXPECT_TRUE(database_->script("CREATE TABLE coins (id BIGINT PRIMARY KEY, owner TEXT, amount BIGINT)"));
  }

  Database& db() { return *database_; }
  Proxy& proxy() { return proxy_; }
  PostgresServer& server() { return server_; }
  std::string coins() { return server_.run("SELECT count(*) FROM hotclock.coins"); }

 private:
  PostgresServer server_;
  Proxy proxy_;
  std::unique_ptr<Database> database_;
};

TEST_F(UnreliableTest, ACommitWhoseAnswerWasLostIsLookedUp) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  proxy().lose(Proxy::Loss::answer);
  const auto done = tx->commit();
  EXPECT_TRUE(proxy().lost()) << "the test did not bite";
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_EQ(coins(), "1");
}

TEST_F(UnreliableTest, ACommitThatNeverArrivedHasWrittenNothing) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  proxy().lose(Proxy::Loss::question);
  const auto done = tx->commit();
  EXPECT_TRUE(proxy().lost()) << "the test did not bite";
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::unavailable) << done.error().message();
  EXPECT_NE(done.error().message().find("nothing was written"), std::string::npos);
  EXPECT_EQ(coins(), "0");
}

TEST_F(UnreliableTest, ACommitThatCarriesWhatWasPostedIsLookedUpLikeAnyOther) {
  for (const auto loss : {Proxy::Loss::answer, Proxy::Loss::question}) {
    const std::string before = coins();
    auto tx = db().write_alone().value();
    ASSERT_TRUE(tx->post(insert_coin, {loss == Proxy::Loss::answer ? 1 : 2, 1}));
    ASSERT_TRUE(tx->notify());
    const int losses = proxy().losses();
    proxy().lose(loss);
    const auto done = tx->commit();
    EXPECT_EQ(proxy().losses(), losses + 1) << "the test did not bite";
    EXPECT_EQ(static_cast<bool>(done), loss == Proxy::Loss::answer);
    EXPECT_EQ(coins() != before, loss == Proxy::Loss::answer);
    EXPECT_TRUE(done || done.error().code() == Errc::unavailable) << done.error().message();
  }
}

TEST_F(UnreliableTest, ACommitThatNobodyCanBeAskedAboutIsUnknown) {
  const auto hurried =
      open(server().tcp_url("postgres", proxy().port()), {.look_up = 300ms}).value();
  auto tx = hurried->write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  server().stop("immediate");
  const auto done = tx->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::unknown) << done.error().message();
  EXPECT_NE(done.error().message().find("the outcome of the commit is unknown"), std::string::npos);
}

// A crash forgets an id that never reached the log, and the next transaction gets it.
TEST_F(UnreliableTest, ACommitIsNotTakenForThatOfAnotherTransactionThatGotItsId) {
  const auto pure = server().run("SELECT pg_current_xact_id()");
  server().run("CHECKPOINT");
  auto tx = db().write().value();
  const auto next = std::to_string(std::stoll(pure) + 1);
  server().stop("immediate");
  server().start();
  std::string given;
  for (int attempt = 0; attempt < 100 && given != next; ++attempt)
    given = server().run("BEGIN; CREATE TABLE of_another" + std::to_string(attempt) +
                         " (); SELECT pg_current_xact_id(); COMMIT");
  ASSERT_EQ(server().run("SELECT pg_xact_status('" + next + "')"), "committed") << "the test did not bite";
  const auto done = tx->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::unknown) << done.error().message();
}

TEST_F(UnreliableTest, ACommitThatTheServerForgotInACrashHasWrittenNothing) {
  server().run("CHECKPOINT");
  auto tx = db().write().value();
  server().stop("immediate");
  server().start();
  const auto done = tx->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::unavailable) << done.error().message();
  EXPECT_NE(done.error().message().find("nothing was written"), std::string::npos) << done.error().message();
}

TEST_F(UnreliableTest, AfterARestartWorkGoesOn) {
  server().restart();
  auto tx = db().write();
  ASSERT_TRUE(tx) << tx.error().message();
  ASSERT_TRUE((*tx)->exec(insert_coin, {1, 1}));
  ASSERT_TRUE((*tx)->commit());
  EXPECT_EQ(coins(), "1");
}

// A drain that finds the server away is a drain, and not a failure of the work that waits.
TEST_F(UnreliableTest, AStopEndsTheWaitForAServerThatIsAway) {
  server().stop("immediate");
  std::stop_source source;
  std::jthread stopper([&] { source.request_stop(); });
  const auto begun = db().write({.stop = source.get_token(), .deadline = 1h});
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code(), Errc::stopped) << begun.error().message();
}

TEST_F(UnreliableTest, AServerThatComesBackWithinSecondsIsWaitedFor) {
  server().stop();
  std::jthread waiter([&] { EXPECT_TRUE(db().write()); });
  server().start();
}

TEST_F(UnreliableTest, AServerThatCrashesMidwayLeavesNothing) {
  auto tx = db().write().value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  server().stop("immediate");
  const auto lost = tx->exec(insert_coin, {2, 1});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::unavailable) << lost.error().message();
  tx.reset();
  server().start();
  EXPECT_EQ(coins(), "0");
}

TEST_F(UnreliableTest, AServerThatFallsSilentDoesNotOutlastTheDeadline) {
  auto tx = db().write({.deadline = 100ms}).value();
  proxy().silence(true);
  const auto begun = std::chrono::steady_clock::now();
  const auto lost = tx->exec(insert_coin, {1, 1});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::timeout) << lost.error().message();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s);
  tx.reset();
  proxy().silence(false);
  EXPECT_TRUE(db().write());
}

TEST(PostgresTls, ACertificateIsCheckedAgainstTheAuthorityThatIsNamed) {
  const PostgresServer server({.tls = true});
  const ScratchDirectory directory;
  const std::string authority = directory.file("root.crt");
  std::ofstream(authority) << std::ifstream(server.directory() + "/data/server.crt").rdbuf();
  const std::string url =
      "postgresql://postgres@localhost:" + std::to_string(server.port()) + "/postgres?sslmode=verify-full";
  const auto trusted = open(url + "&sslrootcert=" + authority, {.create = true});
  ASSERT_TRUE(trusted) << trusted.error().message();
  static constexpr Statement encrypted{
      "encrypted", "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl"};
  EXPECT_EQ(count(**trusted, encrypted), 1);
  const PostgresServer stranger({.tls = true});
  const auto other = open("postgresql://postgres@localhost:" + std::to_string(stranger.port()) +
                          "/postgres?sslmode=verify-full&sslrootcert=" + authority);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message().find("certificate"), std::string::npos) << other.error().message();
}

}  // namespace
}  // namespace hotclock::sql
