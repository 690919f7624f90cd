#include "service/schema/view_rights.h"

#include <set>
#include <tuple>

#include "service/schema/mapping.sql.h"

namespace hotclock::schema {
namespace {

namespace text = stmt::mapping;

bool enters(const PlatformColumn& c) { return c.use == Use::entered || c.use == Use::kept; }
bool changes(const PlatformColumn& c) { return c.use == Use::changed || c.use == Use::kept; }

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

class Looking {
 public:
  Looking(Catalogue& catalogue, const Relation& relation, const PlatformTable& need)
      : catalogue_(catalogue), relation_(relation), need_(need) {}

  Result<std::vector<std::string>> run() {
    if (relation_.is_view) {
      if (auto done = read(relation_); !done) return std::move(done).error();
      if (auto done = look_at_functions(); !done) return std::move(done).error();
      for (const PlatformColumn& column : need_.columns)
        if (auto done = write(column); !done) return std::move(done).error();
      if (auto done = remove(); !done) return std::move(done).error();
    }
    if (auto done = count(); !done) return std::move(done).error();
    return std::move(lacking_);
  }

 private:
  void lacks(const std::string& role, const std::string& right, const std::string& table) {
    lacking_.push_back("the view works with the rights of " + role + ", who may not: GRANT " + right + " ON " + table +
                       " TO " + quoted(role));
  }

  // Of every view on the way.
  Result<> read(const Relation& view) {
    auto tables = catalogue_.list(text::unreadable, {view.oid, std::string_view(view.rights_of)});
    if (!tables) return std::move(tables).error();
    for (const std::string& table : *tables) lacks(view.rights_of, "SELECT", table);
    auto behind = catalogue_.views_behind(view);
    if (!behind) return std::move(behind).error();
    for (const Relation* next : *behind)
      if (auto done = read(*next); !done) return done;
    return {};
  }

  Result<> look_at_functions() {
    auto powerless = catalogue_.list(text::powerless, {relation_.oid});
    if (!powerless) return std::move(powerless).error();
    for (const std::string& function : *powerless)
      lacking_.push_back("its trigger function " + function + " works with the rights of whoever writes, who may not "
                         "change the tables behind the view: ALTER FUNCTION " + function + "() SECURITY DEFINER");
    return {};
  }

  Result<> write(const PlatformColumn& need) {
    auto base = catalogue_.base_of(relation_, *relation_.find(need.name));
    if (!base) return std::move(base).error();
    if (!*base || (*base)->rights_of.empty()) return {};
    const Base& b = **base;
    for (const auto& [does, right, event] :
         {std::tuple{enters(need), "INSERT", on_insert}, {changes(need), "UPDATE", on_update}}) {
      if (!does || (b.instead & event) != 0) continue;
      auto may = catalogue_.holds(text::may_write, {std::string_view(b.rights_of), b.table->oid,
                                                    std::int64_t{b.column->number}, std::string_view(right)});
      if (!may) return std::move(may).error();
      if (!*may) lacks(b.rights_of, std::string(right) + " (" + b.column->quoted + ")", b.table->name);
    }
    return {};
  }

  Result<> remove() {
    if (!need_.removed) return {};
    auto base = catalogue_.base_of(relation_, *relation_.find(need_.key));
    if (!base) return std::move(base).error();
    if (!*base || (*base)->rights_of.empty() || ((*base)->instead & on_delete) != 0) return {};
    auto may = catalogue_.holds(text::may_remove, {std::string_view((*base)->rights_of), (*base)->table->oid});
    if (!may) return std::move(may).error();
    if (!*may) lacks((*base)->rights_of, "DELETE", (*base)->table->name);
    return {};
  }

  // A default is worked out with the rights of whoever enters the row, not with the view's.
  Result<> count() {
    if (!need_.is_entered()) return {};
    auto base = catalogue_.base_of(relation_, *relation_.find(need_.columns.front().name));
    if (!base) return std::move(base).error();
    if (!*base || ((*base)->instead & on_insert) != 0) return {};
    auto sequences = catalogue_.list(text::uncountable, {(*base)->table->oid});
    if (!sequences) return std::move(sequences).error();
    auto asking = catalogue_.list(text::asking, {});
    if (!asking) return std::move(asking).error();
    for (const std::string& sequence : *sequences)
      lacking_.push_back("a new row is counted by " + sequence + " with the rights of " + asking->front() +
                         ", who may not: GRANT USAGE ON SEQUENCE " + sequence + " TO " + quoted(asking->front()));
    return {};
  }

  Catalogue& catalogue_;
  const Relation& relation_;
  const PlatformTable& need_;
  std::vector<std::string> lacking_;
};

}  // namespace

Result<std::vector<std::string>> lacking_behind(Catalogue& catalogue, const Relation& relation,
                                                const PlatformTable& need) {
  return Looking(catalogue, relation, need).run();
}

Result<std::vector<std::string>> triggers_behind(Catalogue& catalogue, const Relation& relation,
                                                 const PlatformTable& need) {
  std::vector<std::string> triggers;
  std::set<const Relation*> seen;
  for (const PlatformColumn& column : need.columns) {
    if (column.use == Use::read) continue;
    auto base = catalogue.base_of(relation, *relation.find(column.name));
    if (!base) return std::move(base).error();
    if (!*base || !seen.insert((*base)->table).second) continue;
    auto functions = catalogue.list(text::invoked, {(*base)->table->oid});
    if (!functions) return std::move(functions).error();
    for (const std::string& function : *functions) triggers.push_back(function + " on " + (*base)->table->name);
  }
  return triggers;
}

}  // namespace hotclock::schema
