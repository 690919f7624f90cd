// The seam between Hotclock and its database engines: one SQL text, two engines.
//
// A Database hands out transactions. A writing one is serialised with every other writer where the
// engine has a single writer (SQLite), a reading one sees one snapshot. Everything that is said to
// the database is a Statement of a .sql file, prepared once per connection.
//
// Errors carry what a caller may act on: Errc::unique, foreign_key, check, busy (locked past the
// deadline, or a deadlock; the message names who holds it where that is known), stopped (stop
// token), timeout (deadline), read_only, disk_full, corrupt, unavailable (nothing was written),
// unknown (a commit whose answer was lost and could not be looked up); anything else is
// Errc::internal with the statement's name and the engine's words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/statement.h"
#include "service/sql/usage.h"

namespace hotclock::sql {

// One column of many rows, where the engine takes such (Dialect::takes_arrays): the statement says
// `unnest($1::bigint[], ...)`.
using Integers = std::span<const std::int64_t>;
using Texts = std::span<const std::string_view>;
using Instants = std::span<const Instant>;

// A parameter. Texts and columns are not copied: they must live until the call returns. Instants
// bind as instants (integer milliseconds in SQLite, TIMESTAMPTZ in PostgreSQL); booleans bind as 0
// and 1.
using Param = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, Instant,
                           Integers, Texts, Instants>;

inline Param param(std::optional<Instant> t) { return t ? Param(*t) : Param(nullptr); }
inline Param param(bool b) { return Param(std::int64_t{b ? 1 : 0}); }

// The rows of one query, read one after the other.
//   while (rows.next()) use(rows.integer(0), rows.text(1));
//   if (auto end = rows.end(); !end) return end.error();
// Columns count from 0. Reading a NULL gives 0 or "": ask is_null() where that matters. A text is
// valid until the next call of next(). Rows must end before their transaction does.
class Rows {
 public:
  virtual ~Rows() = default;

  // False at the end and at an error: end() tells which.
  virtual bool next() = 0;
  virtual Result<> end() = 0;

  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual Instant instant(int column) const = 0;
  // As the engine has it. An instant of SQLite's is its milliseconds: bound to a column of instants
  // they are one again on any engine.
  virtual Param value(int column) const = 0;
  std::optional<Instant> instant_or_none(int column) const {
    return is_null(column) ? std::nullopt : std::optional(instant(column));
  }
};

// What a transaction obeys. A stop request interrupts the running statement and any wait for a
// lock within some milliseconds; so does the deadline, counted from begin on the monotonic clock.
struct Limits {
  std::stop_token stop = {};
  Duration deadline = std::chrono::seconds{30};
};

// A statement that gives rows, and what it is asked with.
struct Question {
  const Statement* statement;
  std::vector<Param> params = {};
};

// One transaction. Destroying it without commit() rolls it back, errors included. A statement that
// fails ends it: every later call, commit() too, gives that first error again. Commit is not cut
// short by a stop or the deadline: what was worked is kept.
// Text parameters are UTF-8 without NUL characters, reals are finite; others are Errc::invalid.
// Threads: one at a time.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // Runs a statement that changes data; how many rows it changed.
  virtual Result<std::int64_t> exec(const Statement& statement, std::span<const Param> params) = 0;
  // Runs a statement that changes data, at the latest with the next call of another kind; an error
  // may come from that one. Where each call is a way to a server and back, many go together.
  virtual Result<> post(const Statement& statement, std::span<const Param> params) {
    auto done = exec(statement, params);
    return done ? Result<>() : std::move(done).error();
  }
  // Runs a statement once for each `width` of the parameters; how many rows each run changed.
  virtual Result<std::vector<std::int64_t>> exec_each(const Statement& statement,
                                                      std::span<const Param> params,
                                                      std::size_t width);
  // Runs a statement that gives rows (SELECT, or ... RETURNING).
  virtual Result<std::unique_ptr<Rows>> query(const Statement& statement,
                                              std::span<const Param> params) = 0;
  // Runs several of these, which must not depend on one another; the rows of each. Where each is a
  // way to a server and back, they go together.
  virtual Result<std::vector<std::unique_ptr<Rows>>> query_all(std::span<const Question> questions);
  // Runs a text of several statements without parameters or rows: migrations alone.
  virtual Result<> script(std::string_view text) = 0;
  // Prepares a statement without running or keeping it: Errc::internal where it does not fit the
  // schema.
  virtual Result<> check(const Statement& statement) = 0;
  // Tells other processes at once, when this is committed: see Database::await_news().
  virtual Result<> notify() { return {}; }
  // Makes it durable. After an error nothing of it stands; of Errc::unknown nobody can tell. Where
  // the connection is lost on the way the driver asks the engine what became of it. Nothing may be
  // run after it.
  virtual Result<> commit() = 0;

  // The engine's own clock when a writing transaction had its turn; none where the engine has no
  // clock of its own.
  virtual std::optional<Instant> now() const { return std::nullopt; }

  Result<std::int64_t> exec(const Statement& statement, std::initializer_list<Param> params = {}) {
    return exec(statement, std::span(params.begin(), params.size()));
  }
  Result<> post(const Statement& statement, std::initializer_list<Param> params) {
    return post(statement, std::span(params.begin(), params.size()));
  }
  Result<std::unique_ptr<Rows>> query(const Statement& statement,
                                      std::initializer_list<Param> params = {}) {
    return query(statement, std::span(params.begin(), params.size()));
  }
};

// A transaction, and the rows of what it was begun with, in the order of the questions.
struct Asked {
  std::unique_ptr<Transaction> transaction;
  std::vector<std::unique_ptr<Rows>> answers;
};

