// The rules: plain functions of facts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/alerts/facts.h"
#include "service/alerts/finding.h"
#include "service/config/config.h"

namespace hotclock::alerts {

// The rules as they are set: in general, and of each job there is by the settings.
struct Rules {
  config::AlertRules general;
  std::map<std::string, config::AlertRules> jobs;
  std::string runbook;  // where alerts point, with {rule} in it; empty: nowhere

  const config::AlertRules& of(const std::string& job) const;
};
Rules rules_of(const config::Config& settings);

// How far back rules look, of all of them the longest.
Duration reach_of(const Rules& rules);

// Everything that is the matter. At most one finding for each identity, and the same facts give the
// same findings. Of each rule the look that is nearest to finding something; of one that is
// otherwise for a job, that of this job too. database_lost is not among them: it cannot be found in
// the database.
Seen evaluate(const Facts& facts, const Rules& rules);

// What the rules of one job find and see; what those of the service do.
Seen evaluate_job(const std::string& job, const JobFacts& facts, const config::AlertRules& rules,
                  Instant now);
Seen evaluate_service(const Facts& facts, const config::AlertRules& rules);

}  // namespace hotclock::alerts
