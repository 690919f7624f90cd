// Facts from the database.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/alerts/evaluate.h"
#include "service/alerts/facts.h"
#include "service/audit/audit.h"
#include "service/sql/sql.h"

namespace hotclock::alerts {

// Looks at the database once in each pass, by keys and small tables alone. What many jobs have
// behind them is read a part in each pass, and kept; so is the audit, whose chain is walked from
// its beginning to its end again and again. Both begin anew with a new one. Threads: one.
class Gatherer {
 public:
  explicit Gatherer(sql::Database& database) : database_(database) {}

  // Facts of the jobs that rules know, and of these sinks.
  Result<Facts> gather(const Rules& rules, const std::set<std::string>& sinks, Instant now);

 private:
  Result<> read_jobs(sql::Transaction& transaction, const Rules& rules, Facts& facts);
  Result<> read_ends(sql::Transaction& transaction, const Rules& rules, Facts& facts);
  Result<> read_recent(sql::Transaction& transaction, const std::string& job);
  Result<> read_trouble(sql::Transaction& transaction, Instant since, Facts& facts);
  Result<> walk_audit();

  sql::Database& database_;
  std::map<std::string, std::int64_t> ids_;               // of jobs
  std::map<std::string, std::vector<EndedSlot>> recent_;  // of each job, as last read
  std::string next_job_;                                  // whose turn it is to be read
  audit::Walk walk_;
  std::string audit_broken_;
};

}  // namespace hotclock::alerts
