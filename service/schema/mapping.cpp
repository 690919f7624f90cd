#include "service/schema/mapping.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "service/schema/catalogue.h"
#include "service/schema/mapping.sql.h"
#include "service/schema/platform.h"

namespace hotclock::schema {
namespace {

namespace text = stmt::mapping;

using Findings = std::vector<Finding>;

// ---------------------------------------------------------------- types

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_whole(const Column& c) { return one_of(c.type, {"int2", "int4", "int8"}); }
bool is_text(const Column& c) { return one_of(c.type, {"text", "varchar", "bpchar", "json"}); }

bool fits(Holds holds, const Column& c) {
  switch (holds) {
    case Holds::id: return c.type == "int8";
    case Holds::number: return is_whole(c) || c.type == "numeric";
    case Holds::flag: return is_whole(c);
    case Holds::real: return is_whole(c) || one_of(c.type, {"numeric", "float4", "float8"});
    case Holds::text: return is_text(c);
    case Holds::word: return is_text(c) || c.is_enum;
    case Holds::instant: return c.type == "timestamptz";
    case Holds::date: return c.type == "date" || (is_text(c) && c.type != "json");
  }
  return false;
}

std::string_view words_for(Holds holds) {
  switch (holds) {
    case Holds::id: return "a number of 64 bits (bigint)";
    case Holds::number: return "a whole number";
    case Holds::flag: return "0 or 1";
    case Holds::real: return "a number";
    case Holds::text: return "a text";
    case Holds::word: return "a text or an enum";
    case Holds::instant: return "an instant (timestamptz)";
    case Holds::date: return "a date, or a text YYYY-MM-DD";
  }
  return "";
}

// What a view would say instead. What is written cannot be an expression.
std::string remedy(const PlatformColumn& need, const Column& c) {
  const std::string name = c.quoted;
  if (need.use == Use::entered || need.use == Use::kept)
    return "give it a column of that type: what is entered cannot be an expression";
  switch (need.holds) {
    case Holds::id: return "write " + name + "::bigint, with an index on that";
    case Holds::number:
    case Holds::real: return "write " + name + "::" + (need.holds == Holds::real ? "float8" : "bigint");
    case Holds::flag:
      return "write " + name + "::int" +
             (need.use == Use::changed ? ", and an INSTEAD OF UPDATE trigger that translates" : "");
    case Holds::text:
    case Holds::word: return "write " + name + "::text";
    case Holds::instant:
      return c.type == "timestamp" ? "write " + name + " AT TIME ZONE 'UTC', or the zone it is meant in"
                                   : "write an expression of that type";
    case Holds::date: return "write " + name + "::date";
  }
  return "";
}

// ---------------------------------------------------------------- the checks

std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ") {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? std::string() : std::string(between)) + part;
  return all;
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

// "wallet_entries (bonus_day, account_id)"
std::string index_on(const Relation& table, const std::vector<std::string>& columns) {
  return table.name + " (" + joined(columns) + ")";
}

// "platform" of "\"platform\".": a schema's name is small letters, digits and _ alone.
std::string schema_of(const sql::Dialect& dialect) {
  std::string name(dialect.platform);
  std::erase_if(name, [](char c) { return c == '"' || c == '.'; });
  return name;
}

class Check {
 public:
  Check(sql::Database& database, sql::Transaction& tx)
      : database_(database), schema_(schema_of(database.dialect())), catalogue_(tx, schema_) {}

  Result<Findings> run() {
    for (const PlatformTable& need : platform_tables())
      if (auto done = look_at(need); !done) return std::move(done).error();
    const std::size_t wrong = findings_.size();
    if (auto done = look_at_payments(); !done) return std::move(done).error();
    if (wrong == 0) findings_.insert(findings_.begin(), all_is_there());
    if (look_ups_ > 0) findings_.push_back(speed());
    return std::move(findings_);
  }

 private:
  Finding all_is_there() const {
    return {"the platform's tables are as the jobs need them", true,
            std::to_string(tables_) + " tables and " + std::to_string(views_) + " views, " +
                std::to_string(columns_) + " columns"};
  }

