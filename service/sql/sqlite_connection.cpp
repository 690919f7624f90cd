#include "service/sql/sqlite_connection.h"

#include <algorithm>

#include "service/sql/bell.h"
#include "service/sql/sqlite_error.h"

namespace hotclock::sql {
namespace {

// Some microseconds of work: how late a deadline may be noticed, and how often it costs a look.
constexpr int steps_between_looks = 1000;

// Another process that works in chunks leaves the lock free for some microseconds between two of
// them, so looking seldom would mean waiting long.
constexpr auto between_lock_attempts = std::chrono::microseconds{500};

constexpr int page_bytes = 4096;
// The log is copied into the database whenever it has grown by this much.
constexpr int checkpoint_bytes = 4 * 1024 * 1024;

// SQLite counts its memory under one mutex, at each allocation, for statistics that nobody here reads.
// Where SQLite is in use already it refuses the change, and goes on counting.
void count_no_memory() {
  [[maybe_unused]] static const int answer = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void configure(sqlite3* db) {
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

int collect_first_column(void* into, int columns, char** values, char**) {
  if (columns > 0)
    static_cast<std::vector<std::string>*>(into)->emplace_back(values[0] ? values[0] : "");
  return 0;
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const SqliteSettings& settings,
                                                                 const Watch& watch) {
  count_no_memory();
  sqlite3* db = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (settings.create ? SQLITE_OPEN_CREATE : 0);
  const int rc = sqlite3_open_v2(settings.path.c_str(), &db, flags, nullptr);
  if (db == nullptr) return Error(Errc::internal, "no memory to open " + settings.path);
  std::unique_ptr<SqliteConnection> made(new SqliteConnection(db, settings));
  if (rc != SQLITE_OK) return made->error(rc);
  made->obey(watch);
  if (auto done = made->set_up(settings); !done) return std::move(done).error();
  made->obey_nobody();
  return made;
}

SqliteConnection::~SqliteConnection() {
  interrupt_.reset();
  kept_.clear();
  sqlite3_close(db_);
}

Result<> SqliteConnection::set_up(const SqliteSettings& settings) {
  configure(db_);
  sqlite3_busy_handler(db_, on_busy, this);
  sqlite3_progress_handler(db_, steps_between_looks, on_progress, this);
  if (sqlite3_db_readonly(db_, "main") == 1)
    return Error(Errc::read_only, settings.path + " cannot be written: its permissions forbid it");
  const std::string cache = std::to_string(settings.cache_mib * 1024);
  auto set =
      run("PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON;"
          "PRAGMA cache_size=-" +
          cache);
  if (!set) return std::move(set).error();
  if (settings.writer) return set_up_writer(settings);
  auto reading = run("PRAGMA query_only=ON");
  return reading ? Result<>() : std::move(reading).error();
}

Result<> SqliteConnection::set_up_writer(const SqliteSettings& settings) {
  // The page size takes hold only in a file that is new.
  // Two that make one file at once lock each other out, and SQLite then asks no busy handler.
  auto mode =
      run_patiently("PRAGMA page_size=" + std::to_string(page_bytes) + ";PRAGMA journal_mode=WAL");
  if (!mode) return std::move(mode).error();
  if (mode->empty() || mode->back() != "wal")
    return Error(
        Errc::unsupported,
        settings.path + " lies where SQLite can keep no write-ahead log; use a local disk");
  auto page = run("PRAGMA page_size");
  if (!page) return std::move(page).error();
  const int bytes = std::max(std::atoi(page->front().c_str()), 512);
  auto set = run("PRAGMA wal_autocheckpoint=" + std::to_string(checkpoint_bytes / bytes) +
                 ";PRAGMA journal_size_limit=" + std::to_string(2 * checkpoint_bytes));
  return set ? Result<>() : std::move(set).error();
}

void SqliteConnection::obey(const Watch& watch) {
  interrupt_.reset();
  watch_ = watch;
  if (watch.stop().stop_possible()) interrupt_.emplace(watch.stop(), Interrupt{db_});
}

void SqliteConnection::obey_nobody() {
  interrupt_.reset();
  watch_ = Watch();
}

int SqliteConnection::on_progress(void* self) {
  return static_cast<SqliteConnection*>(self)->watch_.over() ? 1 : 0;
}

int SqliteConnection::on_busy(void* self, int) {
  return static_cast<SqliteConnection*>(self)->wait_for_lock() ? 1 : 0;
}

bool SqliteConnection::wait_for_lock() const {
  if (watch_.over()) return false;
  const auto next = std::chrono::steady_clock::now() + between_lock_attempts;
  Bell::mine().wait(std::min(watch_.deadline(), next));
  return true;
}

Result<std::vector<std::string>> SqliteConnection::run(const std::string& text) {
  std::vector<std::string> values;
  const int rc = sqlite3_exec(db_, text.c_str(), collect_first_column, &values, nullptr);
  if (rc != SQLITE_OK) return error(rc);
  return values;
}

Result<> SqliteConnection::commit() {
  const Stopwatch watch(commit_timing_);
  auto done = run("COMMIT");
  watch.stop();
  return done ? Result<>() : std::move(done).error();
}

Result<std::vector<std::string>> SqliteConnection::run_patiently(const std::string& text) {
  auto values = run(text);
  while (!values && values.error().code() == Errc::busy && wait_for_lock()) values = run(text);
  return values;
}

Error SqliteConnection::error(int rc) const { return sqlite_error(db_, rc, path_, watch_); }

}  // namespace hotclock::sql
