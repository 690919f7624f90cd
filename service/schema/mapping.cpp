#include "service/schema/mapping.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "service/schema/catalogue.h"
#include "service/schema/column_types.h"
#include "service/schema/platform.h"
#include "service/schema/unique_key.h"
#include "service/schema/view_rights.h"

namespace hotclock::schema {
namespace {

using Findings = std::vector<Finding>;

std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ") {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? std::string() : std::string(between)) + part;
  return all;
}

// "platform" of "\"platform\".": a schema's name is small letters, digits and _ alone.
std::string schema_of(const sql::Dialect& dialect) {
  std::string name(dialect.platform);
  std::erase_if(name, [](char c) { return c == '"' || c == '.'; });
  return name;
}

// ---------------------------------------------------------------- what the engine refuses

// As it is written in a statement: "\"platform\".users".
std::string in_sql(const std::string& schema, const PlatformTable& need) {
  return '"' + schema + "\"." + std::string(need.name);
}

std::string update_of(const std::string& table, std::string_view column) {
  const std::string name(column);
  return "UPDATE " + table + " SET " + name + " = " + name;
}

std::string insert_into(const std::string& table, const PlatformTable& need) {
  std::vector<std::string> names;
  for (const PlatformColumn& column : need.columns)
    if (column.use == Use::entered || column.use == Use::kept) names.emplace_back(column.name);
  return "INSERT INTO " + table + " (" + joined(names) + ") SELECT " + joined(names) + " FROM " + table;
}

std::string delete_from(const std::string& table) { return "DELETE FROM " + table; }

// How the jobs write to a table, in kind.
std::vector<std::string> writing(const std::string& table, const PlatformTable& need) {
  std::vector<std::string> all;
  for (const PlatformColumn& column : need.columns)
    if (column.use == Use::changed || column.use == Use::kept) all.push_back(update_of(table, column.name));
  if (need.is_entered()) all.push_back(insert_into(table, need));
  if (need.removed) all.push_back(delete_from(table));
  return all;
}

// By statement, what the engine says of it before it is run; empty where it would do it. Asked one after the
// other in transactions of their own, because an error ends one. Of rights it says nothing here.
using Refusals = std::map<std::string, std::string>;

Result<std::string> refusal(sql::Database& database, const std::string& statement) {
  auto tx = database.read();
  if (!tx) return std::move(tx).error();
  const auto done = (*tx)->check(sql::Statement{"PostgreSQL", statement});
  if (done || done.error().code() == Errc::conflict) return std::string();
  if (done.error().code() != Errc::internal) return done.error();
  return done.error().message();
}

Result<Refusals> refusals(sql::Database& database, const std::string& schema) {
  Refusals all;
  for (const PlatformTable& need : platform_tables())
    for (const std::string& statement : writing(in_sql(schema, need), need)) {
      auto why = refusal(database, statement);
      if (!why) return std::move(why).error();
      all[statement] = std::move(why).value();
    }
  return all;
}

// ---------------------------------------------------------------- the whole

class Check {
 public:
  Check(sql::Transaction& tx, std::string schema, Refusals refusals)
      : schema_(std::move(schema)), refusals_(std::move(refusals)), catalogue_(tx, schema_) {}

