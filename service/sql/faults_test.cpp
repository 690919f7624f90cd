// What a broken, forbidden, missing or full database gives: one clear error, and nothing half-done.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "service/sql/sql.h"
#include "service/sql/sql_support.h"

namespace hotclock::sql {
namespace {

constexpr Statement insert_many{
    "insert_many",
    "INSERT INTO owners WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
    "50000) SELECT 'somebody with a long name, number ' || i FROM n"};
constexpr Statement insert_one{"insert_one", "INSERT INTO owners VALUES ('bina')"};
constexpr Statement count_owners{"count_owners", "SELECT count(*) FROM owners"};
constexpr Statement read_owners{"read_owners", "SELECT sum(length(name)) FROM owners"};

Error open_error(const std::string& url, bool create = false) {
  const auto opened = open(url, {.create = create});
  return opened ? Error(Errc::internal, "it opened") : opened.error();
}

TEST(Open, WhatIsNoDatabaseUrlIsRefusedWithWhatWouldBe) {
  EXPECT_EQ(open_error("hotclock.db").code(), Errc::invalid);
  EXPECT_EQ(open_error("sqlite:").code(), Errc::invalid);
  EXPECT_EQ(open_error("sqlite::memory:").code(), Errc::invalid);
  const Error other = open_error("mysql://db/name");
  EXPECT_EQ(other.code(), Errc::invalid);
  EXPECT_NE(other.message().find("mysql"), std::string::npos);
  EXPECT_NE(other.message().find("sqlite:PATH"), std::string::npos);
}

TEST(Open, APasswordIsNeverRepeated) {
  for (const char* url : {"postgresql://ops:hunter2@127.0.0.1:1/platform", "postgresql://ops:hunter2@[/x",
                          "postgresql://ops@127.0.0.1:1/platform?password=hunter2&nonsense=1"}) {
    const Error error = open_error(url);
    EXPECT_EQ(error.message().find("hunter2"), std::string::npos) << error.message();
  }
}

class FaultsTest : public ScratchDatabase {
 protected:
  void fill() {
    auto tx = db().write().value();
    ASSERT_TRUE(tx->exec(insert_many));
    ASSERT_TRUE(tx->commit());
  }
  // Overwrites the database file from `offset` on.
  void damage(std::streamoff offset, std::size_t bytes) const {
    std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(offset);
    stream << std::string(bytes, '\x5a');
  }
};

TEST_F(FaultsTest, AMissingFileIsNotMadeUnasked) {
  const Error error = open_error(directory().url("none.db"));
  EXPECT_EQ(error.code(), Errc::not_found);
  EXPECT_NE(error.message().find(directory().file("none.db")), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory().file("none.db")));
  EXPECT_TRUE(open(directory().url("none.db"), {.create = true}));
}

TEST_F(FaultsTest, AMissingDirectoryIsNamed) {
  const Error error = open_error(directory().url("no/such/place.db"), true);
  EXPECT_EQ(error.code(), Errc::not_found);
  EXPECT_NE(error.message().find(directory().file("no/such")), std::string::npos);
}

TEST_F(FaultsTest, ADirectoryIsNoDatabase) {
  EXPECT_EQ(open_error("sqlite:" + directory().path()).code(), Errc::invalid);
}

TEST_F(FaultsTest, AnotherKindOfFileIsNoDatabase) {
  std::ofstream(directory().file("notes.txt")) << std::string(5000, 'n');
  const Error error = open_error(directory().url("notes.txt"));
  EXPECT_EQ(error.code(), Errc::corrupt);
  EXPECT_NE(error.message().find("is not an SQLite database"), std::string::npos)
      << error.message();
}

TEST_F(FaultsTest, ADamagedPageIsToldApartFromEverythingElse) {
  fill();
  close();
  damage(40 * 4096, 20 * 4096);
  const auto damaged = reopened();
  auto tx = damaged->read().value();
  auto rows = tx->query(read_owners);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code(), Errc::corrupt);
  EXPECT_NE(rows.error().message().find("restore a backup"), std::string::npos);
  EXPECT_FALSE(damaged->integrity().value_or({}).empty());
}

