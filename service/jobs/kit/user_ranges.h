// Users in the order of their ids, as ranges: where a job stands, and the parts it is divided into.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/core/job.h"
#include "service/config/section.h"
#include "service/sql/sql.h"

namespace hotclock::kit {

// after < id <= until; without an end, users who come while it is worked belong to it.
struct UserRange {
  static constexpr std::int64_t no_end = std::numeric_limits<std::int64_t>::max();

  std::int64_t after = 0;
  std::int64_t until = no_end;

  friend bool operator==(const UserRange&, const UserRange&) = default;
};

// "1200..5000", or "1200" without an end, and back: what a cursor is. Nothing for any other text.
std::string to_text(const UserRange& range);
std::optional<UserRange> parse_user_range(std::string_view text);

// How a job may be divided.
struct Division {
  std::int64_t most = 1;      // partitions; 1: it is not divided
  std::int64_t smallest = 1;  // users in one
};

// The setting `partitions`: by default 8 where several writers work at once, otherwise 1.
std::optional<std::int64_t> read_partitions(config::Section& section);
Division division(std::optional<std::int64_t> partitions, std::int64_t chunk, const sql::Dialect& dialect);

// Ranges of about as many users each; none where the execution is not to be divided: it is a partition
// itself, or resumes, or is a dry run, or has too few of all `users`.
Result<std::vector<UserRange>> divided(sql::Transaction& sql, const Execution& execution,
                                       const Division& division, std::int64_t users);

// All of so many users in ranges of about as many each. REQUIRES: users >= count >= 1.
Result<std::vector<UserRange>> even_ranges(sql::Transaction& sql, std::int64_t count,
                                           std::int64_t users);

// A division as the job tells it: each partition begins with its range as its cursor.
Divided as_outcome(const std::vector<UserRange>& ranges);

// What divided() says to an engine.
std::span<const sql::Statement* const> range_statements();

}  // namespace hotclock::kit
