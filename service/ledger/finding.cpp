#include "service/ledger/finding.h"

#include <fmt/format.h>

#include <charconv>

#include "service/ledger/execution_id.h"
#include "service/ledger/finding.sql.h"
#include "service/ledger/rows.h"

namespace hotclock::ledger {

Result<std::int64_t> find_slot_id(sql::Transaction& transaction, std::string_view id) {
  if (const auto execution = Uuid::parse(id)) {
    const std::string text = execution->text();
    auto slot = first_row(transaction, stmt::finding::is_execution, {slot_of(*execution), text},
                          [](const sql::Rows& row) { return row.integer(0); });
    if (!slot) return std::move(slot).error();
    if (*slot) return **slot;
    return Error(Errc::not_found, fmt::format("there is no execution {}", id));
  }
  std::int64_t number = 0;
  const auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != id.data() + id.size())
    return Error(Errc::invalid,
                 fmt::format("'{}' is neither an execution's id nor a slot's number", id));
  return number;
}

}  // namespace hotclock::ledger
