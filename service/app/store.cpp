#include "service/app/store.h"

#include <string_view>

#include "service/config/secret.h"

namespace hotclock::app {
namespace {

// Itself, or what the file holds that it names.
Result<std::string> revealed(const std::string& url) {
  constexpr std::string_view file = "file:";
  if (!url.starts_with(file)) return url;
  return config::Secret{url, {}, url.substr(file.size())}.reveal();
}

Result<std::unique_ptr<sql::Database>> open(const config::Config& settings, bool create) {
  const auto url = revealed(settings.database.url);
  if (!url) return url.error().within("database.url");
  sql::OpenOptions options;
  options.create = create;
  options.cache_mib = static_cast<int>(settings.database.cache >> 20);
  options.readers = settings.database.readers;
  options.connections = settings.database.connections;
  options.schema = settings.database.schema;
  options.platform_schema = settings.database.platform_schema;
  options.platform_adopted = settings.database.platform == config::Platform::adopted;
  return sql::open(*url, options);
}

}  // namespace

Result<std::unique_ptr<sql::Database>> open_store(const config::Config& settings) {
  auto database = open(settings, false);
  if (!database) {
    if (database.error().code() != Errc::not_found || !revealed(settings.database.url)) return database;
    return Error(Errc::not_found, database.error().message() +
                                      "; `hotclock migrate` makes one, `hotclock demo` one with data");
  }
  const auto status = schema::status(**database);
  if (!status) return status.error();
  if (!status->up_to_date())
    return Error(Errc::unavailable, (*database)->where() + " lacks " + status->missing() +
                                        "; `hotclock migrate` brings it up to date");
  return database;
}

Result<std::unique_ptr<sql::Database>> make_store(const config::Config& settings, Instant now,
                                                  schema::Applied* applied) {
  auto database = open(settings, true);
  if (!database) return database;
  auto done = schema::migrate(**database, now);
  if (!done) return std::move(done).error().within("migrate " + (*database)->where());
  if (applied) *applied = std::move(*done);
  return database;
}

}  // namespace hotclock::app
