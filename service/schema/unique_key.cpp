#include "service/schema/unique_key.h"

#include <algorithm>

#include "service/schema/platform.h"

namespace hotclock::schema {
namespace {

constexpr std::string_view rule = "a user is paid once for a date, by the database's own rule";

// Whether a condition is that a row is a payment, as the engine prints it for an enum, a text or a varchar.
bool asks_for_payments(std::string_view where, const Column& kind) {
  for (const std::string& name : {kind.quoted, "(" + kind.quoted + ")::text"}) {
    const std::string begin = "(" + name + " = 'og_bonus'::";
    if (where.starts_with(begin) && where.find(' ', begin.size()) == where.npos) return true;
  }
  return false;
}

// Whether each payment is in the index: it has no condition, or one that every payment fulfils.
Result<bool> covers_payments(Catalogue& catalogue, const Relation& payments, const Key& key, const Index& index) {
  if (index.where.empty() || index.where == "(" + key.columns.front() + " IS NOT NULL)") return true;
  const Column* kind = payments.find(payment_kind);
  if (kind == nullptr) return false;
  auto base = catalogue.base_of(payments, *kind);
  if (!base) return std::move(base).error();
  return *base && (*base)->table == key.table && asks_for_payments(index.where, *(*base)->column);
}

Finding unfollowed(const Relation& payments) {
  return {std::string(rule), false,
          std::string(payment_date) + " and " + std::string(payment_user) + " of " + payments.name +
              " must show two columns of one table as they are: no unique index can be found behind anything else"};
}

}  // namespace

std::string Key::text() const {
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + column;
  return table->name + " (" + list + ")";
}

Result<std::optional<Key>> key_of(Catalogue& catalogue, const Relation& relation,
                                  std::initializer_list<std::string_view> columns) {
  Key key;
  for (const std::string_view name : columns) {
    const Column* column = relation.find(name);
    if (column == nullptr) return std::optional<Key>();
    auto base = catalogue.base_of(relation, *column);
    if (!base) return std::move(base).error();
    if (!*base || (key.table != nullptr && key.table != (*base)->table)) return std::optional<Key>();
    key.table = (*base)->table;
    key.numbers.push_back((*base)->column->number);
    key.columns.push_back((*base)->column->quoted);
  }
  return std::optional(std::move(key));
}

Result<std::vector<Index>> unique_on(Catalogue& catalogue, const Key& key) {
  auto indexes = catalogue.indexes(*key.table);
  if (!indexes) return std::move(indexes).error();
  std::erase_if(*indexes, [&](const Index& index) {
    return !index.unique || !std::ranges::is_permutation(index.columns, key.numbers);
  });
  return indexes;
}

Result<Finding> payment_rule(Catalogue& catalogue, const Relation& table) {
  auto key = key_of(catalogue, table, {payment_date, payment_user});
  if (!key) return std::move(key).error();
  if (!*key) return unfollowed(table);
  auto indexes = unique_on(catalogue, **key);
  if (!indexes) return std::move(indexes).error();
  const std::string& date = (*key)->columns.front();
  std::string why = (*key)->table->name + " has no unique index on (" + date + ", " + (*key)->columns.back() + ")";
  for (const Index& index : *indexes) {
    auto all = covers_payments(catalogue, table, **key, index);
    if (!all) return std::move(all).error();
    if (index.valid && *all)
      return Finding{std::string(rule), true, "unique index " + index.name + " on " + (*key)->text()};
    why = index.valid ? "unique index " + index.name + " covers only rows where " + index.where
                      : "unique index " + index.name + " is not valid: drop it and make it again";
  }
  return Finding{std::string(rule), false,
                 why + ": CREATE UNIQUE INDEX ON " + (*key)->text() + " WHERE " + date + " IS NOT NULL"};
}

}  // namespace hotclock::schema
