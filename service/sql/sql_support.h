// For tests: a place that goes with the test, and a small database of either engine in it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "service/sql/postgres_support.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// A directory of its own, removed with everything in it.
class ScratchDirectory {
 public:
  // `quick`: in memory where there is such a place, for tests that make hundreds of databases and
  // kill processes, but no machines.
  explicit ScratchDirectory(bool quick = false);
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string url(const std::string& name) const { return "sqlite:" + file(name); }

 private:
  std::string path_;
};

// Lets tests write their own plain SQL once for both engines: instants as milliseconds,
// group_concat().
void speak_as_sqlite(Database& database);

// The first column of the first row. REQUIRES: there is one.
std::int64_t first(Transaction& transaction, const Statement& statement);
// The same in a reading transaction of its own.
std::int64_t count(Database& database, const Statement& statement);

// The engine that this run of the tests is about: HOTCLOCK_TEST_ENGINE, or "sqlite".
std::string tested_engine();

// An empty place for a database of either engine, gone with the test.
class ScratchPlace {
 public:
  explicit ScratchPlace(const std::string& engine = tested_engine(), bool quick = false);

  std::string url() const { return server_ ? server_->url() : directory_.url("test.db"); }
  const ScratchDirectory& directory() const { return directory_; }
  // Runs a text past the seam.
  void outside(const std::string& text) const;

 private:
  ScratchDirectory directory_;
  std::unique_ptr<PostgresScratch> server_;
};

// "sqlite", "postgresql".
std::vector<std::string> engines();

// An open database with tables owners (one row: asha), coins, letters and kinds.
class ScratchDatabase : public testing::Test {
 protected:
  explicit ScratchDatabase(const std::string& engine = "sqlite");

  Database& db() { return *database_; }
  std::string file() const { return directory().file("test.db"); }
  std::string url() const { return place_.url(); }
  const ScratchDirectory& directory() const { return place_.directory(); }

  // A second Database on the same file: as another process would have it.
  std::unique_ptr<Database> reopened() const;
  void close() { database_.reset(); }
  void outside(const std::string& text) const { place_.outside(text); }

 private:
  ScratchPlace place_;
  std::unique_ptr<Database> database_;
};

}  // namespace hotclock::sql
