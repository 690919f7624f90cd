#include "service/schema/catalogue.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "service/schema/mapping.sql.h"
#include "service/sql/rows.h"

namespace hotclock::schema {
namespace {

namespace text = stmt::mapping;

using Params = std::initializer_list<sql::Param>;

std::vector<int> numbers_in(std::string_view list, std::int64_t count) {
  std::vector<int> found;
  for (std::size_t at = 0; at < list.size() && static_cast<std::int64_t>(found.size()) < count;) {
    const auto end = std::min(list.find(' ', at), list.size());
    found.push_back(std::atoi(std::string(list.substr(at, end - at)).c_str()));
    at = end + 1;
  }
  return found;
}

template <class T, class Value, class Member>
const T* found(const std::vector<T>& all, const Value& value, Member member) {
  const auto at = std::ranges::find(all, value, member);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

const Column* Relation::find(std::string_view column) const {
  return found(columns, column, &Column::name);
}
const Column* Relation::find(int number) const { return found(columns, number, &Column::number); }

Result<const Relation*> Catalogue::find(std::string_view name) {
  std::int64_t oid = 0;
  auto done = for_each_row(tx_, text::found, {std::string_view(schema_), name},
                           [&](const sql::Rows& row) { oid = row.integer(0); });
  if (!done) return std::move(done).error();
  if (oid == 0) return nullptr;
  return relation(oid);
}

Result<const Relation*> Catalogue::relation(std::int64_t oid) {
  const auto known = std::ranges::find(relations_, oid, &Relation::oid);
  if (known != relations_.end()) return &*known;
  Relation fresh{.oid = oid};
  if (auto done = read(fresh); !done) return std::move(done).error();
  return &relations_.emplace_back(std::move(fresh));
}

Result<> Catalogue::read(Relation& relation) {
  auto head = for_each_row(tx_, text::relation, {relation.oid}, [&](const sql::Rows& row) {
    relation.name = row.text(0);
    relation.is_view = row.text(1) == "v";
    relation.rights_of = row.text(2);
    relation.instead = static_cast<int>(row.integer(3));
  });
  if (!head) return head;
  auto columns = for_each_row(tx_, text::columns, {relation.oid}, [&](const sql::Rows& row) {
    relation.columns.push_back({static_cast<int>(row.integer(0)), std::string(row.text(1)),
                                std::string(row.text(5)), std::string(row.text(2)),
                                std::string(row.text(3)), row.integer(4) == 1, row.integer(6) == 1,
                                row.integer(7) == 1});
  });
  if (!columns || !relation.is_view) return columns;
  return for_each_row(tx_, text::tree, {relation.oid},
                      [&](const sql::Rows& row) { relation.shows = columns_of_view(row.text(0)); });
}

Result<std::vector<Index>> Catalogue::indexes(const Relation& table) {
  std::vector<Index> all;
  auto done = for_each_row(tx_, text::indexes, {table.oid}, [&](const sql::Rows& row) {
    all.push_back({std::string(row.text(0)), row.integer(1) == 1, row.integer(2) == 1,
                   numbers_in(row.text(3), row.integer(4)), std::string(row.text(5))});
  });
  if (!done) return std::move(done).error();
  return all;
}

Result<std::optional<Base>> Catalogue::base_of(const Relation& from, const Column& column) {
  Base at{&from, &column, "", from.instead};
  while (at.table->is_view) {
    const auto shown = at.table->shows.find(at.column->number);
    if (shown == at.table->shows.end()) return std::optional<Base>();
    auto next = relation(shown->second.relation);
    if (!next) return std::move(next).error();
    const Column* behind = (*next)->find(shown->second.column);
    if (behind == nullptr) return std::optional<Base>();
    at = {*next, behind, at.table->rights_of, at.instead | (*next)->instead};
  }
  return std::optional(std::move(at));
}

Result<std::vector<const Relation*>> Catalogue::views_behind(const Relation& view) {
  std::set<std::int64_t> behind;
  for (const auto& [number, place] : view.shows) behind.insert(place.relation);
  std::vector<const Relation*> views;
  for (const std::int64_t oid : behind) {
    auto next = relation(oid);
    if (!next) return std::move(next).error();
    if ((*next)->is_view) views.push_back(*next);
  }
  return views;
}

Result<std::vector<std::string>> Catalogue::list(const sql::Statement& statement, Params params) {
  std::vector<std::string> all;
  auto done = for_each_row(tx_, statement, params,
                           [&](const sql::Rows& row) { all.emplace_back(row.text(0)); });
  if (!done) return std::move(done).error();
  return all;
}

Result<bool> Catalogue::holds(const sql::Statement& statement, Params params) {
  bool held = false;
  auto done = for_each_row(tx_, statement, params,
                           [&](const sql::Rows& row) { held = row.integer(0) == 1; });
  if (!done) return std::move(done).error();
  return held;
}

}  // namespace hotclock::schema
