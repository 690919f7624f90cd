#include "service/alerts/evaluate.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

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

namespace {

// Of each rule, general or a job's own, the nearest.
class Nearest {
 public:
  void take(std::vector<Look> looks) {
    for (Look& look : looks) {
      const auto [known, is_first] = nearest_.try_emplace({look.rule, look.job}, look);
      if (!is_first && look.near > known->second.near) known->second = std::move(look);
    }
  }
  // Where nothing of it is the matter anywhere, it is not about anything.
  std::vector<Look> all() && {
    std::vector<Look> out;
    for (auto& [key, look] : nearest_) {
      if (look.near <= 0) look.about.clear();
      out.push_back(std::move(look));
    }
    return out;
  }

 private:
  std::map<std::pair<Rule, std::string>, Look> nearest_;
};

}  // namespace

Seen evaluate(const Facts& facts, const Rules& rules) {
  Seen all = evaluate_service(facts, rules.general);
  Nearest nearest;
  nearest.take(std::move(all.looks));
  for (const auto& [job, known] : facts.jobs) {
    const config::AlertRules& own = rules.of(job);
    Seen seen = evaluate_job(job, known, own, facts.now);
    std::ranges::move(seen.findings, std::back_inserter(all.findings));
    for (Look& look : seen.looks)
      if (own[look.rule] != rules.general[look.rule]) look.job = job;
    nearest.take(std::move(seen.looks));
  }
  all.looks = std::move(nearest).all();
  for (Finding& finding : all.findings)
    if (!rules.runbook.empty())
      finding.annotations["runbook"] =
          runbook::link(rules.runbook, config::to_string(finding.rule));
  return all;
}

}  // namespace hotclock::alerts
