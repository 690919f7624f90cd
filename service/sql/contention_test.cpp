// Who waits for whom, and how a wait or a statement is ended from outside.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "service/sql/sql.h"
#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

constexpr Statement insert_coin{"insert_coin", "INSERT INTO coins VALUES ($1, 'asha', $2)"};
constexpr Statement get_amount{"get_amount", "SELECT amount FROM coins WHERE id = 1"};
constexpr Statement set_amount{"set_amount", "UPDATE coins SET amount = $1 WHERE id = 1"};
constexpr Statement count_coins{"count_coins", "SELECT count(*) FROM coins"};
constexpr Statement endless{"endless",
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                            "SELECT count(*) FROM n"};
constexpr Statement endless_insert{
    "endless_insert",
    "INSERT INTO coins WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i, 'asha', i FROM n"};

// How long ending something from outside may take, on a machine that does much else.
constexpr auto at_once = 2s;

class ContentionTest : public ScratchDatabase {
 protected:
  // Lets `span` pass in the only way that needs no sleep: by a statement that takes as long.
  void pass(Duration span) {
    auto tx = db().read({.deadline = span}).value();
    EXPECT_EQ(tx->query(endless).error().code(), Errc::timeout);
  }
  void begin_counting() { ASSERT_TRUE(db().script("INSERT INTO coins VALUES (1, 'asha', 0)")); }
};

// Another process that holds the write lock of a database until it is killed.
class Holder {
 public:
  explicit Holder(const std::string& url) {
    int ready[2];
    EXPECT_EQ(pipe(ready), 0);
    pid_ = fork();
    if (pid_ == 0) hold(url, ready[1]);
    close(ready[1]);
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1) << "the other process did not get the lock";
    close(ready[0]);
  }
  ~Holder() { die(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  pid_t pid() const { return pid_; }
  void die() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void hold(const std::string& url, int ready) {
    auto mine = open(url);
    auto tx = mine ? (*mine)->write() : Result<std::unique_ptr<Transaction>>(mine.error());
    if (!tx || !(*tx)->exec(insert_coin, {99, 1})) _exit(1);
    if (write(ready, "x", 1) != 1) _exit(1);
    for (;;) pause();
  }

  pid_t pid_ = 0;
};

TEST_F(ContentionTest, AnotherProcessThatHoldsTheLockIsNamed) {
  const Holder holder(url());
  const auto tx = db().write({.deadline = 30ms});
  ASSERT_FALSE(tx);
  EXPECT_EQ(tx.error().code(), Errc::busy);
  EXPECT_NE(tx.error().message().find("locked by process " + std::to_string(holder.pid())),
            std::string::npos)
      << tx.error().message();
  EXPECT_NE(tx.error().message().find("still was after 30 ms"), std::string::npos);
}

TEST_F(ContentionTest, ReadersDoNotWaitForAWriter) {
  const Holder holder(url());
  EXPECT_EQ(count(db(), count_coins), 0);
  EXPECT_TRUE(open(url())) << "nor does whoever opens the database";
  EXPECT_TRUE(db().await_news({}, {}));
}

TEST_F(ContentionTest, AKilledWriterLeavesNothingAndHoldsNobodyUp) {
  Holder holder(url());
  holder.die();
  auto tx = db().write({.deadline = 10s}).value();
  EXPECT_EQ(first(*tx, count_coins), 0);
  EXPECT_TRUE(tx->exec(insert_coin, {1, 1}));
  EXPECT_TRUE(tx->commit());
  EXPECT_TRUE(db().integrity().value().empty());
}

TEST_F(ContentionTest, AStopEndsTheWaitForAnotherProcess) {
  const Holder holder(url());
  Result<> done;
  std::jthread waiter([&](std::stop_token stop) {
    const auto tx = db().write({.stop = stop, .deadline = 1h});
    if (!tx) done = tx.error();
  });
  pass(30ms);
  const auto asked = std::chrono::steady_clock::now();
  waiter.request_stop();
  waiter.join();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::stopped);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, at_once);
}

TEST_F(ContentionTest, AThreadWaitsItsTurnUntilItsDeadline) {
  auto first_writer = db().write().value();
  const auto second = db().write({.deadline = 20ms});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::busy);
  EXPECT_NE(second.error().message().find("another thread of this process"), std::string::npos);
  first_writer.reset();
  EXPECT_TRUE(db().write({.deadline = 20ms}));
}

TEST_F(ContentionTest, MoreReadersThanConnectionsWaitToo) {
  const auto narrow = open(url(), {.readers = 1}).value();
  auto reader = narrow->read().value();
  EXPECT_EQ(narrow->read({.deadline = 20ms}).error().code(), Errc::busy);
  reader.reset();
  EXPECT_TRUE(narrow->read({.deadline = 20ms}));
}

