// Reading the rows of one query without forgetting its end.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "service/sql/sql.h"

namespace hotclock::ledger {

template <class Each>
Result<> each_row(sql::Rows& rows, Each each) {
  while (rows.next()) each(std::as_const(rows));
  return rows.end();
}

// Calls `each(rows)` for every row. Statements must not be run from inside: the rows are still
// open.
template <class Each>
Result<> for_each_row(sql::Transaction& transaction, const sql::Statement& statement,
                      std::span<const sql::Param> params, Each each) {
  auto rows = transaction.query(statement, params);
  if (!rows) return std::move(rows).error();
  return each_row(**rows, each);
}
template <class Each>
Result<> for_each_row(sql::Transaction& transaction, const sql::Statement& statement,
                      std::initializer_list<sql::Param> params, Each each) {
  return for_each_row(transaction, statement, std::span(params.begin(), params.size()), each);
}

// The first row as `make(rows)` has it; none where there is no row.
template <class Make>
auto first_row(sql::Transaction& transaction, const sql::Statement& statement,
               std::span<const sql::Param> params, Make make)
    -> Result<std::optional<decltype(make(std::declval<const sql::Rows&>()))>> {
  std::optional<decltype(make(std::declval<const sql::Rows&>()))> found;
  auto read = for_each_row(transaction, statement, params, [&](const sql::Rows& row) {
    if (!found) found = make(row);
  });
  if (!read) return std::move(read).error();
  return found;
}
template <class Make>
auto first_row(sql::Transaction& transaction, const sql::Statement& statement,
               std::initializer_list<sql::Param> params, Make make) {
  return first_row(transaction, statement, std::span(params.begin(), params.size()), make);
}

// The line of the queue whose id is in a column; of the default queue, where there is none.
inline std::int64_t line_of_queue(const sql::Rows& row, int column) {
  return row.is_null(column) ? 0 : -row.integer(column);
}
// The other way round.
inline sql::Param queue_of_line(std::int64_t line) {
  return line == 0 ? sql::Param(nullptr) : sql::Param(-line);
}

}  // namespace hotclock::ledger
