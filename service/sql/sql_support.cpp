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

std::vector<std::string> engines() { return {"sqlite", "postgresql"}; }

ScratchPlace::ScratchPlace(const std::string& engine) {
  if (engine == "postgresql") server_ = std::make_unique<PostgresScratch>();
}

ScratchDatabase::ScratchDatabase(const std::string& engine) : place_(engine) {
  auto opened = open(url(), {.create = true});
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
  database_ = std::move(opened).value();
  const Dialect& type = database_->dialect();
  const std::string integer(type.integer), real(type.real), instant(type.instant);
  const std::string end = ")" + std::string(type.table_end) + ";";
  const auto made = database_->script(
      "CREATE TABLE owners (name TEXT NOT NULL UNIQUE" + end +
      "CREATE TABLE coins (id " + integer + " PRIMARY KEY, owner TEXT NOT NULL REFERENCES owners (name),"
      "  amount " + integer + " NOT NULL CHECK (amount >= 0)" + end +
      "CREATE TABLE letters (owner TEXT REFERENCES owners (name) DEFERRABLE INITIALLY DEFERRED" + end +
      "CREATE TABLE kinds (i " + integer + ", r " + real + ", t TEXT, at " + instant + end +
      "INSERT INTO owners VALUES ('asha')");
  EXPECT_TRUE(made) << (made ? "" : made.error().message());
}

std::unique_ptr<Database> ScratchDatabase::reopened() const {
  auto opened = open(url());
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
  return std::move(opened).value();
}

void ScratchPlace::outside(const std::string& text) const {
  if (server_) return void(plain_postgres(server_->url(), text));
  sqlite3* plain = nullptr;
  EXPECT_EQ(sqlite3_open(directory_.file("test.db").c_str(), &plain), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(plain, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(plain);
  sqlite3_close(plain);
}

}  // namespace hotclock::sql
