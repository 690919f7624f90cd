// Reading rows: used in this folder alone.
#pragma once

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

#include "service/sql/sql.h"

namespace hotclock::access {

// Every row as `make(row)` has it, which gives a Result.
template <class Make>
auto all_rows(sql::Transaction& transaction, const sql::Statement& statement,
              std::initializer_list<sql::Param> params, Make make)
    -> Result<std::vector<typename decltype(make(std::declval<const sql::Rows&>()))::value_type>> {
  auto rows = transaction.query(statement, params);
  if (!rows) return std::move(rows).error();
  std::vector<typename decltype(make(std::declval<const sql::Rows&>()))::value_type> found;
  while ((*rows)->next()) {
    auto made = make(std::as_const(**rows));
    if (!made) return std::move(made).error();
    found.push_back(std::move(made).value());
  }
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

// The first of them; none where there is no row.
template <class Make>
auto first_row(sql::Transaction& transaction, const sql::Statement& statement,
               std::initializer_list<sql::Param> params, Make make)
    -> Result<
        std::optional<typename decltype(make(std::declval<const sql::Rows&>()))::value_type>> {
  auto found = all_rows(transaction, statement, params, make);
  if (!found) return std::move(found).error();
  if (found->empty())
    return std::optional<typename decltype(make(std::declval<const sql::Rows&>()))::value_type>();
  return std::optional(std::move(found->front()));
}

// Runs `act(transaction)` and commits it if it succeeds.
template <class Act>
auto in_one(sql::Database& database, std::string_view step, Act act)
    -> decltype(act(std::declval<sql::Transaction&>())) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error().within(step);
  auto result = act(**transaction);
  if (!result) return std::move(result).error().within(step);
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error().within(step);
  return result;
}

}  // namespace hotclock::access