// What differs between the engines and is only a name. Migrations are written with {placeholders}
// that are replaced by these.
struct Dialect {
  std::string_view engine;     // "sqlite", "postgresql"
  std::string_view instant;    // column type of an instant: INTEGER, TIMESTAMPTZ
  std::string_view integer;    // of a 64-bit integer: INTEGER, BIGINT
  std::string_view real;       // of a double: REAL, DOUBLE PRECISION
  std::string_view identity;   // primary key that counts by itself
  std::string_view table_end;  // what closes CREATE TABLE: " STRICT"
  std::string_view keyed_end;  // the same for a table that lies in its primary key's order
  std::string_view roomy_end;  // the same for a table whose rows are changed again and again
  // What the columns of an index end with, so that the row's id stands in it: SQLite puts it there
  // by itself.
  std::string_view and_id;
  // From started_at to ended_at of a row that has both, in whole milliseconds.
  std::string_view took;
  // In front of what makes an index of words: nothing, or what makes a comment of that line.
  std::string_view by_words;
  std::string_view platform;  // in front of the name of a table of the platform's: "platform."
  std::string_view tables;    // a query that gives the names of all of Hotclock's tables
  // A query that gives each column of each table, Hotclock's and the platform's: table, column,
  // place in the primary key from 1 on or 0; in the order in which they were made.
  std::string_view columns = {};
  // A text that lets ids counted by the engine go on behind those that were given by hand; empty
  // where they do by themselves.
  std::string_view recount_ids = {};
  bool finds_words = false;   // to_tsvector() and its like
  bool locks_rows = false;    // each by itself; SELECT ... FOR UPDATE SKIP LOCKED
  bool takes_arrays = false;  // a parameter may hold many values: see columns.h and arrays.h
  bool changes_in_with =
      false;  // WITH may hold UPDATE and INSERT, so one statement changes several tables
  bool platform_adopted =
      false;  // the platform's tables are the operator's: nothing of ours is made there
};

// Threads: all members may be called from any thread at once.
class Database {
 public:
  virtual ~Database() = default;

  // Waits for its turn as long as the limits allow. Where the engine has a single writer, write()
  // takes its lock at once; elsewhere any number write at a time, and each statement sees what was
  // committed before it.
  virtual Result<std::unique_ptr<Transaction>> write(Limits limits = {}) = 0;
  // The same, but of its kind one at a time among all processes: what the ledger's acts are.
  virtual Result<std::unique_ptr<Transaction>> write_alone(Limits limits = {}) {
    return write(std::move(limits));
  }
  // The same with its first questions, which must not depend on one another: they are answered once
  // it has its turn. Where each is a way to a server and back, they go together with the beginning.
  virtual Result<Asked> ask_alone(std::span<const Question> questions, Limits limits = {});
  virtual Result<std::unique_ptr<Transaction>> read(Limits limits = {}) = 0;
  // To read by one single query, which is its own snapshot: no more ways to a server than that one.
  // A connection that was lost unnoticed may be this query's Errc::unavailable.
  virtual Result<std::unique_ptr<Transaction>> glance(Limits limits = {}) {
    return read(std::move(limits));
  }

  // Runs a text outside any transaction: maintenance alone (VACUUM, ANALYZE).
  virtual Result<> script(std::string_view text, Limits limits = {}) = 0;

  // Waits until other processes (or another Database) have news, at most until `until` or a stop:
  // whether there may be any since the last call. News is what was committed with notify(), or on
  // an engine that tells of every commit, anything. The first call answers yes, and so does one
  // that had to listen anew. Threads: one at a time.
  virtual Result<bool> await_news(Steady until, const std::stop_token& stop) = 0;

  // Tells other processes at once that there may be news, by itself: what they hear of in
  // await_news(). Nothing where they hear of every commit.
  virtual Result<> tell() { return {}; }

  // What the engine's own clock shows; none where it has no clock of its own.
  virtual Result<std::optional<Instant>> now([[maybe_unused]] Limits limits = {}) {
    return std::optional<Instant>();
  }

  // What the engine itself finds wrong with its storage, keys and constraints, one line each;
  // empty where all is well. Reads everything: give it time.
  virtual Result<std::vector<std::string>> integrity(Limits limits = {}) = 0;

  // How this process has used it so far; nothing where nobody counts.
  virtual Usage usage() { return {}; }

  virtual const Dialect& dialect() const = 0;
  // Where it is, as a person may read it: no password.
  virtual std::string where() const = 0;
};

// How to open one.
struct OpenOptions {
  // Make the file, or the schemas, where there are none; otherwise that is Errc::not_found.
  bool create = false;
  // SQLite:
  int cache_mib = 16;  // page cache of the writer
  int readers = 4;     // reading connections at most
  // PostgreSQL:
  int connections = 8;              // for work, at most; two more are for the ledger and for news
  std::string schema = "hotclock";  // of Hotclock's own tables
  std::string platform_schema = "platform";  // of the platform's,
  bool platform_adopted = false;             // which the operator made, and `create` leaves alone
  Duration look_up = std::chrono::seconds{60};  // how long a lost commit's outcome is asked for
};

// `url` is sqlite:PATH or postgresql://USER@HOST/DATABASE, as libpq takes it.
Result<std::unique_ptr<Database>> open(std::string_view url, const OpenOptions& options = {});

// The release of the embedded engine: "3.40.1".
std::string engine_version();

// Prepares every statement against the database, so that a typo or a missing column is an error of
// the start, not of 00:05. The message names the statement.
Result<> prepare_all(Database& database, std::span<const Statement* const> statements);

}  // namespace hotclock::sql
