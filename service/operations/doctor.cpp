// Whether the money adds up, and whether the rest is as it should be.
#include <algorithm>

#include "scheduler/zone/zone.h"
#include "service/audit/audit.h"
#include "service/operations/functions.h"
#include "service/operations/json.h"
#include "service/schema/invariants.h"
#include "service/schema/mapping.h"
#include "service/schema/privileges.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// No build of this program has seen an earlier day.
constexpr Instant built_after = from_millis(1'790'000'000'000);  // 2026-09-21

schema::Finding clock_finding(Instant now) {
  return {"the clock shows a likely time",
          now > built_after && now < built_after + std::chrono::days{7300}, to_string(now)};
}

schema::Finding zone_finding() {
  const auto sydney = load_zone("Australia/Sydney");
  return {"time zone data is there", sydney.has_value(),
          sydney ? "version " + zone_data_version() : sydney.error().message()};
}

schema::Finding audit_finding(sql::Database& database) {
  const std::string name = "the audit is as it was written";
  const auto checked = audit::check(database);
  if (!checked) return {name, false, checked.error().message()};
  if (!checked->broken.empty()) return {name, false, checked->broken};
  if (checked->rows == 0) return {name, true, "nothing is in it yet"};
  return {name, true, std::to_string(checked->rows) + " rows, the last sealed " + checked->seal};
}

// The money can be asked about only where the tables are as they must be and may be read; where
// they are not, that is told, and why the rest could not be asked.
Result<std::vector<schema::Finding>> looked_at(sql::Database& database) {
  auto access = schema::check_mapping(database);
  if (!access) return access;
  auto rights = schema::check_privileges(database);
  if (!rights) return rights;
  access->insert(access->end(), rights->begin(), rights->end());
  auto findings = schema::check_invariants(database);
  if (!findings) {
    if (schema::broken(*access).empty()) return findings;
    access->push_back({"the money can be looked at", false, findings.error().message()});
    return access;
  }
  findings->insert(findings->end(), access->begin(), access->end());
  return findings;
}

}  // namespace

Result<Answer> show_doctor(Desk& desk, const Call&) {
  auto findings = looked_at(desk.database);
  if (!findings) return std::move(findings).error();
  findings->push_back(audit_finding(desk.database));
  findings->push_back(clock_finding(desk.now()));
  findings->push_back(zone_finding());
  json::array list;
  for (const schema::Finding& one : *findings)
    list.push_back({{"name", one.name}, {"ok", one.ok}, {"detail", one.detail}});
  const bool well = std::ranges::all_of(*findings, &schema::Finding::ok);
  return answer_of(json::object{{"ok", well}, {"findings", std::move(list)}});
}

}  // namespace hotclock::operations
