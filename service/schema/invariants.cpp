#include "service/schema/invariants.h"

#include <algorithm>

#include "service/schema/invariants.sql.h"
#include "service/schema/schema.h"

namespace hotclock::schema {
namespace {

using Findings = std::vector<Finding>;

// An invariant whose query gives: how many are wrong, the first of them, how many were looked at.
struct Check {
  const sql::Statement& query;
  std::string_view name;
  std::string_view wrong;   // what one of the wrong is: "user", followed by its id
  std::string_view looked;  // what was looked at, in the plural
};

constexpr Check checks[] = {
    {stmt::invariants::paid_twice, "nobody was paid twice for one date", "user", "bonus payments"},
    {stmt::invariants::marked_unpaid, "whoever is marked as paid was paid", "user", "marked users"},
    {stmt::invariants::thrones_of_nobody, "every throne has its stream and its user", "throne",
     "thrones"},
    {stmt::invariants::streams_of_nobody, "every stream has its host", "stream", "streams"},
    {stmt::invariants::reputation_of_nobody, "every reputation event has its user", "user",
     "events"},
    {stmt::invariants::documents_of_no_theme, "every country wears its newest theme document", "version",
     "countries"},
};

std::string counted(std::int64_t wrong, std::int64_t first, std::string_view what) {
  return std::to_string(wrong) + " wrong, the first is " + std::string(what) + " " +
         std::to_string(first);
}

Finding judged(std::string_view name, std::int64_t wrong, std::string detail_if_wrong,
               std::string detail_if_right) {
  return {std::string(name), wrong == 0,
          wrong == 0 ? std::move(detail_if_right) : std::move(detail_if_wrong)};
}

// The one row a check gives. REQUIRES: the query is an aggregate without GROUP BY.
Result<std::vector<std::int64_t>> numbers(sql::Transaction& tx, const sql::Statement& query,
                                          int columns,
                                          std::initializer_list<sql::Param> params = {}) {
  auto rows = tx.query(query, params);
  if (!rows) return std::move(rows).error();
  std::vector<std::int64_t> found(static_cast<std::size_t>(columns));
  if ((*rows)->next())
    for (int i = 0; i < columns; ++i) found[static_cast<std::size_t>(i)] = (*rows)->integer(i);
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

Result<Finding> run(sql::Transaction& tx, const Check& check) {
  auto found = numbers(tx, check.query, 3);
  if (!found) return std::move(found).error();
  const auto& n = *found;
  return judged(check.name, n[0], counted(n[0], n[1], check.wrong),
                std::to_string(n[2]) + " " + std::string(check.looked));
}

Result<> check_balances(sql::Transaction& tx, Findings& findings) {
  auto found = numbers(tx, stmt::invariants::balances, 5);
  if (!found) return std::move(found).error();
  const auto& n = *found;
  std::string wrong = counted(n[0], n[1], "user");
  if (n[0] > 0) {
    auto one = numbers(tx, stmt::invariants::balance_of, 2, {n[1]});
    if (!one) return std::move(one).error();
    wrong += ": balance " + std::to_string((*one)[0]) + ", payments " + std::to_string((*one)[1]);
  }
  findings.push_back(judged("bonus balances add up", n[0], wrong, std::to_string(n[2]) + " users"));
  findings.push_back(judged("every transaction has its user", n[3], counted(n[3], n[4], "user"),
                            std::to_string(n[2]) + " users"));
  return {};
}

Result<> check_rows(sql::Database& database, const sql::Limits& limits, Findings& findings) {
  auto tx = database.read(limits);
  if (!tx) return std::move(tx).error();
  if (auto done = check_balances(**tx, findings); !done) return done;
  for (const Check& check : checks) {
    auto finding = run(**tx, check);
    if (!finding) return std::move(finding).error();
    findings.push_back(std::move(finding).value());
  }
  return {};
}

Result<Finding> check_storage(sql::Database& database, const sql::Limits& limits) {
  auto wrong = database.integrity(limits);
  if (!wrong) return std::move(wrong).error();
  return judged(
      "the database is sound", static_cast<std::int64_t>(wrong->size()),
      wrong->empty() ? "" : wrong->front() + " (" + std::to_string(wrong->size()) + " in all)",
      database.where());
}

Finding check_schema(sql::Database& database) {
  const auto now = status(database);
  if (!now) return {"the schema is this program's", false, now.error().message()};
  const auto adopted = std::ranges::count_if(now->lines, &Status::Line::adopted);
  return judged("the schema is this program's", now->up_to_date() ? 0 : 1,
                "missing: " + now->missing(),
                std::to_string(now->lines.size()) + " migrations" +
                    (adopted == 0 ? "" : ", " + std::to_string(adopted) + " left out: the platform is adopted"));
}

}  // namespace

Result<Findings> check_invariants(sql::Database& database, sql::Limits limits) {
  Findings findings;
  auto storage = check_storage(database, limits);
  if (!storage) return std::move(storage).error().within("check invariants");
  findings.push_back(std::move(storage).value());
  findings.push_back(check_schema(database));
  // Without its tables, or with damaged ones, nothing more can be asked.
  if (!findings[0].ok || !findings[1].ok) return findings;
  if (auto done = check_rows(database, limits, findings); !done)
    return std::move(done).error().within("check invariants");
  return findings;
}

std::string broken(const Findings& findings) {
  std::string lines;
  for (const Finding& finding : findings)
    if (!finding.ok) lines += finding.name + ": " + finding.detail + "\n";
  return lines;
}

}  // namespace hotclock::schema
