// What keeps rows unique behind a table or view: found in the table that its columns come from.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/schema/catalogue.h"
#include "service/schema/invariants.h"

namespace hotclock::schema {

// Columns of one table.
struct Key {
  const Relation* table = nullptr;
  std::vector<int> numbers;
  std::vector<std::string> columns;  // in quotes where they need them

  // "app.wallet_entries (bonus_day, account_id)"
  std::string text() const;
};

// What these columns of a relation show; none where they are of no table, or of several.
Result<std::optional<Key>> key_of(Catalogue& catalogue, const Relation& relation,
                                  std::initializer_list<std::string_view> columns);

// The unique indexes of exactly these columns, in whatever order.
Result<std::vector<Index>> unique_on(Catalogue& catalogue, const Key& key);

// The database's own rule that a user is paid once for a date: the unique index that says so, or the
// statement that would make it.
Result<Finding> payment_rule(Catalogue& catalogue, const Relation& payments);

}  // namespace hotclock::schema
