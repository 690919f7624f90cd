#include "service/schema/view_tree.h"

#include <charconv>

namespace hotclock::schema {
namespace {

// The view's own columns are entries of its query, one brace deeper; those of subqueries lie deeper still.
constexpr int depth_of_query = 1;

// The number behind ":resno " in an entry; 0 where there is none.
std::int64_t number(std::string_view entry, std::string_view field) {
  const auto at = entry.rfind(field);
  if (at == entry.npos) return 0;
  std::int64_t value = 0;
  std::from_chars(entry.data() + at + field.size(), entry.data() + entry.size(), value);
  return value;
}

// An entry ends with its own fields; what it is made of stands before them.
void add(std::map<int, ColumnPlace>& columns, std::string_view entry) {
  const ColumnPlace place{number(entry, ":resorigtbl "), static_cast<int>(number(entry, ":resorigcol "))};
  if (place.relation != 0) columns[static_cast<int>(number(entry, ":resno "))] = place;
}

}  // namespace

std::map<int, ColumnPlace> columns_of_view(std::string_view tree) {
  std::map<int, ColumnPlace> columns;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree[i] == '\\') ++i;  // of a name that has such a character itself
    else if (tree[i] == '{' && depth++ == depth_of_query) begin = i;
    else if (tree[i] == '}' && --depth == depth_of_query) {
      const std::string_view node = tree.substr(begin, i - begin);
      if (node.starts_with("{TARGETENTRY ")) add(columns, node);
    }
  }
  return columns;
}

}  // namespace hotclock::schema