  Result<Findings> run() {
    for (const PlatformTable& need : platform_tables())
      if (auto done = look_at(need); !done) return std::move(done).error();
    if (auto done = expect_dates_alike(); !done) return std::move(done).error();
    if (findings_.empty()) findings_.push_back(all_is_there());
    if (auto done = look_at_payments(); !done) return std::move(done).error();
    if (look_ups_ > 0) findings_.push_back(speed());
    if (!triggers_.empty()) findings_.push_back(others());
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

  Finding others() const {
    return {"what else a job's rows set off in the platform", true,
            joined(triggers_) + ": with the rights of the role that serves; SECURITY DEFINER where that is not enough"};
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
        look_at_update(relation, need, column.name);
    if (need.is_entered()) look_at_insert(relation, need);
    if (need.removed) look_at_delete(relation, need);
    if (findings_.size() > before) return {};
    if (need.money)
      if (auto done = look_at_money(relation, need); !done) return done;
    if (need.is_entered() && (relation.instead & on_insert) == 0)
      if (auto done = look_at_values(relation, need); !done) return done;
    if (!need.key.empty()) return look_at_key(relation, need);
    return {};
  }

  void look_at_update(const Relation& relation, const PlatformTable& need, std::string_view column) {
    const std::string& why = refusals_.at(update_of(in_sql(schema_, need), column));
    if (!why.empty())
      wrong(relation.name, std::string(column) + " cannot be changed: " + why +
                               "; show a column of the table as it is, or give the view an INSTEAD OF UPDATE trigger");
  }

  void look_at_insert(const Relation& relation, const PlatformTable& need) {
    const std::string& why = refusals_.at(insert_into(in_sql(schema_, need), need));
    if (!why.empty())
      wrong(relation.name, "no row can be entered: " + why + "; show columns of one table as they are");
  }

  void look_at_delete(const Relation& relation, const PlatformTable& need) {
    const std::string& why = refusals_.at(delete_from(in_sql(schema_, need)));
    if (!why.empty()) wrong(relation.name, "no row can be removed: " + why);
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

  Result<> look_at_key(const Relation& relation, const PlatformTable& need) {
    const std::string name(need.key), conflict = "ON CONFLICT (" + name + ")";
    auto key = key_of(catalogue_, relation, {need.key});
    if (!key) return std::move(key).error();
    if ((relation.instead & (on_insert | on_update)) != 0) {
      wrong(relation.name, "rows are entered with " + conflict +
                               ", which a view with an INSTEAD OF trigger or rule cannot do: make it a plain view, or "
                               "a table beside the operator's");
      return {};
    }
    if (!*key) {
      wrong(relation.name, name + " must show a column of the table as it is, for " + conflict);
      return {};
    }
    auto indexes = unique_on(catalogue_, **key);
    if (!indexes) return std::move(indexes).error();
    if (std::ranges::none_of(*indexes, [](const Index& i) { return i.valid && i.where.empty(); }))
      wrong(relation.name, "no unique index keeps " + name + " unique, for " + conflict +
                               ": CREATE UNIQUE INDEX ON " + (*key)->text());
    return {};
  }

  // ---- payments

  Result<> look_at_payments() {
    auto found = catalogue_.find(payments);
    if (!found) return std::move(found).error();
    if (*found == nullptr) return {};
    auto rule = payment_rule(catalogue_, **found);
    if (!rule) return std::move(rule).error();
    findings_.push_back(std::move(rule).value());
    return {};
  }

  // They are compared with each other.
  Result<> expect_dates_alike() {
    auto users = catalogue_.find("users");
    if (!users) return std::move(users).error();
    auto paid_in = catalogue_.find(payments);
    if (!paid_in) return std::move(paid_in).error();
    if (*users == nullptr || *paid_in == nullptr) return {};
    const Column* paid = (*paid_in)->find(payment_date);
    const Column* last = (*users)->find("last_bonus_date");
    if (paid && last && (paid->type == "date") != (last->type == "date"))
      wrong((*users)->name, "last_bonus_date is " + last->shown + " and " + (*paid_in)->name + ".bonus_date is " +
                                paid->shown + ": make them alike, both date or both text");
    return {};
  }

  // ---- rights

  Result<> look_at_rights(const Relation& relation, const PlatformTable& need) {
    auto lacking = lacking_behind(catalogue_, relation, need);
    if (!lacking) return std::move(lacking).error();
    for (std::string& what : *lacking) wrong(relation.name, std::move(what));
    auto triggers = triggers_behind(catalogue_, relation, need);
    if (!triggers) return std::move(triggers).error();
    triggers_.insert(triggers_.end(), triggers->begin(), triggers->end());
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
        slow_.push_back("CREATE INDEX ON " + (*base)->table->name + " (" + (*base)->column->quoted + ")" +
                        (look_up.where.empty() ? "" : ", of the rows with " + std::string(look_up.where)));
    }
    return {};
  }

  const std::string schema_;
  const Refusals refusals_;
  Catalogue catalogue_;
  Findings findings_;
  std::vector<std::string> slow_, triggers_;
  int tables_ = 0, views_ = 0, columns_ = 0, look_ups_ = 0;
};

}  // namespace

Result<Findings> check_mapping(sql::Database& database) {
  if (database.dialect().engine != "postgresql") return Findings();
  const std::string schema = schema_of(database.dialect());
  auto refused = refusals(database, schema);
  if (!refused) return std::move(refused).error().within("check the platform's tables");
  auto tx = database.read();
  if (!tx) return std::move(tx).error().within("check the platform's tables");
  auto findings = Check(**tx, schema, std::move(refused).value()).run();
  if (!findings) return std::move(findings).error().within("check the platform's tables");
  return findings;
}

}  // namespace hotclock::schema