  Finding speed() const {
    return {"what the jobs look for is indexed", true,
            slow_.empty() ? std::to_string(look_ups_) + " ways to look for rows"
                          : "slow on large tables, better: " + joined(slow_, "; ")};
  }

  void wrong(const std::string& name, std::string detail) {
    findings_.push_back({name + " is as the jobs need it", false, std::move(detail)});
  }

  Result<> look_at(const PlatformTable& need) {
    auto found = catalogue_.find(need.name);
    if (!found) return std::move(found).error();
    if (*found == nullptr) {
      wrong(place_of(need), "it is missing: make a table or a view with the columns " + names_of(need));
      return {};
    }
    const Relation& relation = **found;
    ++(relation.is_view ? views_ : tables_);
    std::size_t before = findings_.size();
    for (const PlatformColumn& column : need.columns) look_at_column(relation, column);
    if (findings_.size() > before) return {};  // what is not there cannot be written
    if (auto done = look_at_writing(relation, need); !done) return done;
    if (auto done = look_at_rights(relation, need); !done) return done;
    return look_at_look_ups(relation, need);
  }

  std::string place_of(const PlatformTable& need) const { return schema_ + "." + std::string(need.name); }

  static std::string names_of(const PlatformTable& need) {
    std::vector<std::string> names;
    for (const PlatformColumn& column : need.columns) names.emplace_back(column.name);
    return joined(names);
  }

  void look_at_column(const Relation& relation, const PlatformColumn& need) {
    ++columns_;
    const Column* column = relation.find(need.name);
    if (column == nullptr)
      wrong(relation.name, "column " + std::string(need.name) + " is missing: it holds " +
                               std::string(words_for(need.holds)));
    else if (!fits(need.holds, *column))
      wrong(relation.name, column->name + " is " + column->shown + ", and must be " +
                               std::string(words_for(need.holds)) + ": " + remedy(need, *column));
  }

  // ---- writing

  Result<> look_at_writing(const Relation& relation, const PlatformTable& need) {
    std::size_t before = findings_.size();
    for (const PlatformColumn& column : need.columns)
      if (column.use == Use::changed || column.use == Use::kept)
        if (auto done = look_at_update(relation, column.name); !done) return done;
    if (need.is_entered())
      if (auto done = look_at_insert(relation, need); !done) return done;
    if (need.removed)
      if (auto done = look_at_delete(relation); !done) return done;
    if (findings_.size() > before) return {};
    if (need.money)
      if (auto done = look_at_money(relation, need); !done) return done;
    if (need.is_entered() && (relation.instead & on_insert) == 0)
      if (auto done = look_at_values(relation, need); !done) return done;
    if (!need.key.empty()) return look_at_key(relation, need);
    return {};
  }

  // What the engine says of a statement before it is run; empty where it would do it. Asked in a transaction
  // of its own, because an error ends it.
  Result<std::string> refusal(const std::string& statement) {
    auto tx = database_.read();
    if (!tx) return std::move(tx).error();
    const auto done = (*tx)->check(sql::Statement{"schema.mapping.try", statement});
    // Rights are looked at for themselves.
    if (done || done.error().code() == Errc::conflict) return std::string();
    if (done.error().code() != Errc::internal) return done.error();
    return done.error().message();
  }

  Result<> look_at_update(const Relation& relation, std::string_view column) {
    const std::string name(column);
    auto why = refusal("UPDATE " + relation.name + " SET " + name + " = " + name);
    if (!why) return std::move(why).error();
    if (!why->empty())
      wrong(relation.name, name + " cannot be changed: " + *why +
                               "; show a column of the table as it is, or give the view an INSTEAD OF UPDATE trigger");
    return {};
  }

  Result<> look_at_insert(const Relation& relation, const PlatformTable& need) {
    const std::string columns = entered(need);
    auto why = refusal("INSERT INTO " + relation.name + " (" + columns + ") SELECT " + columns + " FROM " +
                       relation.name);
    if (!why) return std::move(why).error();
    if (!why->empty())
      wrong(relation.name, "no row can be entered: " + *why +
                               "; show columns of one table as they are" +
                               (need.key.empty() ? ", or give the view an INSTEAD OF INSERT trigger" : ""));
    return {};
  }

