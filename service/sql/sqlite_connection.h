// One connection to an SQLite file: its settings, its prepared statements, and the watch that ends
// whatever runs on it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"
#include "service/sql/watch.h"

namespace hotclock::sql {

struct SqliteSettings {
  std::string path;
  bool create = false;
  bool writer = false;  // readers refuse to write
  int cache_mib = 2;
  Meter* meter = nullptr;  // outlives the connection; null: nobody counts
};

// A statement prepared on one connection.
class SqliteStatement {
 public:
  // What fills parameter i + 1 of SQLite: the N of its name $N.
  using Numbers = std::vector<int>;

  // Owns `handle`, which may be null where the text held nothing.
  explicit SqliteStatement(sqlite3_stmt* handle) : handle_(handle) {}

  sqlite3_stmt* handle() const { return handle_.get(); }
  bool is(std::string_view text) const { return sqlite3_sql(handle_.get()) == text; }

  // Says which of the caller's parameters goes where.
  void number(Numbers numbers) { numbers_ = std::move(numbers); }

  // Text is copied where `keep`, else it must live until reset().
  Result<> bind(std::span<const Param> params, bool keep);
  // Makes it ready for another run and forgets what was bound.
  void reset();

  // In the middle of giving rows: another run of the same text needs a statement of its own.
  bool in_use = false;
  // Where its times are counted; null: nowhere.
  Timing* timing = nullptr;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  Numbers numbers_;
};

// Threads: one at a time; whoever took it from its pool.
class SqliteConnection {
 public:
  // Opens and sets up; the watch ends waits for locks.
  static Result<std::unique_ptr<SqliteConnection>> open(const SqliteSettings& settings,
                                                        const Watch& watch);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // What runs from here on obeys `watch`. A stop interrupts it from whichever thread asks.
  void obey(const Watch& watch);
  // Back at rest.
  void obey_nobody();
  // Null where nobody counts.
  Meter* meter() const { return meter_; }

  // The prepared form of `statement`, kept by the connection.
  Result<std::shared_ptr<SqliteStatement>> prepared(const Statement& statement);
  // The same with SQLite's flags, not kept.
  Result<std::shared_ptr<SqliteStatement>> prepare(const Statement& statement, unsigned flags);

  // Runs a text of any number of statements; gives the first column of every row they gave.
  Result<std::vector<std::string>> run(const std::string& text);

  // COMMIT, timed as the statement of that name.
  Result<> commit();

  // No transaction is open: none was begun, or the engine has rolled it back by itself.
  bool at_rest() const { return sqlite3_get_autocommit(db_) != 0; }
  std::int64_t changes_in_all() const { return sqlite3_total_changes64(db_); }
  std::int64_t last_changes() const { return sqlite3_changes64(db_); }

  // What the call that just gave `rc` means.
  Error error(int rc) const;

 private:
  struct Interrupt {
    sqlite3* db;
    void operator()() const { sqlite3_interrupt(db); }
  };

  SqliteConnection(sqlite3* db, const SqliteSettings& settings)
      : db_(db),
        path_(settings.path),
        meter_(settings.meter),
        commit_timing_(meter_ ? &meter_->of("commit") : nullptr) {}

  Result<> set_up(const SqliteSettings& settings);
  Result<> set_up_writer(const SqliteSettings& settings);
  // The same as run(), again and again while the file is locked.
  Result<std::vector<std::string>> run_patiently(const std::string& text);
  // One step of waiting for somebody else's lock; false where the watch has ended.
  bool wait_for_lock() const;

  static int on_progress(void* self);
  static int on_busy(void* self, int count);

  sqlite3* const db_;
  const std::string path_;
  Meter* const meter_;
  Timing* const commit_timing_;
  Watch watch_;
  std::optional<std::stop_callback<Interrupt>> interrupt_;
  std::unordered_map<const Statement*, std::shared_ptr<SqliteStatement>> kept_;
};

}  // namespace hotclock::sql
