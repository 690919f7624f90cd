#include "service/sql/sql.h"

#include <sqlite3.h>

#include "service/sql/postgres_database.h"
#include "service/sql/sqlite_database.h"

namespace hotclock::sql {
namespace {

// "postgresql" of "postgresql://host/name": all that may be repeated of a URL with a password.
std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find(':')); }

Result<std::unique_ptr<Database>> opened(std::string_view url, const OpenOptions& options) {
  const std::string_view scheme = scheme_of(url);
  if (scheme.size() == url.size())
    return Error(Errc::invalid, "a database is named by a URL, such as sqlite:hotclock.db");
  if (scheme == "sqlite" && options.platform_adopted)
    return Error(
        Errc::invalid,
        "a platform can be adopted on PostgreSQL alone: here write database.platform = \"own\"");
  if (scheme == "sqlite") return open_sqlite(url.substr(scheme.size() + 1), options);
  if (scheme == "postgresql" || scheme == "postgres") return open_postgres(url, options);
  return Error(Errc::invalid, "\"" + std::string(scheme) +
                                  ":\" is no database engine; use sqlite:PATH or "
                                  "postgresql://USER@HOST/DATABASE");
}

}  // namespace

Result<std::vector<std::unique_ptr<Rows>>> Transaction::query_all(
    std::span<const Question> questions) {
  std::vector<std::unique_ptr<Rows>> all;
  for (const Question& question : questions) {
    auto rows = query(*question.statement, question.params);
    if (!rows) return std::move(rows).error();
    all.push_back(std::move(rows).value());
  }
  return all;
}

Result<std::vector<std::int64_t>> Transaction::exec_each(const Statement& statement,
                                                         std::span<const Param> params,
                                                         std::size_t width) {
  std::vector<std::int64_t> changed;
  for (std::size_t at = 0; at < params.size(); at += width) {
    auto done = exec(statement, params.subspan(at, width));
    if (!done) return std::move(done).error();
    changed.push_back(*done);
  }
  return changed;
}

Result<Asked> Database::ask_alone(std::span<const Question> questions, Limits limits) {
  auto transaction = write_alone(std::move(limits));
  if (!transaction) return std::move(transaction).error();
  auto answers = (*transaction)->query_all(questions);
  if (!answers) return std::move(answers).error();
  return Asked{std::move(transaction).value(), std::move(answers).value()};
}

std::string engine_version() { return sqlite3_libversion(); }

Result<std::unique_ptr<Database>> open(std::string_view url, const OpenOptions& options) {
  auto database = opened(url, options);
  if (!database) return std::move(database).error().within("open the database");
  return database;
}

Result<> prepare_all(Database& database, std::span<const Statement* const> statements) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("check statements");
  for (const Statement* statement : statements)
    if (auto fits = (*transaction)->check(*statement); !fits)
      return std::move(fits).error().within("check statements");
  return {};
}

}  // namespace hotclock::sql
