// Reading the rows of one query without forgetting its end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

template <class Each>
Result<> each_row(Rows& rows, Each each) {
  while (rows.next()) each(std::as_const(rows));
  return rows.end();
}

// Calls `each(rows)` for every row. Statements must not be run from inside: the rows are still
// open.
template <class Each>
Result<> for_each_row(Transaction& transaction, const Statement& statement,
                      std::span<const Param> params, Each each) {
  auto rows = transaction.query(statement, params);
  if (!rows) return std::move(rows).error();
  return each_row(**rows, each);
}
template <class Each>
Result<> for_each_row(Transaction& transaction, const Statement& statement,
                      std::initializer_list<Param> params, Each each) {
  return for_each_row(transaction, statement, std::span(params.begin(), params.size()), each);
}

// The first row as `make(rows)` has it; none where there is no row.
template <class Make>
auto first_row(Transaction& transaction, const Statement& statement, std::span<const Param> params,
               Make make) -> Result<std::optional<decltype(make(std::declval<const Rows&>()))>> {
  std::optional<decltype(make(std::declval<const Rows&>()))> found;
  auto read = for_each_row(transaction, statement, params, [&](const Rows& row) {
    if (!found) found = make(row);
  });
  if (!read) return std::move(read).error();
  return found;
}
template <class Make>
auto first_row(Transaction& transaction, const Statement& statement,
               std::initializer_list<Param> params, Make make) {
  return first_row(transaction, statement, std::span(params.begin(), params.size()), make);
}

// The number of the first row; 0 where there is none.
inline Result<std::int64_t> number(Transaction& transaction, const Statement& statement,
                                   std::initializer_list<Param> params = {}) {
  auto found =
      first_row(transaction, statement, params, [](const Rows& row) { return row.integer(0); });
  if (!found) return std::move(found).error();
  return found->value_or(0);
}

// What `make(rows)` has where it gives a Result: rows may turn out to be none of ours.
template <class Make>
using Made = typename std::invoke_result_t<Make&, const Rows&>::value_type;

// Every row as `make(rows)` has it, which gives a Result; the first error of one is the whole's.
template <class Make>
auto try_all_rows(Transaction& transaction, const Statement& statement,
                  std::initializer_list<Param> params, Make make)
    -> Result<std::vector<Made<Make>>> {
  auto rows = transaction.query(statement, params);
  if (!rows) return std::move(rows).error();
  std::vector<Made<Make>> all;
  while ((*rows)->next()) {
    auto made = make(std::as_const(**rows));
    if (!made) return std::move(made).error();
    all.push_back(std::move(made).value());
  }
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return all;
}

// The first of them; none where there is no row.
template <class Make>
auto try_first_row(Transaction& transaction, const Statement& statement,
                   std::initializer_list<Param> params, Make make)
    -> Result<std::optional<Made<Make>>> {
  auto all = try_all_rows(transaction, statement, params, std::move(make));
  if (!all) return std::move(all).error();
  if (all->empty()) return std::optional<Made<Make>>();
  return std::optional(std::move(all->front()));
}

}  // namespace hotclock::sql
