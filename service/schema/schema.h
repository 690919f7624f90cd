// The schema and its history. A migration is a file NNNN_name.sql of this folder; the build picks
// the files up by their number, so that adding one is all there is to do. Its text may hold any
// number of statements and is written once for all engines, with {instant}, {integer}, {real},
// {identity}, {table_end}, {keyed_end}, {roomy_end}, {and_id},
// {took}, {by_words} and {platform} for what sql::Dialect calls by those names.
//
// Each migration runs in one transaction together with its row in schema_migrations: it is applied
// wholly and recorded, or neither. One that has been released is never changed again: its checksum
// stands in the databases it made, and a differing one is refused.
//
// Where the platform is adopted (sql::Dialect::platform_adopted), migrations of its tables are
// recorded as not ours and never run, and the others see no schema but Hotclock's own: one that
// touched anything elsewhere nonetheless is rolled back and told.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/schema/migration.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

// All that this program knows, by number.
std::span<const Migration> migrations();

struct Status {
  struct Line {
    int version;
    std::string name;
    std::optional<Instant> applied_at;  // none: missing
    bool adopted = false;               // recorded as not ours
  };
  std::vector<Line> lines;

  bool up_to_date() const;
  // "0002_hotclock, 0003_x": what is missing.
  std::string missing() const;
};

// How the database stands to this program. Errc::unsupported: a newer program has been at work in
// it, and the message names the migration; Errc::conflict: a migration was applied with other
// contents, the tables are another program's, or the platform's are not whose the settings say. Changes
// nothing.
Result<Status> status(sql::Database& database, std::span<const Migration> known = migrations());

struct Applied {
  std::vector<std::string> names;    // empty: it was up to date
  std::vector<std::string> adopted;  // recorded as not ours
};

// Applies what is missing, in order. Running it twice, or in two processes at once, does nothing
// more. Fails as status() does, and with the migration's own error; what was applied before that
// one stays.
Result<Applied> migrate(sql::Database& database, Instant now,
                        std::span<const Migration> known = migrations());

}  // namespace hotclock::schema
