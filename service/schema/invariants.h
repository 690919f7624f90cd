// What must always be true of the database, whatever crashed: asked by `doctor`, and by tests after
// every fault.
#pragma once

#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

struct Finding {
  std::string name;  // what must hold: "bonus balances add up"
  bool ok = false;
  std::string detail;  // what was looked at, or what is wrong and where first
};

// Every invariant, held or not, in a fixed order. All that is said of money is one snapshot's.
// Works on whole sets: seconds for a million users. The error is of the asking itself; damage to
// the file is a finding.
Result<std::vector<Finding>> check_invariants(sql::Database& database,
                                              sql::Limits limits = {
                                                  .deadline = std::chrono::hours{1}});

// Every invariant that does not hold, one line each; empty where all do.
std::string broken(const std::vector<Finding>& findings);

}  // namespace hotclock::schema
