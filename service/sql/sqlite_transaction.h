// A transaction on an SQLite connection, and the rows it gives.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "service/sql/sql.h"
#include "service/sql/sqlite_connection.h"

namespace hotclock::sql {

class SqliteTransaction;

// Threads: its transaction's.
class SqliteRows final : public Rows {
 public:
  // The statement has just been stepped with result `rc`; `watch` is stopped at its end.
  SqliteRows(SqliteTransaction& transaction, std::shared_ptr<SqliteStatement> statement,
             std::string_view name, int rc, const Stopwatch& watch);
  ~SqliteRows() override;
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

  bool next() override;
  Result<> end() override;

  bool is_null(int column) const override;
  std::int64_t integer(int column) const override;
  double real(int column) const override;
  std::string_view text(int column) const override;
  Instant instant(int column) const override;
  Param value(int column) const override;

 private:
  friend class SqliteTransaction;
  // The statement is at its end, or its transaction is: nothing more comes.
  void finish();
  sqlite3_stmt* handle() const { return statement_->handle(); }

  SqliteTransaction* transaction_;
  std::shared_ptr<SqliteStatement> statement_;  // null at the end
  const std::string name_;
  const Stopwatch watch_;
  bool first_ = true;  // the row of the first step is not given yet
  std::optional<Error> error_;
};

class SqliteTransaction final : public Transaction {
 public:
  // Gives the connection back to whoever lent it.
  using Return = std::function<void(std::unique_ptr<SqliteConnection>)>;

  // Begins: a writing one waits for the file's write lock as long as the watch allows.
  static Result<std::unique_ptr<Transaction>> begin(std::unique_ptr<SqliteConnection> connection,
                                                    Return give_back, const Watch& watch,
                                                    bool writing);
  ~SqliteTransaction() override;
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  using Transaction::exec;
  using Transaction::query;
  Result<std::int64_t> exec(const Statement& statement, std::span<const Param> params) override;
  Result<std::unique_ptr<Rows>> query(const Statement& statement,
                                      std::span<const Param> params) override;
  Result<> script(std::string_view text) override;
  Result<> check(const Statement& statement) override;
  Result<> commit() override;

 private:
  friend class SqliteRows;

  SqliteTransaction(std::unique_ptr<SqliteConnection> connection, Return give_back,
                    const Watch& watch, bool writing)
      : connection_(std::move(connection)),
        give_back_(std::move(give_back)),
        watch_(watch),
        writing_(writing) {}

  // Why nothing may be run any more; none while all is well.
  std::optional<Error> ended();
  // Keeps the first error: it is every later call's.
  Error fail(Error error);
  Result<std::shared_ptr<SqliteStatement>> ready(const Statement& statement,
                                                 std::span<const Param> params, bool keep);
  // Ends all rows, takes the watch off, and leaves the connection at rest.
  void roll_back();
  void finish_rows();
  void forget(SqliteRows* rows);

  std::unique_ptr<SqliteConnection> connection_;
  Return give_back_;
  const Watch watch_;
  const bool writing_;
  bool committed_ = false;
  std::optional<Error> failed_;
  std::vector<SqliteRows*> open_rows_;
};

}  // namespace hotclock::sql
