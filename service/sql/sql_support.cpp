#include "service/sql/sql_support.h"

#include <sqlite3.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>

namespace hotclock::sql {

ScratchDirectory::ScratchDirectory(bool quick) {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code none;
  const bool in_memory = quick && std::filesystem::is_directory(memory, none);
  std::string pattern =
      ((in_memory ? memory : std::filesystem::temp_directory_path()) / "hotclock-XXXXXX").string();
  path_ = mkdtemp(pattern.data()) ? pattern : "";
  EXPECT_NE(path_, "") << "no temporary directory";
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

void speak_as_sqlite(Database& database) {
  if (database.dialect().engine != "postgresql") return;
  std::string text =
      "CREATE FUNCTION instant(bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS "
      "'SELECT to_timestamp($1 / 1000) + $1 % 1000 * interval ''1 ms''';"
      "CREATE FUNCTION instant(integer) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS "
      "'SELECT instant($1::bigint)';"
      "CREATE FUNCTION joined(text, text, text) RETURNS text LANGUAGE sql IMMUTABLE AS "
      "'SELECT coalesce($1 || $3, '''') || $2';"
      "CREATE AGGREGATE group_concat(text, text) (SFUNC = joined, STYPE = text);"
      "CREATE FUNCTION joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS "
      "'SELECT joined($1, $2, '','')';"
      "CREATE AGGREGATE group_concat(text) (SFUNC = joined, STYPE = text);";
  for (const std::string type : {"bigint", "integer"})
    text += "CREATE CAST (" + type + " AS timestamptz) WITH FUNCTION instant(" + type +
            ") AS IMPLICIT;";
  const auto done = database.script(text);
  EXPECT_TRUE(done) << (done ? "" : done.error().message());
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

std::string tested_engine() {
  const char* engine = std::getenv("HOTCLOCK_TEST_ENGINE");
  return engine ? engine : "sqlite";
}

ScratchPlace::ScratchPlace(const std::string& engine, bool quick) : directory_(quick) {
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
