// For tests: a directory that goes with the test, and a small database in it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>

#include "service/sql/sql.h"

namespace hotclock::sql {

// A directory of its own, removed with everything in it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string url(const std::string& name) const { return "sqlite:" + file(name); }

 private:
  std::string path_;
};

// The first column of the first row. REQUIRES: there is one.
std::int64_t first(Transaction& transaction, const Statement& statement);
// The same in a reading transaction of its own.
std::int64_t count(Database& database, const Statement& statement);

// An open database with tables owners (one row: asha), coins and letters.
class ScratchDatabase : public testing::Test {
 protected:
  ScratchDatabase();

  Database& db() { return *database_; }
  std::string file() const { return directory_.file("test.db"); }
  std::string url() const { return directory_.url("test.db"); }
  const ScratchDirectory& directory() const { return directory_; }

  // A second Database on the same file: as another process would have it.
  std::unique_ptr<Database> reopened() const;
  void close() { database_.reset(); }
  // Runs a text by plain SQLite, past the seam.
  void outside(const std::string& text) const;

 private:
  ScratchDirectory directory_;
  std::unique_ptr<Database> database_;
};

}  // namespace hotclock::sql
