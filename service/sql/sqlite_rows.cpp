#include "service/sql/sqlite_transaction.h"

namespace hotclock::sql {

SqliteRows::SqliteRows(SqliteTransaction& transaction, std::shared_ptr<SqliteStatement> statement,
                       std::string_view name, int rc, const Stopwatch& watch)
    : transaction_(&transaction), statement_(std::move(statement)), name_(name), watch_(watch) {
  statement_->in_use = true;
  transaction.open_rows_.push_back(this);
  if (rc == SQLITE_DONE) finish();
}

SqliteRows::~SqliteRows() { finish(); }

bool SqliteRows::next() {
  if (!statement_) return false;
  if (first_) return first_ = false, true;
  const int rc = sqlite3_step(handle());
  if (rc == SQLITE_ROW) return true;
  if (rc != SQLITE_DONE)
    error_ = transaction_->fail(transaction_->connection_->error(rc).within(name_));
  finish();
  return false;
}

Result<> SqliteRows::end() {
  if (error_) return *error_;
  return {};
}

bool SqliteRows::is_null(int column) const {
  return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}

std::int64_t SqliteRows::integer(int column) const {
  return sqlite3_column_int64(handle(), column);
}

double SqliteRows::real(int column) const { return sqlite3_column_double(handle(), column); }

std::string_view SqliteRows::text(int column) const {
  const auto text = reinterpret_cast<const char*>(sqlite3_column_text(handle(), column));
  if (text == nullptr) return "";
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

Instant SqliteRows::instant(int column) const { return from_millis(integer(column)); }

Param SqliteRows::value(int column) const {
  switch (sqlite3_column_type(handle(), column)) {
    case SQLITE_NULL: return nullptr;
    case SQLITE_INTEGER: return integer(column);
    case SQLITE_FLOAT: return real(column);
    default: return text(column);
  }
}

void SqliteRows::finish() {
  if (!statement_) return;
  watch_.stop();
  statement_->reset();
  statement_.reset();
  transaction_->forget(this);
}

}  // namespace hotclock::sql
