// Many rows for one statement, where the engine takes arrays apart: each column is one text, an array as
// PostgreSQL writes it. The statement casts and unnests them:
//   SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS TEXT[]))
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/sql/sql.h"

namespace hotclock::sql {

template <std::size_t width>
class Columns {
 public:
  // One row, a value for each column: numbers, texts, and optional numbers (none: NULL).
  template <class... Values>
  void add(const Values&... values) {
    static_assert(sizeof...(Values) == width);
    std::size_t column = 0;
    (append(begin_value(columns_[column++]), values), ...);
    ++rows_;
  }
  std::size_t rows() const { return rows_; }

  // Closes the arrays: nothing but clear() may follow, and until then they live.
  std::array<Param, width> params() {
    std::array<Param, width> params;
    for (std::size_t i = 0; i < width; ++i) {
      columns_[i] += rows_ == 0 ? "{}" : "}";
      params[i] = std::string_view(columns_[i]);
    }
    return params;
  }
  void clear() {
    for (std::string& column : columns_) column.clear();
    rows_ = 0;
  }

 private:
  static std::string& begin_value(std::string& column) { return column += column.empty() ? '{' : ','; }

  // Of a real the shortest text that is read back as the same number.
  template <class Number>
  static void append_number(std::string& column, Number value) {
    char text[32];
    column.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
  static void append(std::string& column, std::int64_t value) { append_number(column, value); }
  static void append(std::string& column, double value) { append_number(column, value); }
  static void append(std::string& column, std::optional<std::int64_t> value) {
    value ? append(column, *value) : void(column += "NULL");
  }
  static void append(std::string& column, std::string_view text) {
    column += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') column += '\\';
      column += c;
    }
    column += '"';
  }

  std::array<std::string, width> columns_;
  std::size_t rows_ = 0;
};

}  // namespace hotclock::sql
