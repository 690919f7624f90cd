#include "service/sql/sql_support.h"

#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>

namespace hotclock::sql {

ScratchDirectory::ScratchDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hotclock-XXXXXX").string();
  path_ = mkdtemp(pattern.data()) ? pattern : "";
  EXPECT_NE(path_, "") << "no temporary directory";
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::int64_t first(Transaction& transaction, const Statement& statement) {
  auto rows = transaction.query(statement);
  EXPECT_TRUE(rows) << (rows ? "" : rows.error().message());
  if (!rows || !(*rows)->next()) return ADD_FAILURE() << statement.name << " gives no row", -1;
  return (*rows)->integer(0);
}

std::int64_t count(Database& database, const Statement& statement) {
  auto transaction = database.read();
  EXPECT_TRUE(transaction) << (transaction ? "" : transaction.error().message());
  return transaction ? first(**transaction, statement) : -1;
}

ScratchDatabase::ScratchDatabase() {
  auto opened = open(url(), {.create = true});
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
  database_ = std::move(opened).value();
  const auto made = database_->script(
      "CREATE TABLE owners (name TEXT NOT NULL UNIQUE) STRICT;"
      "CREATE TABLE coins (id INTEGER PRIMARY KEY, owner TEXT NOT NULL REFERENCES owners (name),"
      "  amount INTEGER NOT NULL CHECK (amount >= 0)) STRICT;"
      "CREATE TABLE letters (owner TEXT REFERENCES owners (name) DEFERRABLE INITIALLY DEFERRED)"
      "  STRICT;"
      "INSERT INTO owners VALUES ('asha')");
  EXPECT_TRUE(made) << (made ? "" : made.error().message());
}

std::unique_ptr<Database> ScratchDatabase::reopened() const {
  auto opened = open(url());
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
  return std::move(opened).value();
}

void ScratchDatabase::outside(const std::string& text) const {
  sqlite3* plain = nullptr;
  EXPECT_EQ(sqlite3_open(file().c_str(), &plain), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(plain, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(plain);
  sqlite3_close(plain);
}

}  // namespace hotclock::sql
