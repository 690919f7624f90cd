#include "service/sql/sqlite_database.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "service/sql/bell.h"
#include "service/sql/pool.h"
#include "service/sql/sqlite_connection.h"
#include "service/sql/sqlite_transaction.h"

namespace hotclock::sql {
namespace {

namespace fs = std::filesystem;

constexpr Dialect sqlite_dialect{
    .engine = "sqlite",
    .instant = "INTEGER",
    .integer = "INTEGER",
    .real = "REAL",
    .identity = "INTEGER PRIMARY KEY",
    .table_end = " STRICT",
    .keyed_end = " STRICT, WITHOUT ROWID",
    .roomy_end = " STRICT",
    .and_id = "",
    .took = "(ended_at - started_at)",
    .by_words = "--",
    .platform = "",
    .tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY name",
    .columns =
        "SELECT t.name, c.name, c.pk FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c "
        "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.rowid, "
        "c.cid",
};

using Connections = Pool<SqliteConnection>;

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::string path, const OpenOptions& options)
      : path_(std::move(path)),
        writer_(1, path_ + " is being written by another thread of this process",
                opener({.path = path_,
                        .create = options.create,
                        .writer = true,
                        .cache_mib = options.cache_mib,
                        .meter = &meter_})),
        readers_(std::max(options.readers, 1), "all reading connections to " + path_ + " are taken",
                 opener({.path = path_, .meter = &meter_})),
        listener_(1, "another thread of this process asks for the version of " + path_,
                  opener({.path = path_})) {}

  // Opens the file, so that what is wrong with it is said now. Waits for nobody who writes.
  Result<> try_out() {
    const Watch watch(Limits{});
    auto writer = writer_.take(watch);
    if (!writer) return std::move(writer).error();
    writer_.give(std::move(writer).value());
    auto there = version();
    return there ? Result<>() : std::move(there).error();
  }

  Result<std::unique_ptr<Transaction>> write(Limits limits = {}) override {
    return begin(writer_, Watch(limits), true);
  }

  Result<std::unique_ptr<Transaction>> read(Limits limits = {}) override {
    return begin(readers_, Watch(limits), false);
  }

  Result<> script(std::string_view text, Limits limits = {}) override {
    auto done =
        with(writer_, limits, [&](SqliteConnection& c) { return c.run(std::string(text)); });
    return done ? Result<>() : std::move(done).error().within("script");
  }

  Result<bool> await_news(Steady until, const std::stop_token& stop) override {
    const std::stop_callback on_stop(stop, [&bell = Bell::mine()] { bell.ring(); });
    while (std::chrono::steady_clock::now() < until && !stop.stop_requested())
      Bell::mine().wait(until);
    auto now = version();
    if (!now) return std::move(now).error().within("ask for the database's version");
    return std::exchange(heard_, *now) != *now;
  }

  Result<std::vector<std::string>> integrity(Limits limits = {}) override {
    auto findings = found(limits, "PRAGMA quick_check");
    if (!findings) return std::move(findings).error().within("check the file");
    if (*findings == std::vector<std::string>{"ok"}) findings->clear();
    auto orphans = found(limits,
                         "SELECT \"table\" || ': row ' || coalesce(rowid, '?') || "
                         "' points at a missing row of ' || parent "
                         "FROM pragma_foreign_key_check LIMIT 100");
    if (!orphans) return std::move(orphans).error().within("check foreign keys");
    findings->insert(findings->end(), orphans->begin(), orphans->end());
    return findings;
  }

  Usage usage() override {
    Usage out = meter_.read();
    out.pools = {writer_.use("write"), readers_.use("read")};
    return out;
  }

  const Dialect& dialect() const override { return sqlite_dialect; }
  std::string where() const override { return "sqlite:" + path_; }

 private:
  // A number that changes whenever another connection has committed anything.
  Result<std::int64_t> version() {
    auto value =
        with(listener_, {}, [](SqliteConnection& c) { return c.run("PRAGMA data_version"); });
    if (!value) return std::move(value).error();
    return std::atoll(value->front().c_str());
  }

  static Connections::Open opener(SqliteSettings settings) {
    return [settings = std::move(settings)](const Watch& watch) {
      return SqliteConnection::open(settings, watch);
    };
  }

  Result<std::unique_ptr<Transaction>> begin(Connections& pool, const Watch& watch, bool writing) {
    auto connection = pool.take(watch);
    if (!connection) return std::move(connection).error().within("begin");
    return SqliteTransaction::begin(
        std::move(connection).value(),
        [&pool](std::unique_ptr<SqliteConnection> c) { pool.give(std::move(c)); }, watch, writing);
  }

  // What a check gives; damage that ends the check itself is a finding too.
  Result<std::vector<std::string>> found(const Limits& limits, const char* check) {
    auto lines = with(readers_, limits, [&](SqliteConnection& c) { return c.run(check); });
    if (!lines && lines.error().code() == Errc::corrupt)
      return std::vector<std::string>{lines.error().message()};
    return lines;
  }

  // Lends a connection outside any transaction, and leaves none open on it.
  template <class Act>
  Result<std::vector<std::string>> with(Connections& pool, const Limits& limits, Act act) {
    const Watch watch(limits);
    auto connection = pool.take(watch);
    if (!connection) return std::move(connection).error();
    (*connection)->obey(watch);
    auto result = act(**connection);
    (*connection)->obey_nobody();
    if (!(*connection)->at_rest()) [[maybe_unused]]
      const auto rolled_back = (*connection)->run("ROLLBACK");
    pool.give(std::move(connection).value());
    return result;
  }

  const std::string path_;
  Meter meter_;
  Connections writer_;
  Connections readers_;
  Connections listener_;
  std::int64_t heard_ = 0;
};

bool may(const fs::path& path, int what) {
  return faccessat(AT_FDCWD, path.c_str(), what, AT_EACCESS) == 0;
}

// What SQLite would say of these in far fewer words.
Result<> usable(const fs::path& path, bool create) {
  std::error_code ignored;
  const fs::path folder = path.parent_path();
  if (!fs::is_directory(folder, ignored))
    return Error(Errc::not_found, "the directory " + folder.string() + " does not exist");
  if (fs::is_directory(path, ignored))
    return Error(Errc::invalid, path.string() + " is a directory, not a database file");
  const bool there = fs::exists(path, ignored);
  if (!there && !create) return Error(Errc::not_found, "there is no database at " + path.string());
  if (there && !may(path, R_OK | W_OK))
    return Error(Errc::read_only, path.string() + " may not be read and written by this user");
  if (!may(folder, W_OK | X_OK))
    return Error(Errc::read_only, "the directory " + folder.string() +
                                      " may not be written by this user, and SQLite keeps its " +
                                      "write-ahead log beside the database");
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(std::string_view path, const OpenOptions& options) {
  if (path.starts_with("//")) path.remove_prefix(2);
  if (path.empty() || path == ":memory:")
    return Error(Errc::invalid, "a database needs a file: sqlite:PATH");
  std::error_code error;
  const fs::path absolute = fs::absolute(fs::path(path), error).lexically_normal();
  if (error) return Error(Errc::invalid, std::string(path) + ": " + error.message());
  if (auto ok = usable(absolute, options.create); !ok) return std::move(ok).error();
  auto database = std::make_unique<SqliteDatabase>(absolute.string(), options);
  if (auto ok = database->try_out(); !ok) return std::move(ok).error();
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace hotclock::sql