  Result<> look_at_delete(const Relation& relation) {
    auto why = refusal("DELETE FROM " + relation.name);
    if (!why) return std::move(why).error();
    if (!why->empty()) wrong(relation.name, "no row can be removed: " + *why);
    return {};
  }

  static std::string entered(const PlatformTable& need) {
    std::vector<std::string> names;
    for (const PlatformColumn& column : need.columns)
      if (column.use == Use::entered || column.use == Use::kept) names.emplace_back(column.name);
    return joined(names);
  }

  // A trigger is told the balance as it was seen, so what somebody else pays meanwhile would be lost; and it
  // may leave a payment out without a word.
  Result<> look_at_money(const Relation& relation, const PlatformTable& need) {
    for (const PlatformColumn& column : need.columns) {
      if (column.use == Use::read) continue;
      auto base = catalogue_.base_of(relation, *relation.find(column.name));
      if (!base) return std::move(base).error();
      if (*base && (*base)->instead == 0) continue;
      wrong(relation.name, std::string(column.name) + " is money and is written by a trigger or a rule, which may lose "
                               "what is paid at the same time: show the column of the table as it is, without one");
      return {};
    }
    return {};
  }

  // The table behind must not want a value that nobody gives.
  Result<> look_at_values(const Relation& relation, const PlatformTable& need) {
    std::set<int> given;
    const Relation* table = nullptr;
    for (const Column& column : relation.columns) {
      const auto needed = std::ranges::find(need.columns, column.name, &PlatformColumn::name);
      const bool is_given = needed != need.columns.end() && needed->use != Use::read;
      if (!is_given && !column.has_default) continue;
      auto base = catalogue_.base_of(relation, column);
      if (!base) return std::move(base).error();
      if (!*base) continue;
      given.insert((*base)->column->number);
      if (is_given) table = (*base)->table;
    }
    if (table == nullptr) return {};
    for (const Column& column : table->columns)
      if (column.needs_value && !given.contains(column.number))
        wrong(relation.name, "no row can be entered: " + table->name + "." + column.name +
                                 " must have a value and nothing gives one: ALTER TABLE " + table->name +
                                 " ALTER COLUMN " + column.quoted + " SET DEFAULT ...");
    return {};
  }

  // ---- unique keys

  struct Key {
    const Relation* table = nullptr;
    std::vector<int> numbers;
    std::vector<std::string> columns;
  };

  // The columns of one table that these columns show; none where they are of none or of several.
  Result<std::optional<Key>> key_of(const Relation& relation, std::initializer_list<std::string_view> names) {
    Key key;
    for (const std::string_view name : names) {
      const Column* column = relation.find(name);
      if (column == nullptr) return std::optional<Key>();
      auto base = catalogue_.base_of(relation, *column);
      if (!base) return std::move(base).error();
      if (!*base || (key.table != nullptr && key.table != (*base)->table))
        return std::optional<Key>();
      key.table = (*base)->table;
      key.numbers.push_back((*base)->column->number);
      key.columns.push_back((*base)->column->quoted);
    }
    return std::optional(std::move(key));
  }

  // The unique indexes of exactly these columns, in whatever order.
  Result<std::vector<Index>> unique_on(const Key& key) {
    auto indexes = catalogue_.indexes(*key.table);
    if (!indexes) return std::move(indexes).error();
    std::erase_if(*indexes, [&](const Index& index) {
      return !index.unique || !std::ranges::is_permutation(index.columns, key.numbers);
    });
    return indexes;
  }

  Result<> look_at_key(const Relation& relation, const PlatformTable& need) {
    const std::string key_name(need.key);
    if ((relation.instead & (on_insert | on_update)) != 0) {
      wrong(relation.name, "rows are entered with ON CONFLICT (" + key_name +
                               "), which a view with an INSTEAD OF trigger or rule cannot do: make it a plain "
                               "view, or a table beside the operator's");
      return {};
    }
    auto key = key_of(relation, {need.key});
    if (!key) return std::move(key).error();
    if (!*key) {
      wrong(relation.name, key_name + " must show a column of the table as it is, for ON CONFLICT (" + key_name + ")");
      return {};
    }
    auto indexes = unique_on(**key);
    if (!indexes) return std::move(indexes).error();
    const bool there = std::ranges::any_of(*indexes, [](const Index& i) { return i.valid && i.where.empty(); });
    if (!there)
      wrong(relation.name, "no unique index keeps " + key_name + " unique, for ON CONFLICT (" + key_name +
                               "): CREATE UNIQUE INDEX ON " + index_on(*(*key)->table, (*key)->columns));
    return {};
  }

