#include "service/alerts/evaluate.h"

#include <algorithm>
#include <iterator>

#include "service/runbook/runbook.h"

namespace hotclock::alerts {

std::string identity_of(Rule rule, const Words& labels) {
  std::string text(config::to_string(rule));
  text += '{';
  for (const auto& [name, value] : labels) {
    if (text.back() != '{') text += ',';
    text += name + "=\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + '}';
}

const config::AlertRules& Rules::of(const std::string& job) const {
  const auto own = jobs.find(job);
  return own == jobs.end() ? general : own->second;
}

Rules rules_of(const config::Config& settings) {
  Rules rules{.general = settings.alerts.rules, .jobs = {}, .runbook = settings.alerts.runbook};
  for (const config::JobConfig& job : settings.jobs) rules.jobs.emplace(job.name, job.alerts);
  rules.jobs.emplace("history-retention", rules.general);  // Hotclock's own
  return rules;
}

Duration reach_of(const Rules& rules) {
  Duration reach = Duration::zero();
  const auto add = [&reach](const config::AlertRules& some) {
    for (const Rule rule : config::all_rules())
      if (config::is_of_jobs(rule)) reach = std::max(reach, some[rule].within);
  };
  add(rules.general);
  for (const auto& [job, own] : rules.jobs) add(own);
  return reach;
}

std::vector<Finding> evaluate(const Facts& facts, const Rules& rules) {
  std::vector<Finding> all = evaluate_service(facts, rules.general);
  for (const auto& [job, known] : facts.jobs)
    std::ranges::move(evaluate_job(job, known, rules.of(job), facts.now), std::back_inserter(all));
  for (Finding& finding : all)
    if (!rules.runbook.empty())
      finding.annotations["runbook"] =
          runbook::link(rules.runbook, config::to_string(finding.rule));
  return all;
}

}  // namespace hotclock::alerts
