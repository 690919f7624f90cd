// What the engine means to do for a statement, and what is wrong with that, in words. Nothing is
// run: the engine is asked for its plan alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "service/profiling/profile.h"
#include "service/sql/sql.h"

namespace hotclock::profiling {

struct Asking {
  std::string_view statement;  // its name
  std::string_view text;
  std::span<const sql::Param> params;  // of the run that is asked about
  std::int64_t rows = 0;               // that it gave or changed then
};

struct PlanLimits {
  std::int64_t large =
      10'000;  // rows from which on a table is no small one, and a wrong estimate matters
};

// The plan for these parameters now, in few lines, with its findings. What an engine will not
// explain has a finding of kind no_plan that says why.
Plan plan_of(sql::Database& database, const Asking& asking, const PlanLimits& limits = {});

// ---- the parts, for both engines ----

// PostgreSQL's EXPLAIN (VERBOSE, FORMAT JSON), read.
struct Node {
  int depth = 0;
  std::string kind, schema, table, alias, index, filter;
  std::vector<std::string> sort_key;
  double rows = 0, width = 0;
};
Result<std::vector<Node>> nodes_of(std::string_view json);
// "(u.og_level > 0) AND (u.id = $1)", "u" -> "og_level", "id".
std::vector<std::string> columns_in(std::string_view condition, std::string_view alias);
// The table that an SQLite plan's "SCAN u" means in a statement: behind FROM, JOIN, UPDATE or INTO.
std::string table_called(std::string_view statement, std::string_view alias);
// Those of `columns` that a statement compares behind a WHERE or ON, as far as words tell.
std::vector<std::string> compared(std::string_view statement,
                                  const std::vector<std::string>& columns);

}  // namespace hotclock::profiling
