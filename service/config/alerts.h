// The settings of alerts: what is looked for, from where on it is too much, and how it is told.
// docs/alerts.md says of each rule what it means and what to do.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "service/config/section.h"

namespace hotclock::config {

using hotclock::to_string;  // of instants, beside those below

enum class Severity { info, warning, critical };
std::string_view to_string(Severity);
bool from_string(std::string_view text, Severity& out);

// The rules there are. Those up to `recovering` are about one job, and settings of the job.
enum class Rule {
  failed,
  failing,
  completed_with_errors,
  missed,
  late,
  too_long,
  too_short,
  touched_nothing,
  unknown_outcome,
  refused_often,
  stuck,
  disabled_long,
  flapping,
  recovering,
  outbox_behind,
  database_slow,
  database_lost,
  disk_filling,
  clock_off,
  node_gone,
  audit_broken,
  invariant_broken,
  reload_failed,
  notifier_failing,
  auditor_differs,
};
constexpr std::size_t rule_count = static_cast<std::size_t>(Rule::auditor_differs) + 1;

std::string_view to_string(Rule);
bool from_string(std::string_view text, Rule& out);
constexpr bool is_of_jobs(Rule rule) { return rule <= Rule::recovering; }
// All of them, in their order.
std::span<const Rule> all_rules();
// What it looks for, in a few words: "a slot failed".
std::string_view looks_for(Rule);

// How one rule judges. Which of the thresholds a rule has, docs/alerts.md says; the others are none
// of its settings.
struct AlertRule {
  bool enabled = true;
  Severity severity = Severity::warning;
  Duration hold = Duration::zero();           // `for`: so long it must be so before the alert fires
  Duration resolve_after = Duration::zero();  // so long it must not be so before the alert resolves
  Duration after = Duration::zero();          // from this span on it is too much
  Duration within = Duration::zero();         // how far back is looked
  int count = 0;
  int of = 0;  // `count` of the last so many
  int in_a_row = 0;
  int samples = 0;   // nothing is learned from fewer
  double times = 0;  // what was learned, times this
  double percent = 0;

  friend bool operator==(const AlertRule&, const AlertRule&) = default;
};

class AlertRules {
 public:
  AlertRules();  // as they are shipped

  AlertRule& operator[](Rule rule) { return rules_[static_cast<std::size_t>(rule)]; }
  const AlertRule& operator[](Rule rule) const { return rules_[static_cast<std::size_t>(rule)]; }

  friend bool operator==(const AlertRules&, const AlertRules&) = default;

 private:
  std::array<AlertRule, rule_count> rules_;
};

struct AlertsConfig {
  bool enabled = true;                                // whether this node evaluates them
  Duration every = std::chrono::seconds{10};          // between two passes
  Duration group_wait = std::chrono::seconds{30};     // what comes so soon is told together
  Duration group_interval = std::chrono::minutes{5};  // between notices of a group that changes
  Duration repeat = std::chrono::hours{4};            // between notices of one that does not
  Duration retention = std::chrono::days{90};         // how long resolved alerts are shown
  // Where alerts point; {rule} is the rule's name. Empty: nowhere.
  std::string runbook = "hotclock alerts explain {rule}";
  AlertRules rules;

  friend bool operator==(const AlertsConfig&, const AlertsConfig&) = default;
};

// The whole table [alerts], but for its last finish() and that of `rules`: whoever reads calls
// them. All sections below `rules` are finished.
AlertsConfig read_alerts(Section& section, Section& rules);

// A job's own table `alerts`: what it says lies over `general`, and over what the program ships for
// this job
// (`shipped`, which may be empty). Finishes all it reads.
AlertRules read_alerts_of_job(Section section, const AlertRules& general,
                              const std::function<void(AlertRules&)>& shipped);

}  // namespace hotclock::config
