// The daily report: what was compared and every difference, as canonical JSON, signed, and chained
// to the report of the day before. Whoever holds one report and the public key can tell whether it,
// and all before it, is as it was written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/array.hpp>

#include "scheduler/base/result.h"
#include "service/auditor/comparison.h"
#include "service/auditor/signature.h"
#include "service/sql/sql.h"

namespace hotclock::auditor {

struct Report {
  std::string day;  // of UTC: "2026-11-25"
  Instant made_at;
  std::string text;       // to the letter what was signed; empty in lists
  std::string seal;       // SHA-256 of it
  std::string signature;  // empty: there was no key
  std::int64_t differences = 0;
};

// The day's instants. Errc::invalid where it is none.
Result<Range> range_of_day(const std::string& day);
std::string day_of(Instant t);

// Members in the order of their names, no spaces, whole numbers only: one comparison has one text.
// `before` is the seal of the report before; `public_key` of whoever will sign.
std::string canonical_text(const Comparison& comparison, const std::string& day,
                           const std::string& before, const std::string& public_key);
// What was looked at and counted, scope by scope, in the same form.
boost::json::array counts_of(const Comparison& comparison);

// Signs and keeps the report of a day that is newer than all that are kept. Errc::unique where
// another was faster.
Result<Report> keep_report(sql::Database& database, const Comparison& comparison,
                           const std::string& day, const SigningKey* key, Instant now);

Result<std::optional<Report>> find_report(sql::Database& database, const std::string& day);
// Newest first, of days before `before`; empty: all.
Result<std::vector<Report>> list_reports(sql::Database& database, const std::string& before,
                                         int limit);
Result<std::optional<std::string>> newest_day(sql::Database& database);

struct ChainChecked {
  std::int64_t reports = 0;
  std::int64_t unsigned_reports = 0;
  std::string seal;    // of the last
  std::string broken;  // where and how; empty: all are as they were written
};
// All kept reports: each seal, each link, and each signature by the key that the report names, or
// by `public_key` alone where that is given.
Result<ChainChecked> check_reports(sql::Database& database, const std::string& public_key);

// A report as a file: one line of JSON with `report` (its text), `seal` and `signature`.
std::string to_file(const Report& report);
Result<Report> report_in_file(std::string_view text);
// What is wrong with it under that key; empty: it is what that key's holder signed.
Result<std::string> what_is_wrong(const Report& report, const std::string& public_key);

}  // namespace hotclock::auditor
