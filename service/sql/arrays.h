// Many rows, kept by column: for engines that take whole columns (Dialect::takes_arrays), where one
// statement then does for all rows what would else take one for each.
#pragma once

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "service/sql/sql.h"

namespace hotclock::sql {

// `Values` are std::int64_t, std::string_view or Instant.
template <class... Values>
class Arrays {
 public:
  // Texts are not copied: see keep().
  void add(const Values&... row) { add_to(std::index_sequence_for<Values...>(), row...); }
  // A text that lives as long as the rows do.
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  std::size_t size() const { return std::get<0>(columns_).size(); }
  bool empty() const { return size() == 0; }
  void clear() {
    std::apply([](auto&... column) { (column.clear(), ...); }, columns_);
    texts_.clear();
  }

  // What is the same for all rows, then the columns. Good until the rows change.
  std::vector<Param> params(std::initializer_list<Param> first = {}) const {
    std::vector<Param> all(first);
    std::apply([&all](const auto&... column) { (all.emplace_back(std::span(column)), ...); }, columns_);
    return all;
  }

 private:
  template <std::size_t... at>
  void add_to(std::index_sequence<at...>, const Values&... row) {
    (std::get<at>(columns_).push_back(row), ...);
  }

  std::tuple<std::vector<Values>...> columns_;
  std::deque<std::string> texts_;
};

}  // namespace hotclock::sql
