#include "service/schema/schema.h"

#include <algorithm>

#include "service/schema/migrations.h"
#include "service/schema/schema.sql.h"

namespace hotclock::schema {
namespace {

// A row of schema_migrations.
struct Recorded {
  int version;
  std::string name;
  std::string checksum;
  Instant applied_at;
};

constexpr Migration history_table{
    0, "schema_migrations",
    "CREATE TABLE IF NOT EXISTS schema_migrations (version {integer} PRIMARY KEY, "
    "name TEXT NOT NULL, checksum TEXT NOT NULL, "
    "applied_at {instant} NOT NULL){table_end}"};

Result<std::vector<std::string>> tables(sql::Transaction& tx, const sql::Dialect& dialect) {
  auto rows = tx.query(sql::Statement{"schema.tables", dialect.tables});
  if (!rows) return std::move(rows).error();
  std::vector<std::string> names;
  while ((*rows)->next()) names.emplace_back((*rows)->text(0));
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return names;
}

Result<std::vector<Recorded>> recorded(sql::Transaction& tx) {
  auto rows = tx.query(stmt::schema::history);
  if (!rows) return std::move(rows).error();
  std::vector<Recorded> found;
  while ((*rows)->next())
    found.push_back({static_cast<int>((*rows)->integer(0)), std::string((*rows)->text(1)),
                     std::string((*rows)->text(2)), (*rows)->instant(3)});
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

// Empty where no migration was ever applied: then nobody else's tables may be there.
Result<std::vector<Recorded>> history(sql::Transaction& tx, const sql::Dialect& dialect) {
  auto names = tables(tx, dialect);
  if (!names) return std::move(names).error();
  if (std::find(names->begin(), names->end(), "schema_migrations") != names->end())
    return recorded(tx);
  if (!names->empty())
    return Error(Errc::conflict,
                 "it holds a table " + names->front() +
                     " that Hotclock did not make: give Hotclock a database of its own");
  return std::vector<Recorded>();
}

const Migration* known_as(std::span<const Migration> known, int version) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Migration& m) { return m.version == version; });
  return found == known.end() ? nullptr : &*found;
}

Result<> judge(const Recorded& row, std::span<const Migration> known) {
  const Migration* migration = known_as(known, row.version);
  if (migration == nullptr)
    return Error(
        Errc::unsupported,
        "a newer Hotclock has been at work in it: this one knows no migration " + row.name);
  if (checksum(*migration) != row.checksum)
    return Error(Errc::conflict, "migration " + row.name +
                                     " was applied with other contents than this program has");
  return {};
}

Result<Status> compared(const std::vector<Recorded>& rows, std::span<const Migration> known) {
  Status status;
  for (const Recorded& row : rows)
    if (auto good = judge(row, known); !good) return std::move(good).error();
  for (const Migration& migration : known) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Recorded& r) {
      return r.version == migration.version;
    });
    status.lines.push_back({migration.version, std::string(migration.name),
                            row == rows.end() ? std::nullopt : std::optional(row->applied_at)});
  }
  return status;
}

Result<> run(sql::Transaction& tx, const Migration& migration, const sql::Dialect& dialect) {
  auto text = text_for(migration, dialect);
  if (!text) return std::move(text).error();
  if (auto done = tx.script(*text); !done)
    return std::move(done).error().within("migration " + std::string(migration.name));
  return {};
}

Result<> record(sql::Transaction& tx, const Migration& migration, Instant now) {
  auto done =
      tx.exec(stmt::schema::record, {migration.version, migration.name, checksum(migration), now});
  return done ? Result<>() : std::move(done).error();
}

// Applies the first missing migration, if any, in one transaction; its name, or "" if none is.
// Looks again inside: another process may have been quicker.
Result<std::string> apply_next(sql::Database& database, Instant now,
                               std::span<const Migration> known) {
  auto tx = database.write_alone({.deadline = std::chrono::minutes{30}});
  if (!tx) return std::move(tx).error();
  auto rows = history(**tx, database.dialect());
  if (!rows) return std::move(rows).error();
  auto status = compared(*rows, known);
  if (!status) return std::move(status).error();
  const auto next = std::find_if(status->lines.begin(), status->lines.end(),
                                 [](const Status::Line& line) { return !line.applied_at; });
  if (next == status->lines.end()) return std::string();
  const Migration& migration = *known_as(known, next->version);
  if (rows->empty())
    if (auto made = run(**tx, history_table, database.dialect()); !made)
      return std::move(made).error();
  if (auto done = run(**tx, migration, database.dialect()); !done) return std::move(done).error();
  if (auto done = record(**tx, migration, now); !done) return std::move(done).error();
  if (auto done = (*tx)->commit(); !done) return std::move(done).error();
  return next->name;
}

}  // namespace

std::span<const Migration> migrations() { return embedded::all; }

bool Status::up_to_date() const { return missing().empty(); }

std::string Status::missing() const {
  std::string names;
  for (const Line& line : lines)
    if (!line.applied_at) names += (names.empty() ? "" : ", ") + line.name;
  return names;
}

Result<Status> status(sql::Database& database, std::span<const Migration> known) {
  auto tx = database.read();
  if (!tx) return std::move(tx).error().within("look at the schema");
  auto rows = history(**tx, database.dialect());
  if (!rows) return std::move(rows).error().within("look at the schema of " + database.where());
  auto status = compared(*rows, known);
  if (!status) return std::move(status).error().within("look at the schema of " + database.where());
  return status;
}

Result<Applied> migrate(sql::Database& database, Instant now, std::span<const Migration> known) {
  auto before = status(database, known);
  if (!before) return std::move(before).error();
  Applied applied;
  while (!before->up_to_date()) {
    auto name = apply_next(database, now, known);
    if (!name) return std::move(name).error().within("migrate " + database.where());
    if (name->empty()) break;
    applied.names.push_back(std::move(name).value());
  }
  return applied;
}

}  // namespace hotclock::schema
