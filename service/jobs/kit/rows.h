// Reading a query's rows into values, so that a job's code names columns once and errors never get
// lost between next() and end().
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::kit {

using Params = std::initializer_list<sql::Param>;

// Calls use(row) for each row.
template <class Use>
Result<> each_row(sql::Transaction& transaction, const sql::Statement& statement, Params params,
                  Use use) {
  auto rows = transaction.query(statement, std::span(params.begin(), params.size()));
  if (!rows) return std::move(rows).error();
  while (rows.value()->next()) use(*rows.value());
  return rows.value()->end();
}

// What read(row) makes of the first row; nothing where there is none.
template <class Read>
auto first_row(sql::Transaction& transaction, const sql::Statement& statement, Params params,
               Read read) -> Result<std::optional<decltype(read(std::declval<sql::Rows&>()))>> {
  std::optional<decltype(read(std::declval<sql::Rows&>()))> first;
  auto done = each_row(transaction, statement, params, [&](sql::Rows& row) {
    if (!first) first = read(row);
  });
  if (!done) return std::move(done).error();
  return first;
}

// The same for a query that always gives one row of one number.
inline Result<std::int64_t> number(sql::Transaction& transaction, const sql::Statement& statement,
                                   Params params = {}) {
  auto found = first_row(transaction, statement, params,
                         [](sql::Rows& row) { return row.integer(0); });
  if (!found) return std::move(found).error();
  return found.value().value_or(0);
}

}  // namespace hotclock::kit
