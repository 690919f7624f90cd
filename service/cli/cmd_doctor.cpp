// hotclock doctor: whether the money adds up, and whether the rest is as it should be.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/zone/zone.h"
#include "service/audit/audit.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/schema/invariants.h"
#include "service/schema/mapping.h"
#include "service/schema/privileges.h"

namespace hotclock::cli {
namespace {

// No build of this program has seen an earlier day.
constexpr Instant built_after = from_millis(1'790'000'000'000);  // 2026-09-21

schema::Finding clock_finding(Instant now) {
  return {"the clock shows a likely time", now > built_after && now < built_after + std::chrono::days{7300},
          to_string(now)};
}

schema::Finding zone_finding() {
  const auto sydney = load_zone("Australia/Sydney");
  return {"time zone data is there", sydney.has_value(),
          sydney ? "version " + zone_data_version() : sydney.error().message()};
}

// The money can be asked about only where the tables are as they must be and may be read; where they are not,
// that is told, and why the rest could not be asked.
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

schema::Finding audit_finding(sql::Database& database) {
  const std::string name = "the audit is as it was written";
  const auto checked = audit::check(database);
  if (!checked) return {name, false, checked.error().message()};
  if (!checked->broken.empty()) return {name, false, checked->broken};
  if (checked->rows == 0) return {name, true, "nothing is in it yet"};
  return {name, true, std::to_string(checked->rows) + " rows, the last sealed " + checked->seal};
}

void show(Console& console, const std::vector<schema::Finding>& findings) {
  Table table({{"", Column::Kind::text}, {"what must hold"}, {"detail", Column::Kind::wrapped}});
  for (const auto& finding : findings)
    table.add({finding.ok ? Cell("ok", Tone::good) : Cell("WRONG", Tone::bad), finding.name,
               finding.detail});
  console.out << table.text(look_of(console));
}

}  // namespace

int cmd_doctor(Console& console, const Common& common, const DoctorArgs& args) {
  if (!args.grants.empty()) {
    const auto settings = read_settings(console, common);
    if (!settings) return fail(console, common.json, settings.error());
    console.out << schema::grants(args.grants, settings->database.schema,
                                  settings->database.platform_schema,
                                  settings->database.platform == config::Platform::adopted);
    return exit_done;
  }
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  auto findings = looked_at(*session->database);
  if (!findings) return fail(console, common.json, findings.error());
  findings->push_back(audit_finding(*session->database));
  findings->push_back(clock_finding(console.clock.now()));
  findings->push_back(zone_finding());
  bool well = true;
  boost::json::array list;
  for (const auto& finding : *findings) {
    well = well && finding.ok;
    list.push_back(boost::json::object{
        {"name", finding.name}, {"ok", finding.ok}, {"detail", finding.detail}});
  }
  if (common.json)
    print(console, {{"ok", well}, {"findings", std::move(list)}});
  else
    show(console, *findings);
  return well ? exit_done : exit_failed;
}

}  // namespace hotclock::cli
