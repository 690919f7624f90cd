// Who asks, and what they may: roles and rights, as plain functions. Nothing is allowed unless it
// says so here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/audit/audit.h"

namespace hotclock::access {

// What can be allowed. Each operation needs one of them.
enum class Right {
  look,       // see jobs, slots, executions, nodes, festivals, live changes
  run,        // ask for a slot of a job
  cancel,     // stop an execution, take a slot out of the line
  pause,      // pause and resume, enable and disable, drain a node
  schedule,   // change a schedule or a priority
  backfill,   // plan, start and stop a backfill
  decide,     // say what became of a slot whose worker vanished
  festivals,  // change festivals
  clients,    // see who is connected, and put them out
  approve,    // be the second person
  silence,    // hold back notices of alerts, and try the notifiers
  reload,     // have the settings read anew
  kill,       // the kill switch
  audit,      // read the audit
  settings,   // see the settings in force
  tokens,     // make and revoke tokens, end sessions
};
std::string_view to_string(Right);  // "look"
bool from_string(std::string_view text, Right& out);
const std::vector<Right>& all_rights();

// viewer: looks. operator_: works with jobs, festivals and clients, and approves. admin:
// everything.
enum class Role { viewer, operator_, admin };
std::string_view to_string(Role);  // "viewer", "operator", "admin"
bool from_string(std::string_view text, Role& out);
const std::vector<Role>& all_roles();  // the least first
bool has(Role role, Right right);

// What somebody was given: a role, less where it says so.
struct Grant {
  Role role = Role::viewer;
  std::vector<Right> rights = {};      // of the role's, these alone; empty: all of them
  std::vector<std::string> jobs = {};  // names, a "*" at the end for any rest; empty: all
};
// Whether the grant holds the right for this job. `job` is empty for what concerns no job: a grant
// that is for some jobs alone then holds what only looks.
bool allows(const Grant& grant, Right right, std::string_view job = {});

// Whether all of `inner` is in `outer`: nobody can give more than he has.
bool is_within(const Grant& inner, const Grant& outer);

// Somebody who asks, for the time of one request.
struct Principal {
  std::string name;  // what people call them; two different ones are two persons
  Grant grant;
  std::string from;                        // an address, or "command line on HOST"
  std::optional<std::int64_t> token = {};  // none: this machine's command line
};
// Whether two names are one person's: as letters, whatever their case.
bool same_person(std::string_view one, std::string_view other);
// As the audit has it.
audit::Person person(const Principal& principal, std::string reason, std::string request = {});

// Errc::forbidden where it is not allowed, in words: "asha is a viewer, who may not run; an
// operator may".
Result<> may(const Principal& principal, Right right, std::string_view job = {});

}  // namespace hotclock::access
