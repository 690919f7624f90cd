// What a view's columns are made of, read from the tree that PostgreSQL keeps of it (pg_rewrite.ev_action):
// the catalogue has no other place that tells which column of a table a column of a view is.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace hotclock::schema {

// A column of a table or of another view, as the catalogue numbers both.
struct ColumnPlace {
  std::int64_t relation = 0;
  int column = 0;

  friend auto operator<=>(const ColumnPlace&, const ColumnPlace&) = default;
};

// By the number of the view's column: what it shows unchanged. Expressions are left out, and so are all
// columns of a UNION.
std::map<int, ColumnPlace> columns_of_view(std::string_view tree);

}  // namespace hotclock::schema
