// What PostgreSQL's catalogue knows of the tables and views of a schema, and of the tables behind these.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/schema/view_tree.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

// Events that an INSTEAD OF trigger or an INSTEAD rule takes over, added up in Relation::instead.
inline constexpr int on_insert = 4, on_delete = 8, on_update = 16;

struct Column {
  int number = 0;
  std::string name, quoted;
  std::string shown;  // its type, for people
  std::string type;   // its type's plain name, of a domain that of its base
  bool is_enum = false;
  bool has_default = false;
  bool needs_value = false;  // NOT NULL, and nothing fills it in
};

struct Relation {
  std::int64_t oid = 0;
  std::string name;  // with its schema, in quotes where it needs them
  bool is_view = false;
  std::string rights_of;  // the role with whose rights a view works
  int instead = 0;
  std::vector<Column> columns;
  std::map<int, ColumnPlace> shows;  // of a view

  const Column* find(std::string_view column) const;
  const Column* find(int number) const;
};

struct Index {
  std::string name;
  bool unique = false, valid = false;
  std::vector<int> columns;  // 0: an expression
  std::string where;
};

// A column of a table, and who reaches it.
struct Base {
  const Relation* table = nullptr;
  const Column* column = nullptr;
  std::string rights_of;  // the role of the last view on the way; empty where there is none
  int instead = 0;        // of all views on the way
};

// Relations as they were when they were first asked for; they stay in place for as long as this lives.
// Threads: one. REQUIRES: the transaction outlives it.
class Catalogue {
 public:
  Catalogue(sql::Transaction& tx, std::string schema) : tx_(tx), schema_(std::move(schema)) {}

  // None where there is no table or view of that name in the schema.
  Result<const Relation*> find(std::string_view name);
  Result<std::vector<Index>> indexes(const Relation& table);

  // The table's column that a relation's column shows unchanged, through any number of views; none where
  // it is made of something.
  Result<std::optional<Base>> base_of(const Relation& relation, const Column& column);
  // The views that a view reads, as far as its columns tell.
  Result<std::vector<const Relation*>> views_behind(const Relation& view);

  // The first column of all rows of a question to the catalogue; whether its one row says yes.
  Result<std::vector<std::string>> list(const sql::Statement& statement, std::initializer_list<sql::Param> params);
  Result<bool> holds(const sql::Statement& statement, std::initializer_list<sql::Param> params);

 private:
  Result<const Relation*> relation(std::int64_t oid);
  Result<> read(Relation& relation);

  sql::Transaction& tx_;
  const std::string schema_;
  std::deque<Relation> relations_;
};

}  // namespace hotclock::schema
