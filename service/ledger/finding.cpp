#include "service/ledger/finding.h"

#include <fmt/format.h>

#include <charconv>

#include "scheduler/base/nearest.h"
#include "service/ledger/execution_id.h"
#include "service/ledger/finding.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::finding;

Error no_such_job(sql::Transaction& transaction, const std::string& name) {
  std::vector<std::string> names;
  auto read = for_each_row(transaction, text::job_names, {},
                           [&](const sql::Rows& row) { names.emplace_back(row.text(0)); });
  if (!read) return std::move(read).error();
  std::string message = "there is no job " + name;
  const std::string_view meant = nearest(name, std::span<const std::string>(names));
  if (!meant.empty()) message += fmt::format("; did you mean {}?", meant);
  return Error(Errc::not_found, std::move(message));
}

Result<std::int64_t> find_job_id(sql::Transaction& transaction, const std::string& name) {
  auto id = first_row(transaction, text::job_id, {name},
                      [](const sql::Rows& row) { return row.integer(0); });
  if (!id) return std::move(id).error();
  return *id ? Result<std::int64_t>(**id) : no_such_job(transaction, name);
}

Result<std::int64_t> find_slot_id(sql::Transaction& transaction, std::string_view id) {
  if (const auto execution = Uuid::parse(id)) {
    const std::string written = execution->text();
    auto slot = first_row(transaction, text::is_execution, {slot_of(*execution), written},
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
