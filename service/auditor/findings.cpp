#include "service/auditor/findings.h"

#include "service/auditor/auditor.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace text = stmt::auditor;
using Sql = sql::Transaction;

bool says_nothing(const Looked& looked) { return looked.money && looked.money->open; }

// Of slots those in the range may have gone; what is of one scope as a whole was all looked at.
Range looked_at(const Looked& looked, const Comparison& comparison) {
  if (looked.slots)
    return {std::max(comparison.range.from, comparison.known_from), comparison.range.until};
  return {from_millis(0), comparison.made_at + std::chrono::days{36'500}};
}

Result<> keep(Sql& sql, const Looked& looked, const Comparison& comparison, Instant now) {
  for (const Difference& one : looked.differences.kept()) {
    auto done = sql.exec(text::found, {looked.scope, to_string(one.kind), one.subject, one.job,
                                       one.at, one.detail, now});
    if (!done) return std::move(done).error();
  }
  const Range range = looked_at(looked, comparison);
  auto gone = sql.exec(text::gone, {looked.scope, range.from, range.until, now});
  return gone ? Result<>() : std::move(gone).error();
}

}  // namespace

Result<> keep_findings(sql::Database& database, const Comparison& comparison, Instant now) {
  for (const Looked& looked : comparison.looked) {
    if (says_nothing(looked)) continue;
    auto kept = sql::in_one(database.write(), "keep what the auditor found",
                            [&](Sql& sql) { return keep(sql, looked, comparison, now); });
    if (!kept) return kept;
  }
  return {};
}

Result<std::vector<Standing>> standing(sql::Database& database, int limit) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within("differences");
  std::vector<Standing> all;
  auto read =
      sql::for_each_row(**sql, text::standing, {std::int64_t{limit}}, [&all](const sql::Rows& row) {
        Standing one;
        one.scope = row.text(0);
        one.kind = row.text(1);
        one.difference.subject = row.text(2);
        one.difference.job = row.text(3);
        one.difference.at = row.instant(4);
        one.difference.detail = row.text(5);
        one.found_at = row.instant(6);
        one.seen_at = row.instant(7);
        all.push_back(std::move(one));
      });
  if (!read) return std::move(read).error().within("differences");
  return all;
}

Result<std::int64_t> count_standing(sql::Database& database) {
  auto sql = database.glance();
  if (!sql) return std::move(sql).error();
  return sql::number(**sql, text::count_standing);
}

}  // namespace hotclock::auditor
