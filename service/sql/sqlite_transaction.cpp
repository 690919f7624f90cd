#include "service/sql/sqlite_transaction.h"

#include <algorithm>

namespace hotclock::sql {

Result<std::unique_ptr<Transaction>> SqliteTransaction::begin(
    std::unique_ptr<SqliteConnection> connection, Return give_back, const Watch& watch,
    bool writing) {
  std::unique_ptr<SqliteTransaction> made(
      new SqliteTransaction(std::move(connection), std::move(give_back), watch, writing));
  made->connection_->obey(watch);
  // A writer takes the lock at once: one that reads first and writes later would fail on the way,
  // without any waiting.
  static constexpr Statement begin_writing{"begin", "BEGIN IMMEDIATE"};
  static constexpr Statement begin_reading{"begin", "BEGIN"};
  if (auto begun = made->exec(writing ? begin_writing : begin_reading); !begun)
    return std::move(begun).error();
  return std::unique_ptr<Transaction>(std::move(made));
}

SqliteTransaction::~SqliteTransaction() {
  roll_back();
  give_back_(std::move(connection_));
}

Result<std::int64_t> SqliteTransaction::exec(const Statement& statement,
                                             std::span<const Param> params) {
  auto run = ready(statement, params, false);
  if (!run) return std::move(run).error();
  const Stopwatch watch((*run)->timing);
  const std::int64_t before = connection_->changes_in_all();
  int rc = SQLITE_ROW;
  while (rc == SQLITE_ROW) rc = sqlite3_step((*run)->handle());
  watch.stop();
  if (rc != SQLITE_DONE) {
    Error error = connection_->error(rc).within(statement.name);
    (*run)->reset();
    return fail(std::move(error));
  }
  (*run)->reset();
  // Foreign keys' own changes count in the difference alone, and a statement that changes nothing
  // leaves the last one's number standing.
  return connection_->changes_in_all() == before ? 0 : connection_->last_changes();
}

Result<std::unique_ptr<Rows>> SqliteTransaction::query(const Statement& statement,
                                                       std::span<const Param> params) {
  auto run = ready(statement, params, true);
  if (!run) return std::move(run).error();
  // Stepped at once: what a RETURNING statement changes is changed now, its error is ours.
  const Stopwatch watch((*run)->timing);
  const int rc = sqlite3_step((*run)->handle());
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
    watch.stop();
    Error error = connection_->error(rc).within(statement.name);
    (*run)->reset();
    return fail(std::move(error));
  }
  return std::unique_ptr<Rows>(
      std::make_unique<SqliteRows>(*this, std::move(run).value(), statement.name, rc, watch));
}

Result<> SqliteTransaction::script(std::string_view text) {
  if (auto end = ended()) return std::move(*end);
  if (auto run = connection_->run(std::string(text)); !run)
    return fail(std::move(run).error().within("script"));
  return {};
}

Result<> SqliteTransaction::check(const Statement& statement) {
  if (auto end = ended()) return std::move(*end);
  auto prepared = connection_->prepare(statement, 0);
  if (Meter* meter = connection_->meter()) meter->of(statement.name);
  return prepared ? Result<>() : std::move(prepared).error();
}

Result<> SqliteTransaction::commit() {
  if (committed_) return Error(Errc::internal, "commit: it is committed already");
  if (failed_) return *failed_;
  finish_rows();
  connection_->obey_nobody();
  static constexpr Statement commit_statement{"commit", "COMMIT"};
  auto done = connection_->commit();
  if (!done) {
    Error why = std::move(done).error().within(commit_statement.name);
    // A disk that fails while it is told to keep something may have kept it or not.
    if (why.code() == Errc::unavailable) why = Error(Errc::unknown, why.message());
    Error error = fail(std::move(why));
    roll_back();
    return error;
  }
  committed_ = true;
  return {};
}

std::optional<Error> SqliteTransaction::ended() {
  if (committed_) return Error(Errc::internal, "the transaction is committed already");
  if (failed_) return failed_;
  if (watch_.over()) return fail(watch_.cut_short());
  return std::nullopt;
}

Error SqliteTransaction::fail(Error error) {
  if (failed_) return *failed_;
  if (Meter* meter = connection_->meter()) meter->failed(error.code());
  failed_ = std::move(error);
  return *failed_;
}

Result<std::shared_ptr<SqliteStatement>> SqliteTransaction::ready(const Statement& statement,
                                                                  std::span<const Param> params,
                                                                  bool keep) {
  if (auto end = ended()) return std::move(*end);
  auto prepared = connection_->prepared(statement);
  if (!prepared) return fail(std::move(prepared).error());
  const bool reads = sqlite3_stmt_readonly((*prepared)->handle()) != 0;
  if (!writing_ && !reads)
    return fail(Error(Errc::internal, "writes in a reading transaction").within(statement.name));
  if (auto bound = (*prepared)->bind(params, keep); !bound)
    return fail(std::move(bound).error().within(statement.name));
  return prepared;
}

void SqliteTransaction::roll_back() {
  finish_rows();
  connection_->obey_nobody();
  // A failing ROLLBACK means that the engine has rolled back by itself before.
  if (!connection_->at_rest()) [[maybe_unused]]
    const auto done = connection_->run("ROLLBACK");
}

void SqliteTransaction::finish_rows() {
  while (!open_rows_.empty()) open_rows_.back()->finish();
}

void SqliteTransaction::forget(SqliteRows* rows) { std::erase(open_rows_, rows); }

}  // namespace hotclock::sql