TEST_F(ContentionTest, ADeadlineEndsARunningStatement) {
  auto tx = db().read({.deadline = 30ms}).value();
  const auto begun = std::chrono::steady_clock::now();
  const auto rows = tx->query(endless);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error(), Error(Errc::timeout, "endless: not done within 30 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, at_once);
}

TEST_F(ContentionTest, AStopEndsARunningStatementAndNothingOfItStands) {
  Result<> done;
  std::atomic<bool> at_work = false;
  std::jthread worker([&](std::stop_token stop) {
    auto tx = db().write({.stop = stop, .deadline = 1h}).value();
    EXPECT_TRUE(tx->exec(insert_coin, {-1, 1}));
    at_work = true;
    if (auto ran = tx->exec(endless_insert); !ran) done = ran.error();
    EXPECT_EQ(tx->commit().error().code(), Errc::stopped);
  });
  while (!at_work) std::this_thread::yield();
  pass(30ms);
  const auto asked = std::chrono::steady_clock::now();
  worker.request_stop();
  worker.join();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::stopped);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, at_once);
  EXPECT_EQ(count(db(), count_coins), 0);
  EXPECT_TRUE(db().write()) << "the connection is whole";
}

TEST_F(ContentionTest, AStopThatCameBeforeAStatementStopsItToo) {
  std::stop_source source;
  auto tx = db().write({.stop = source.get_token()}).value();
  source.request_stop();
  EXPECT_EQ(tx->exec(insert_coin, {1, 1}).error().code(), Errc::stopped);
}

TEST_F(ContentionTest, AStopThatCameAfterTheWorkDoesNotUndoIt) {
  std::stop_source source;
  auto tx = db().write({.stop = source.get_token()}).value();
  ASSERT_TRUE(tx->exec(insert_coin, {1, 1}));
  source.request_stop();
  EXPECT_TRUE(tx->commit());
  tx.reset();
  EXPECT_EQ(count(db(), count_coins), 1);
}

TEST_F(ContentionTest, AStopOfOneTransactionDoesNotReachTheNext) {
  std::stop_source source;
  db().write({.stop = source.get_token()}).value().reset();
  source.request_stop();
  auto tx = db().write().value();
  EXPECT_TRUE(tx->exec(insert_coin, {1, 1}));
  EXPECT_TRUE(tx->commit());
}

// Reads, adds one, writes: loses a step wherever two do it at once.
void count_up(Database& database, int times) {
  for (int i = 0; i < times; ++i) {
    auto tx = database.write().value();
    const std::int64_t amount = first(*tx, get_amount);
    const auto set = tx->exec(set_amount, {amount + 1});
    ASSERT_TRUE(set) << set.error().message();
    const auto done = tx->commit();
    ASSERT_TRUE(done) << done.error().message();
  }
}

TEST_F(ContentionTest, NoStepIsLostAmongThreadsOfTwoDatabases) {
  begin_counting();
  const auto other = reopened();
  {
    std::vector<std::jthread> threads;
    for (Database* database : {&db(), other.get()})
      for (int i = 0; i < 3; ++i) threads.emplace_back([database] { count_up(*database, 25); });
  }
  EXPECT_EQ(count(db(), get_amount), 150);
}

TEST_F(ContentionTest, NoStepIsLostBetweenTwoProcesses) {
  begin_counting();
  close();
  const pid_t child = fork();
  if (child == 0) {
    count_up(*open(url()).value(), 50);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  const auto mine = open(url()).value();
  count_up(*mine, 50);
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(count(*mine, get_amount), 100);
}

TEST_F(ContentionTest, ManyMayOpenANewFileAtOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([this] {
      const auto mine = open(directory().url("new.db"), {.create = true});
      ASSERT_TRUE(mine) << mine.error().message();
      EXPECT_TRUE((*mine)->script("CREATE TABLE IF NOT EXISTS t (a INTEGER)"));
    });
}

TEST_F(ContentionTest, TheLogStaysSmallHoweverMuchIsWrittenInChunks) {
  static constexpr Statement chunk{
      "chunk",
      "INSERT INTO owners WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
      "i < 2000) SELECT $1 || ' ' || i FROM n"};
  off_t largest = 0;
  for (const std::string_view name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
                                      "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w"}) {
    for (const char* suffix : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
      auto tx = db().write().value();
      ASSERT_TRUE(tx->exec(chunk, {std::string(name) + suffix}));
      ASSERT_TRUE(tx->commit());
      struct stat log {};
      ASSERT_EQ(stat((file() + "-wal").c_str(), &log), 0);
      largest = std::max(largest, log.st_size);
    }
  }
  struct stat all {};
  ASSERT_EQ(stat(file().c_str(), &all), 0);
  EXPECT_GT(all.st_size, 7'000'000) << "too little to tell";
  EXPECT_LT(largest, 10'000'000);
}

}  // namespace
}  // namespace hotclock::sql
