#include "service/schema/schema.h"

#include <algorithm>

#include "service/schema/adopted.sql.h"
#include "service/schema/migrations.h"
#include "service/schema/schema.sql.h"

namespace hotclock::schema {
namespace {

// What stands in place of the checksum of a migration that was not run, because its tables are the operator's.
constexpr std::string_view not_ours = "adopted";

// A row of schema_migrations.
struct Recorded {
  int version;
  std::string name;
  std::string checksum;
  Instant applied_at;

  bool adopted() const { return checksum == not_ours; }
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

// The record says whose the platform's tables are; the settings must say the same.
Result<> judge_owner(const Recorded& row, const Migration& migration, bool adopted) {
  if (row.adopted() && !adopted)
    return Error(Errc::conflict, "the platform's tables are the operator's here (" + row.name +
                                     " was not applied): write database.platform = \"adopted\"");
  if (adopted && is_platforms(migration) && !row.adopted())
    return Error(Errc::conflict, "the platform's tables are Hotclock's own here (" + row.name +
                                     " made them): write database.platform = \"own\"");
  return {};
}

Result<> judge(const Recorded& row, std::span<const Migration> known, bool adopted) {
  const Migration* migration = known_as(known, row.version);
  if (migration == nullptr)
    return Error(
        Errc::unsupported,
        "a newer Hotclock has been at work in it: this one knows no migration " + row.name);
  if (auto same = judge_owner(row, *migration, adopted); !same) return same;
  if (!row.adopted() && checksum(*migration) != row.checksum)
    return Error(Errc::conflict, "migration " + row.name +
                                     " was applied with other contents than this program has");
  return {};
}

Result<Status> compared(const std::vector<Recorded>& rows, std::span<const Migration> known, bool adopted) {
  Status status;
  for (const Recorded& row : rows)
    if (auto good = judge(row, known, adopted); !good) return std::move(good).error();
  for (const Migration& migration : known) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Recorded& r) {
      return r.version == migration.version;
    });
    status.lines.push_back({migration.version, std::string(migration.name),
                            row == rows.end() ? std::nullopt : std::optional(row->applied_at),
                            row != rows.end() && row->adopted()});
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

// Everything that follows in this transaction finds Hotclock's own schema and no other.
Result<> stay_at_home(sql::Transaction& tx) {
  auto rows = tx.query(stmt::adopted::stay_at_home);
  if (!rows) return std::move(rows).error();
  while ((*rows)->next()) continue;
  return (*rows)->end();
}

// An error where this transaction has made or changed something in another schema.
Result<> expect_at_home(sql::Transaction& tx, const Migration& migration) {
  auto rows = tx.query(stmt::adopted::strayed);
  if (!rows) return std::move(rows).error();
  if ((*rows)->next())
    return Error(Errc::internal, "migration " + std::string(migration.name) + " touches " +
                                     std::string((*rows)->text(0)) +
                                     ", which is not Hotclock's; nothing of it was kept");
  return (*rows)->end();
}

// Runs a migration, or leaves it out where its tables are the operator's.
Result<> apply(sql::Transaction& tx, const Migration& migration, const sql::Dialect& dialect) {
  if (!dialect.platform_adopted) return run(tx, migration, dialect);
  if (is_platforms(migration)) return {};
  if (auto done = run(tx, migration, dialect); !done) return done;
  return expect_at_home(tx, migration);
}

Result<> record(sql::Transaction& tx, const Migration& migration, bool adopted, Instant now) {
  const std::string sum = adopted ? std::string(not_ours) : checksum(migration);
  auto done = tx.exec(stmt::schema::record, {migration.version, migration.name, sum, now});
  return done ? Result<>() : std::move(done).error();
}

// Applies the first missing migration, if any, in one transaction; the migration, or none if none is
// missing. Looks again inside: another process may have been quicker.
Result<const Migration*> apply_next(sql::Database& database, Instant now,
                               std::span<const Migration> known) {
  auto tx = database.write_alone({.deadline = std::chrono::minutes{30}});
  if (!tx) return std::move(tx).error();
  const bool adopted = database.dialect().platform_adopted;
  if (adopted)
    if (auto home = stay_at_home(**tx); !home) return std::move(home).error();
  auto rows = history(**tx, database.dialect());
  if (!rows) return std::move(rows).error();
  auto status = compared(*rows, known, adopted);
  if (!status) return std::move(status).error();
  const auto next = std::find_if(status->lines.begin(), status->lines.end(),
                                 [](const Status::Line& line) { return !line.applied_at; });
  if (next == status->lines.end()) return nullptr;
  const Migration& migration = *known_as(known, next->version);
  if (rows->empty())
    if (auto made = run(**tx, history_table, database.dialect()); !made)
      return std::move(made).error();
  if (auto done = apply(**tx, migration, database.dialect()); !done) return std::move(done).error();
  if (auto done = record(**tx, migration, adopted && is_platforms(migration), now); !done)
    return std::move(done).error();
  if (auto done = (*tx)->commit(); !done) return std::move(done).error();
  return &migration;
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
  auto status = compared(*rows, known, database.dialect().platform_adopted);
  if (!status) return std::move(status).error().within("look at the schema of " + database.where());
  return status;
}

Result<Applied> migrate(sql::Database& database, Instant now, std::span<const Migration> known) {
  auto before = status(database, known);
  if (!before) return std::move(before).error();
  Applied applied;
  while (!before->up_to_date()) {
    auto next = apply_next(database, now, known);
    if (!next) return std::move(next).error().within("migrate " + database.where());
    if (*next == nullptr) break;
    const bool adopted = database.dialect().platform_adopted && is_platforms(**next);
    (adopted ? applied.adopted : applied.names).emplace_back((*next)->name);
  }
  return applied;
}

}  // namespace hotclock::schema
