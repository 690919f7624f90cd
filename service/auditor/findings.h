// The differences that stand: what the alert rule `auditor_differs` goes by, and what people ask
// for.
#pragma once

#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/auditor/comparison.h"
#include "service/sql/sql.h"

namespace hotclock::auditor {

struct Standing {
  Difference difference;  // its kind's name is `kind`
  std::string scope, kind;
  Instant found_at, seen_at;
};

// Writes down what a comparison found, and that what was found before in the same scope and range
// and is not there any more has gone. A date whose slot has not ended yet says nothing.
Result<> keep_findings(sql::Database& database, const Comparison& comparison, Instant now);

// Newest slots first.
Result<std::vector<Standing>> standing(sql::Database& database, int limit);
Result<std::int64_t> count_standing(sql::Database& database);

}  // namespace hotclock::auditor
