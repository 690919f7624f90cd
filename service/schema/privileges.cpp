#include "service/schema/privileges.h"

#include <vector>

#include "service/schema/platform.h"

namespace hotclock::schema {
namespace {

struct Need {
  std::string_view table;
  bool platform;
  std::string rights;   // on the table
  std::string columns;  // that may be updated, where not all may
};

const Need own_needs[] = {
    {"schema_migrations", false, "SELECT", ""},
    {"jobs", false, "SELECT, INSERT, UPDATE", ""},
    {"queues", false, "SELECT, INSERT", ""},
    {"memos", false, "SELECT, INSERT, UPDATE", ""},
    {"nodes", false, "SELECT, INSERT, UPDATE", ""},
    {"slots", false, "SELECT, INSERT, DELETE", ""},
    {"queue", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"leases", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"history", false, "SELECT, INSERT, DELETE", ""},
    {"failures", false, "SELECT, INSERT, DELETE", ""},
    {"execution_logs", false, "SELECT, INSERT, DELETE", ""},
    {"running_logs", false, "SELECT, INSERT, DELETE", ""},
    {"execution_profiles", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"profile_orders", false, "SELECT, INSERT, DELETE", ""},
    {"slot_states", false, "SELECT", ""},
    {"past_slots", false, "SELECT", ""},
    {"job_days", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"outbox", false, "SELECT, INSERT, DELETE", ""},
    {"audit", false, "SELECT, INSERT", ""},
    {"audit_head", false, "SELECT, INSERT, UPDATE", ""},
    {"tokens", false, "SELECT, INSERT, UPDATE", ""},
    {"browser_sessions", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"approvals", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"client_sessions", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"relay_sinks", false, "SELECT, INSERT, UPDATE", ""},
    {"alerts", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"alert_groups", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"silences", false, "SELECT, INSERT, UPDATE", ""},
    {"alert_turn", false, "SELECT, INSERT, UPDATE", ""},
    {"node_facts", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"notices", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"notifiers", false, "SELECT, INSERT, UPDATE", ""},
    {"job_schedules", false, "SELECT, INSERT, UPDATE", ""},
    {"auditor_turns", false, "SELECT, INSERT, UPDATE", ""},
    {"auditor_seen", false, "SELECT, INSERT, UPDATE", ""},
    {"auditor_differences", false, "SELECT, INSERT, UPDATE", ""},
    {"auditor_reports", false, "SELECT, INSERT", ""},
    {"theme_documents", false, "SELECT, INSERT, DELETE", ""},
    {"festival_edits", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"live_changes", false, "SELECT, INSERT", ""},
    {"kill_switch", false, "SELECT, INSERT, UPDATE, DELETE", ""},
    {"api_requests", false, "SELECT, INSERT, UPDATE, DELETE", ""},
};

Need need_of(const PlatformTable& table) {
  Need need{table.name, true, "SELECT", ""};
  if (table.is_entered()) need.rights += ", INSERT";
  if (!columns_of(table, Use::kept).empty()) need.rights += ", UPDATE";
  if (table.removed) need.rights += ", DELETE";
  for (const std::string_view column : columns_of(table, Use::changed))
    need.columns += (need.columns.empty() ? "" : ", ") + std::string(column);
  return need;
}

// Editors change festivals here, unless they are the operator's own.
void add_for_editors(Need& need) {
  if (need.table == "festivals") need.rights += ", INSERT, UPDATE, DELETE", need.columns.clear();
  if (need.table == "festival_gifts") need.rights += ", INSERT, DELETE";
}

std::vector<Need> needs(bool platform_adopted) {
  std::vector<Need> all(std::begin(own_needs), std::end(own_needs));
  for (const PlatformTable& table : platform_tables()) {
    all.push_back(need_of(table));
    if (!platform_adopted) add_for_editors(all.back());
  }
  return all;
}

// The words of "SELECT, INSERT".
std::vector<std::string_view> words(std::string_view list) {
  std::vector<std::string_view> found;
  while (!list.empty()) {
    const auto end = std::min(list.find(", "), list.size());
    found.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return found;
}

constexpr sql::Statement may{"schema.may",
                             "SELECT has_table_privilege(to_regclass($1)::oid, $2)"};
constexpr sql::Statement may_change{
    "schema.may_change",
    "SELECT has_column_privilege(attrelid, attnum, 'UPDATE') FROM pg_attribute"
    " WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped"};
constexpr sql::Statement is_superuser{
    "schema.is_superuser",
    "SELECT current_user::text, rolsuper FROM pg_roles WHERE rolname = current_user"};

Result<bool> asked(sql::Transaction& tx, const sql::Statement& question, std::string_view table,
                   std::string_view what) {
  auto rows = tx.query(question, {table, what});
  if (!rows) return std::move(rows).error();
  return (*rows)->next() && (*rows)->integer(0) == 1;
}

// What of a need is missing: "UPDATE of users.bonus_balance, INSERT into audit".
Result<std::string> missing(sql::Transaction& tx, const Need& need) {
  std::string list;
  const auto add = [&](std::string text) { list += (list.empty() ? "" : ", ") + std::move(text); };
  for (const std::string_view right : words(need.rights)) {
    auto has = asked(tx, may, need.table, right);
    if (!has) return std::move(has).error();
    if (!*has) add(std::string(right) + " on " + std::string(need.table));
  }
  for (const std::string_view column : words(need.columns)) {
    auto has = asked(tx, may_change, need.table, column);
    if (!has) return std::move(has).error();
    if (!*has) add("UPDATE of " + std::string(need.table) + "." + std::string(column));
  }
  return list;
}

Result<Finding> enough(sql::Transaction& tx, const std::string& role, bool platform_adopted) {
  std::string lacking;
  for (const Need& need : needs(platform_adopted)) {
    auto list = missing(tx, need);
    if (!list) return std::move(list).error();
    if (!list->empty()) lacking += (lacking.empty() ? "" : ", ") + *list;
  }
  return Finding{"the database role may do what it must", lacking.empty(),
                 lacking.empty() ? role : role + " lacks " + lacking +
                                              "; `hotclock doctor --grants " + role +
                                              "` prints what gives it"};
}

}  // namespace

std::string grants(std::string_view role, std::string_view own_schema,
                   std::string_view platform_schema, bool platform_adopted) {
  const auto name = [](std::string_view text) {
    std::string quoted;
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return '"' + quoted + '"';
  };
  const std::string to = " TO " + name(role) + ";\n";
  std::string text = "GRANT USAGE ON SCHEMA " + name(own_schema) + ", " + name(platform_schema) + to;
  for (const Need& need : needs(platform_adopted)) {
    const std::string table =
        name(need.platform ? platform_schema : own_schema) + "." + std::string(need.table);
    text += "GRANT " + std::string(need.rights) +
            (need.columns.empty() ? "" : ", UPDATE (" + std::string(need.columns) + ")") + " ON " +
            table + to;
  }
  return text;
}

Result<std::vector<Finding>> check_privileges(sql::Database& database) {
  std::vector<Finding> findings;
  if (database.dialect().engine != "postgresql") return findings;
  auto tx = database.read();
  if (!tx) return std::move(tx).error().within("check privileges");
  std::string role;
  bool superuser = false;
  {
    auto rows = (*tx)->query(is_superuser);
    if (!rows) return std::move(rows).error().within("check privileges");
    if ((*rows)->next()) role = (*rows)->text(0), superuser = (*rows)->integer(1) == 1;
  }
  auto has_enough = enough(**tx, role, database.dialect().platform_adopted);
  if (!has_enough) return std::move(has_enough).error().within("check privileges");
  findings.push_back(std::move(has_enough).value());
  auto rewrites = asked(**tx, may, "audit", "UPDATE");
  if (!rewrites) return std::move(rewrites).error().within("check privileges");
  std::string detail = "it may add to the audit, and not change it";
  if (*rewrites) detail = role + " may change the audit";
  if (superuser) detail = role + " is a superuser and may do anything";
  if (*rewrites) detail += "; better give it a role of its own: `hotclock doctor --grants ROLE`";
  findings.push_back({"the database role may do no more than it must", true, std::move(detail)});
  return findings;
}

}  // namespace hotclock::schema
