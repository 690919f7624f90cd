#include "service/tuning/scratch.h"

#include <filesystem>
#include <system_error>

#include "service/app/store.h"

namespace hotclock::tuning {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view own = "hotclock_bench", platform = "hotclock_bench_platform";

bool is_sqlite(const config::DatabaseConfig& settings) {
  return settings.url.starts_with(sqlite_scheme);
}

config::DatabaseConfig settings_of(config::DatabaseConfig beside) {
  if (is_sqlite(beside)) {
    beside.url += ".bench";
  } else {
    beside.schema = own;
    beside.platform_schema = platform;
  }
  beside.platform = config::Platform::own;
  return beside;
}

std::string file_of(const config::DatabaseConfig& settings) {
  std::string path = settings.url.substr(sqlite_scheme.size());
  if (path.starts_with("//")) path.erase(0, 2);
  return path;
}

bool is_there(const config::DatabaseConfig& settings) {
  std::error_code ignored;
  if (is_sqlite(settings)) return std::filesystem::exists(file_of(settings), ignored);
  return sql::open(settings.url,
                   {.schema = settings.schema, .platform_schema = settings.platform_schema})
      .has_value();
}

Result<> remove_files(const config::DatabaseConfig& settings) {
  for (const char* end : {"", "-wal", "-shm", "-journal"}) {
    std::error_code failed;
    std::filesystem::remove(file_of(settings) + end, failed);
    if (failed)
      return Error(Errc::internal, failed.message()).within("remove " + file_of(settings));
  }
  return {};
}

constexpr std::string_view drop =
    "DROP SCHEMA IF EXISTS hotclock_bench CASCADE;"
    "DROP SCHEMA IF EXISTS hotclock_bench_platform CASCADE";

}  // namespace

Result<std::unique_ptr<Scratch>> Scratch::make(const config::DatabaseConfig& beside, Instant now) {
  config::Config config;
  config.database = settings_of(beside);
  if (is_there(config.database))
    return Error(Errc::conflict,
                 "somebody else measures here, or died while doing so: `hotclock bench --clean` "
                 "takes away what was left");
  std::unique_ptr<Scratch> scratch(new Scratch(config.database));
  auto made = app::make_store(config, now);
  if (!made) return std::move(made).error().within("make a database to measure in");
  scratch->database_ = std::move(made).value();
  return scratch;
}

Result<> Scratch::clean(const config::DatabaseConfig& beside) {
  const config::DatabaseConfig settings = settings_of(beside);
  if (is_sqlite(settings)) return remove_files(settings);
  auto database = sql::open(
      settings.url, {.schema = settings.schema, .platform_schema = settings.platform_schema});
  if (!database) return database.error().code() == Errc::not_found ? Result<>() : database.error();
  return (*database)->script(drop);
}

Scratch::~Scratch() {
  // What cannot be taken away is found by the next who measures, and said then.
  if (database_ && !is_sqlite(settings_)) [[maybe_unused]]
    const auto dropped = database_->script(drop);
  database_.reset();
  if (is_sqlite(settings_)) [[maybe_unused]]
    const auto removed = remove_files(settings_);
}

}  // namespace hotclock::tuning