TEST_F(FaultsTest, AFileThatEndsTooEarlyIsDamaged) {
  fill();
  close();
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  const auto opened = open(url());
  if (!opened) {
    EXPECT_EQ(opened.error().code(), Errc::corrupt);
    return;
  }
  auto tx = (*opened)->read().value();
  EXPECT_EQ(tx->query(read_owners).error().code(), Errc::corrupt);
}

// Root may write everything, so these act as somebody else while they live.
class AsNobody {
 public:
  AsNobody() {
    if (geteuid() == 0) changed_ = seteuid(65534) == 0;
  }
  ~AsNobody() {
    if (changed_) {
      EXPECT_EQ(seteuid(0), 0);
    }
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  bool changed_ = false;
};

TEST_F(FaultsTest, AFileThatMayNotBeWrittenIsRefused) {
  close();
  ASSERT_EQ(chmod(directory().path().c_str(), 0777), 0);
  ASSERT_EQ(chmod(file().c_str(), 0444), 0);
  const AsNobody nobody;
  const Error error = open_error(url());
  EXPECT_EQ(error.code(), Errc::read_only);
  EXPECT_NE(error.message().find(file()), std::string::npos);
}

TEST_F(FaultsTest, ADirectoryThatMayNotBeWrittenIsRefusedWithTheReason) {
  close();
  ASSERT_EQ(chmod(file().c_str(), 0666), 0);
  ASSERT_EQ(chmod(directory().path().c_str(), 0555), 0);
  {
    const AsNobody nobody;
    const Error error = open_error(url());
    EXPECT_EQ(error.code(), Errc::read_only);
    EXPECT_NE(error.message().find("write-ahead log"), std::string::npos) << error.message();
  }
  ASSERT_EQ(chmod(directory().path().c_str(), 0755), 0);
}

// `act` fails for want of room; once there is room again all is as before and work goes on.
template <class Act>
void expect_full_and_whole(Database& database, Act make_room) {
  {
    auto tx = database.write().value();
    auto done = tx->exec(insert_many);
    const Error error = done ? tx->commit().error() : done.error();
    EXPECT_EQ(error.code(), Errc::disk_full) << error.message();
    EXPECT_EQ(tx->commit().error(), error);
  }
  EXPECT_EQ(count(database, count_owners), 1) << "nothing half-done, and reading still works";
  make_room();
  auto tx = database.write().value();
  ASSERT_TRUE(tx->exec(insert_one));
  ASSERT_TRUE(tx->commit());
  tx.reset();
  EXPECT_EQ(count(database, count_owners), 2);
  EXPECT_TRUE(database.integrity().value().empty());
}

TEST_F(FaultsTest, ADatabaseAtItsSizeLimitIsFull) {
  ASSERT_TRUE(db().script("PRAGMA max_page_count=40"));
  expect_full_and_whole(db(),
                        [&] { ASSERT_TRUE(db().script("PRAGMA max_page_count=1073741823")); });
}

TEST_F(FaultsTest, AFileSizeLimitOfTheProcessIsAFullDisk) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = 300'000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  expect_full_and_whole(db(), [&] { ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0); });
  setrlimit(RLIMIT_FSIZE, &before);
}

// A file system of one megabyte, seen by a process of its own alone.
int full_file_system(const std::string& place) {
  if (unshare(CLONE_NEWNS) != 0) return 77;
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 77;
  if (mount("tmpfs", place.c_str(), "tmpfs", 0, "size=1m") != 0) return 77;
  const auto database = open("sqlite:" + place + "/small.db", {.create = true}).value();
  if (!database->script("CREATE TABLE owners (name TEXT); INSERT INTO owners VALUES ('asha')"))
    return 1;
  expect_full_and_whole(*database, [&] {
    EXPECT_EQ(mount("tmpfs", place.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
  });
  return testing::Test::HasFailure() ? 1 : 0;
}

TEST_F(FaultsTest, AFullFileSystemIsToldAndOvercome) {
  close();
  std::filesystem::create_directory(directory().file("small"));
  const pid_t child = fork();
  if (child == 0) _exit(full_file_system(directory().file("small")));
  int status = -1;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "needs the right to mount a file system";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hotclock::sql
