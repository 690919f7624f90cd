#include "service/profiling/store.h"

#include <boost/json/serialize.hpp>

#include "service/profiling/profiles.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::profiling {
namespace text = stmt::profiles;

namespace {

Result<Profile> row_of(const sql::Rows& row) {
  auto profile = profile_of(row.text(0));
  if (profile && !row.is_null(1)) profile->ending = Span{row.integer(1)};
  return profile;
}

}  // namespace

Result<Order> order_of(sql::Database& database, const Permit& permit) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error();
  auto found = sql::first_row(**transaction, text::order_of,
                              {permit.slot_id, permit.partition_of.value_or(permit.slot_id)},
                              [](const sql::Rows& row) {
                                return Order{row.integer(0) > 0, row.instant_or_none(1)};
                              });
  if (!found) return std::move(found).error();
  return found->value_or(Order{});
}

Result<> keep(sql::Database& database, const Permit& permit, const Profile& profile, Instant now) {
  const std::string id = permit.execution.text();
  const std::string summary = boost::json::serialize(to_json(profile));
  return sql::in_one(database.write(), "keep a profile", [&](sql::Transaction& t) -> Result<> {
    auto kept = t.exec(text::keep, {id, profile.job, permit.slot_id, now, summary});
    return kept ? Result<>() : std::move(kept).error();
  });
}

Result<> note_ending(sql::Database& database, std::string_view execution, Span ending) {
  const sql::Limits soon{.deadline = std::chrono::seconds{2}};
  return sql::in_one(database.write(soon), "note an ending", [&](sql::Transaction& t) -> Result<> {
    auto noted = t.exec(text::note_ending, {execution, std::int64_t{ending.count()}});
    return noted ? Result<>() : std::move(noted).error();
  });
}

Result<std::optional<Profile>> find_profile(sql::Database& database, std::string_view execution) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error();
  return sql::try_first_row(**transaction, text::of_execution, {execution}, row_of);
}

Result<bool> any_is_profiled(sql::Database& database, const std::set<std::string>& executions) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error();
  for (const std::string& execution : executions) {
    const auto kept = sql::number(**transaction, text::is_kept, {execution});
    if (!kept) return kept.error();
    if (*kept > 0) return true;
  }
  return false;
}

Result<std::optional<Profile>> find_profile_of_job(sql::Database& database, std::string_view job,
                                                   int most) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error();
  auto found = sql::try_all_rows(**transaction, text::of_job, {job, std::int64_t{most}}, row_of);
  if (!found) return std::move(found).error();
  std::optional<Profile> all;
  for (Profile& one : *found) {
    if (all)
      all->add(std::move(one));
    else
      all = std::move(one);
  }
  return all;
}

std::span<const sql::Statement* const> statements() { return text::all; }

}  // namespace hotclock::profiling
