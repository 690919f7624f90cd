#include "service/jobs/kit/user_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "service/jobs/kit/user_ranges.sql.h"
#include "service/sql/rows.h"

namespace hotclock::kit {
namespace {

constexpr std::string_view dots = "..";
constexpr std::int64_t usual_partitions = 8;
// A partition of fewer chunks costs more to come and go than it gains.
constexpr std::int64_t fewest_chunks = 4;

std::optional<std::int64_t> read_id(std::string_view text) {
  std::int64_t id = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

std::string to_text(const UserRange& range) {
  return range.until == UserRange::no_end ? std::to_string(range.after)
                                          : fmt::format("{}{}{}", range.after, dots, range.until);
}

std::optional<UserRange> parse_user_range(std::string_view text) {
  const auto middle = text.find(dots);
  const auto after = read_id(text.substr(0, middle));
  if (!after) return std::nullopt;
  if (middle == std::string_view::npos) return UserRange{*after};
  const auto until = read_id(text.substr(middle + dots.size()));
  if (!until) return std::nullopt;
  return UserRange{*after, *until};
}

std::optional<std::int64_t> read_partitions(config::Section& section) {
  const std::int64_t set = section.integer("partitions", 0, 0, 64);
  return set == 0 ? std::nullopt : std::optional(set);
}

Division division(std::optional<std::int64_t> partitions, std::int64_t chunk,
                  const sql::Dialect& dialect) {
  return {partitions.value_or(dialect.locks_rows ? usual_partitions : 1), chunk * fewest_chunks};
}

Result<std::vector<UserRange>> divided(sql::Transaction& sql, const Execution& execution,
                                       const Division& division, std::int64_t users) {
  std::vector<UserRange> ranges;
  const bool whole =
      execution.cursor.empty() && !execution.permit->partition_of && !execution.dry_run;
  const std::int64_t count =
      std::min(division.most, users / std::max<std::int64_t>(division.smallest, 1));
  if (!whole || count < 2) return ranges;
  return even_ranges(sql, count, users);
}

Result<std::vector<UserRange>> even_ranges(sql::Transaction& sql, std::int64_t count,
                                           std::int64_t users) {
  std::vector<UserRange> ranges;
  std::int64_t after = 0;
  for (std::int64_t i = 1; i < count; ++i) {
    auto id = first_row(sql, stmt::user_ranges::id_behind, {after, users / count - 1},
                        [](const sql::Rows& row) { return row.integer(0); });
    if (!id) return std::move(id).error();
    if (!*id) break;  // some have gone since they were counted
    ranges.push_back({after, **id});
    after = **id;
  }
  ranges.push_back({after});
  return ranges;
}

Divided as_outcome(const std::vector<UserRange>& ranges) {
  Divided divided;
  for (const UserRange& range : ranges) divided.cursors.push_back(to_text(range));
  return divided;
}

std::span<const sql::Statement* const> range_statements() { return stmt::user_ranges::all; }

}  // namespace hotclock::kit
