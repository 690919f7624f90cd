#include "service/ledger/drain.h"

#include <charconv>

#include <fmt/format.h>

#include "service/ledger/nodes.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace {

namespace text = stmt::nodes;
using Sql = sql::Transaction;

struct Found {
  std::int64_t id;
  std::string name;
  bool stopped, drains;
};

Found found_of(const sql::Rows& row) {
  return {row.integer(0), std::string(row.text(1)), !row.is_null(2), !row.is_null(3)};
}

// None where it is no number.
std::optional<std::int64_t> number_of(const std::string& node) {
  std::int64_t id = 0;
  const auto [end, wrong] = std::from_chars(node.data(), node.data() + node.size(), id);
  if (wrong != std::errc() || end != node.data() + node.size()) return std::nullopt;
  return id;
}

Result<std::optional<Found>> look_for(Sql& sql, const std::string& node) {
  if (const auto id = number_of(node)) {
    auto found = first_row(sql, text::one, {*id}, found_of);
    if (!found || *found) return found;
  }
  return first_row(sql, text::named, {std::string_view(node)}, found_of);
}

Result<Found> find(Sql& sql, const std::string& node) {
  auto found = look_for(sql, node);
  if (!found) return std::move(found).error();
  if (!*found) return Error(Errc::not_found, fmt::format("there is no node {}", node));
  if ((*found)->stopped)
    return Error(Errc::conflict, fmt::format("node {} ({}) has stopped: it takes nothing",
                                             (*found)->name, (*found)->id));
  return **std::move(found);
}

std::string name_of(const Found& node) { return fmt::format("node {} ({})", node.name, node.id); }

}  // namespace

Result<std::int64_t> drain(sql::Database& database, const std::string& node,
                           const audit::Person& by, Instant now) {
  if (by.reason.empty()) return Error(Errc::invalid, "draining a node wants a reason");
  return sql::in_one_with_news(
      database.write(), "drain " + node, [&](Sql& sql) -> Result<std::int64_t> {
        auto found = find(sql, node);
        if (!found) return std::move(found).error();
        auto done = sql.exec(
            text::drain, {found->id, std::string_view(by.name), std::string_view(by.reason), now});
        if (!done) return std::move(done).error();
        if (auto noted =
                audit::append(sql, {.what = "node.drain", .detail = name_of(*found)}, by, now);
            !noted)
          return std::move(noted).error();
        return found->id;
      });
}

Result<std::int64_t> take_back(sql::Database& database, const std::string& node,
                               const audit::Person& by, Instant now) {
  return sql::in_one_with_news(
      database.write(), "take back " + node, [&](Sql& sql) -> Result<std::int64_t> {
        auto found = find(sql, node);
        if (!found) return std::move(found).error();
        if (!found->drains) return found->id;
        auto done = sql.exec(text::take_back, {found->id});
        if (!done) return std::move(done).error();
        if (auto noted =
                audit::append(sql, {.what = "node.take-back", .detail = name_of(*found)}, by, now);
            !noted)
          return std::move(noted).error();
        return found->id;
      });
}

Result<std::optional<Drain>> drain_of(sql::Database& database, std::int64_t node_id) {
  auto sql = database.glance();
  if (!sql) return std::move(sql).error();
  return first_row(**sql, text::drain_of, {node_id}, [](const sql::Rows& row) {
    return Drain{std::string(row.text(0)), std::string(row.text(1)), row.instant(2)};
  });
}

}  // namespace hotclock::ledger