  Result<> look_at_payments() {
    auto found = catalogue_.find(payments);
    if (!found) return std::move(found).error();
    if (*found == nullptr) return {};
    const Relation& relation = **found;
    if (auto alike = expect_dates_alike(relation); !alike) return alike;
    auto key = key_of(relation, {payment_date, payment_user});
    if (!key) return std::move(key).error();
    auto finding = *key ? judge_payments(relation, **key) : Result<Finding>(unfollowed(relation));
    if (!finding) return std::move(finding).error();
    finding->name = "a user is paid once for a date, by the database's own rule";
    findings_.push_back(std::move(finding).value());
    return {};
  }

  static Finding unfollowed(const Relation& relation) {
    return {"", false,
            std::string(payment_date) + " and " + std::string(payment_user) + " of " + relation.name +
                " must show two columns of one table as they are: no unique index can be found behind "
                "anything else"};
  }

  Result<Finding> judge_payments(const Relation& relation, const Key& key) {
    auto indexes = unique_on(key);
    if (!indexes) return std::move(indexes).error();
    const std::string make = "CREATE UNIQUE INDEX ON " + index_on(*key.table, key.columns) + " WHERE " +
                             key.columns.front() + " IS NOT NULL";
    std::string why = key.table->name + " has no unique index on (" + joined(key.columns) + ")";
    for (const Index& index : *indexes) {
      auto all = covers_payments(relation, key, index);
      if (!all) return std::move(all).error();
      if (index.valid && *all)
        return Finding{"", true, "unique index " + index.name + " on " + index_on(*key.table, key.columns)};
      why = index.valid ? "unique index " + index.name + " covers only rows where " + index.where
                        : "unique index " + index.name + " is not valid: drop it and make it again";
    }
    return Finding{"", false, why + ": " + make};
  }

  // Whether each payment is in the index: it has no condition, or one that every payment fulfils.
  Result<bool> covers_payments(const Relation& relation, const Key& key, const Index& index) {
    if (index.where.empty() || index.where == "(" + key.columns.front() + " IS NOT NULL)") return true;
    const Column* kind = relation.find(payment_kind);
    if (kind == nullptr) return false;
    auto base = catalogue_.base_of(relation, *kind);
    if (!base) return std::move(base).error();
    if (!*base || (*base)->table != key.table) return false;
    const std::string begin = "(" + (*base)->column->quoted + " = 'og_bonus'::";
    return index.where.starts_with(begin) && index.where.find(' ', begin.size()) == std::string::npos;
  }

  // They are compared with each other.
  Result<> expect_dates_alike(const Relation& relation) {
    auto users = catalogue_.find("users");
    if (!users) return std::move(users).error();
    const Column* paid = relation.find(payment_date);
    const Column* last = *users ? (*users)->find("last_bonus_date") : nullptr;
    if (paid && last && (paid->type == "date") != (last->type == "date"))
      wrong((*users)->name, "last_bonus_date is " + last->shown + " and " + relation.name + ".bonus_date is " +
                                paid->shown + ": make them alike, both date or both text");
    return {};
  }

  // ---- rights

  Result<> look_at_rights(const Relation& relation, const PlatformTable& need) {
    if (!relation.is_view) return {};
    if (auto done = look_at_reading(relation); !done) return done;
    auto powerless = catalogue_.list(text::powerless, {relation.oid});
    if (!powerless) return std::move(powerless).error();
    for (const std::string& function : *powerless)
      wrong(relation.name, "its trigger function " + function + " works with the rights of whoever writes, who may "
                               "not change the tables behind the view: ALTER FUNCTION " + function +
                               "() SECURITY DEFINER");
    for (const PlatformColumn& column : need.columns)
      if (auto done = look_at_right_to_write(relation, column); !done) return done;
    return need.removed && (relation.instead & on_delete) == 0 ? look_at_right_to_remove(relation, need) : Result<>();
  }

  void lacks(const Relation& relation, const std::string& role, const std::string& right, const std::string& table) {
    wrong(relation.name, "the view works with the rights of " + role + ", who may not: GRANT " + right + " ON " +
                             table + " TO " + quoted(role));
  }

  // Of every view on the way.
  Result<> look_at_reading(const Relation& view) {
    auto tables = catalogue_.list(text::unreadable, {view.oid, std::string_view(view.rights_of)});
    if (!tables) return std::move(tables).error();
    for (const std::string& table : *tables) lacks(view, view.rights_of, "SELECT", table);
    auto behind = catalogue_.views_behind(view);
    if (!behind) return std::move(behind).error();
    for (const Relation* next : *behind)
      if (auto done = look_at_reading(*next); !done) return done;
    return {};
  }

  Result<> look_at_right_to_write(const Relation& relation, const PlatformColumn& need) {
    const bool enters = need.use == Use::entered || need.use == Use::kept;
    const bool changes = need.use == Use::changed || need.use == Use::kept;
    auto base = catalogue_.base_of(relation, *relation.find(need.name));
    if (!base) return std::move(base).error();
    if (!*base || (*base)->rights_of.empty()) return {};
    for (const auto& [does, right, event] : {std::tuple{enters, "INSERT", on_insert}, {changes, "UPDATE", on_update}}) {
      if (!does || (relation.instead & event) != 0) continue;
      auto may = catalogue_.holds(text::may_write, {std::string_view((*base)->rights_of), (*base)->table->oid,
                                                    std::int64_t{(*base)->column->number}, std::string_view(right)});
      if (!may) return std::move(may).error();
      if (!*may)
        lacks(relation, (*base)->rights_of, std::string(right) + " (" + (*base)->column->quoted + ")",
              (*base)->table->name);
    }
    return {};
  }

  Result<> look_at_right_to_remove(const Relation& relation, const PlatformTable& need) {
    auto base = catalogue_.base_of(relation, *relation.find(need.key));
    if (!base) return std::move(base).error();
    if (!*base || (*base)->rights_of.empty()) return {};
    auto may = catalogue_.holds(text::may_remove, {std::string_view((*base)->rights_of), (*base)->table->oid});
    if (!may) return std::move(may).error();
    if (!*may) lacks(relation, (*base)->rights_of, "DELETE", (*base)->table->name);
    return {};
  }

  // ---- speed

  Result<> look_at_look_ups(const Relation& relation, const PlatformTable& need) {
    for (const LookUp& look_up : need.look_ups) {
      ++look_ups_;
      auto base = catalogue_.base_of(relation, *relation.find(look_up.column));
      if (!base) return std::move(base).error();
      if (!*base) {
        slow_.push_back("an index on what " + relation.name + "." + std::string(look_up.column) + " is made of");
        continue;
      }
      auto indexes = catalogue_.indexes(*(*base)->table);
      if (!indexes) return std::move(indexes).error();
      const auto begins = [&](const Index& index) {
        return index.valid && index.columns.front() == (*base)->column->number;
      };
      if (std::ranges::none_of(*indexes, begins))
        slow_.push_back("CREATE INDEX ON " + index_on(*(*base)->table, {(*base)->column->quoted}) +
                        (look_up.where.empty() ? "" : ", of the rows with " + std::string(look_up.where)));
    }
    return {};
  }

  sql::Database& database_;
  const std::string schema_;
  Catalogue catalogue_;
  Findings findings_;
  std::vector<std::string> slow_;
  int tables_ = 0, views_ = 0, columns_ = 0, look_ups_ = 0;
};

}  // namespace

Result<Findings> check_mapping(sql::Database& database) {
  if (database.dialect().engine != "postgresql") return Findings();
  auto tx = database.read();
  if (!tx) return std::move(tx).error().within("check the platform's tables");
  auto findings = Check(database, **tx).run();
  if (!findings) return std::move(findings).error().within("check the platform's tables");
  return findings;
}

}  // namespace hotclock::schema
