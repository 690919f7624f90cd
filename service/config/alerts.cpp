#include "service/config/alerts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "scheduler/base/names.h"
#include "service/config/alert_thresholds.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr Names<Severity, 3> severities{
    {{Severity::info, "info"}, {Severity::warning, "warning"}, {Severity::critical, "critical"}}};

// Thresholds, as a set of bits.
enum Threshold : unsigned {
  nothing = 0,
  after = 1,
  within = 2,
  count = 4,
  of = 8,
  in_a_row = 16,
  samples = 32,
  times = 64,
  percent = 128,
};

struct Shape {
  Rule rule;
  std::string_view name;
  std::string_view looks_for;
  unsigned thresholds;
  AlertRule shipped;
};

// Ordered as Rule is.
const std::array<Shape, rule_count>& shapes() {
  constexpr auto info = Severity::info;
  constexpr auto warning = Severity::warning;
  constexpr auto critical = Severity::critical;
  static const std::array<Shape, rule_count> all{{
      {Rule::failed,
       "failed",
       "a slot failed, and none was completed since",
       within,
       {.severity = warning, .within = 15min}},
      {Rule::failing,
       "failing",
       "slots fail again and again",
       count | of | in_a_row,
       {.severity = critical, .count = 5, .of = 20, .in_a_row = 3}},
      {Rule::completed_with_errors,
       "completed_with_errors",
       "records were set aside",
       within,
       {.severity = warning, .within = 15min}},
      {Rule::missed,
       "missed",
       "slots were missed and will not be worked",
       within | count,
       {.severity = warning, .within = 1h, .count = 1}},
      {Rule::late, "late", "a due slot is not worked", after, {.severity = warning, .after = 5min}},
      {Rule::too_long,
       "too_long",
       "an execution takes too long",
       after | times | samples,
       {.severity = warning, .samples = 10, .times = 2}},
      {Rule::too_short,
       "too_short",
       "an execution took suspiciously little time",
       after | times | samples,
       {.severity = info, .samples = 20, .times = 20}},
      {Rule::touched_nothing,
       "touched_nothing",
       "executions that used to touch rows touch none",
       in_a_row | percent | samples,
       {.severity = info, .in_a_row = 3, .samples = 20, .percent = 80}},
      {Rule::unknown_outcome,
       "unknown_outcome",
       "nobody knows how a slot ended",
       nothing,
       {.severity = critical}},
      {Rule::refused_often,
       "refused_often",
       "slots are refused again and again",
       within | count,
       {.severity = warning, .within = 1h, .count = 5}},
      {Rule::stuck,
       "stuck",
       "an execution runs and makes no progress",
       nothing,
       {.severity = critical, .hold = 15min}},
      {Rule::disabled_long,
       "disabled_long",
       "a job is paused or switched off for long",
       after,
       {.severity = info, .after = days{7}}},
      {Rule::flapping,
       "flapping",
       "a job fails and recovers again and again",
       count | of,
       {.severity = warning, .count = 6, .of = 20}},
      {Rule::recovering,
       "recovering",
       "slots of an outage are being caught up",
       count,
       {.severity = info, .count = 5}},
      {Rule::outbox_behind,
       "outbox_behind",
       "events wait for a sink",
       after,
       {.severity = warning, .after = 1min}},
      {Rule::database_slow,
       "database_slow",
       "the database answers a node slowly",
       after,
       {.severity = warning, .hold = 1min, .resolve_after = 1min, .after = 500ms}},
      {Rule::database_lost,
       "database_lost",
       "a node cannot reach the database",
       after,
       {.severity = critical, .after = 10s}},
      {Rule::disk_filling,
       "disk_filling",
       "a node's disk has little room left",
       percent,
       {.severity = warning, .hold = 1min, .resolve_after = 5min, .percent = 10}},
      {Rule::clock_off,
       "clock_off",
       "a node's clock is off",
       after,
       {.severity = warning, .hold = 1min, .resolve_after = 1min, .after = 1s}},
      {Rule::node_gone,
       "node_gone",
       "a node went without a goodbye",
       after | within,
       {.severity = critical, .after = 2min, .within = days{1}}},
      {Rule::audit_broken,
       "audit_broken",
       "the audit's chain is broken",
       nothing,
       {.severity = critical}},
      {Rule::invariant_broken,
       "invariant_broken",
       "something that must always hold does not",
       nothing,
       {.severity = critical}},
      {Rule::reload_failed,
       "reload_failed",
       "a node could not take new settings",
       nothing,
       {.severity = warning}},
      {Rule::notifier_failing,
       "notifier_failing",
       "notices cannot be sent",
       after | count,
       {.severity = warning, .after = 15min, .count = 5}},
      {Rule::auditor_differs,
       "auditor_differs",
       "the auditor finds what the ledger does not have",
       nothing,
       {.severity = critical}},
  }};
  return all;
}

const Shape& shape_of(Rule rule) { return shapes()[static_cast<std::size_t>(rule)]; }

void read_thresholds(Section& section, unsigned has, AlertRule& rule) {
  const auto number = [&](Threshold threshold, std::string_view key, int& value, int least) {
    if (has & threshold) value = static_cast<int>(section.integer(key, value, least, 100'000));
  };
  if (has & after) rule.after = section.duration("after", rule.after, 0s, days{3650});
  if (has & within) rule.within = section.duration("within", rule.within, 1s, days{30});
  number(count, "count", rule.count, 0);
  number(of, "of", rule.of, 1);
  number(in_a_row, "in_a_row", rule.in_a_row, 0);
  number(samples, "samples", rule.samples, 1);
  if (has & times) rule.times = section.real("times", rule.times, 1, 1000);
  if (has & percent) rule.percent = section.real("percent", rule.percent, 0, 100);
}

// What is reckoned from the last 50 ends of a job cannot ask for more of them.
void check_reach(Section& section, unsigned has, const AlertRule& rule) {
  constexpr int most = 50;
  const auto refuse = [&section](std::string_view key) {
    section.refuse(key, "only the last 50 slots of a job are looked at", "write 50 at most");
  };
  if ((has & of) && rule.of > most) refuse("of");
  if ((has & in_a_row) && rule.in_a_row > most) refuse("in_a_row");
  if ((has & samples) && rule.samples > most) refuse("samples");
  if ((has & of) && rule.count > rule.of)
    section.refuse("count", "there cannot be so many among the last `of`",
                   "let count be no more than of");
}

AlertRule read_rule(Section& section, const Shape& shape, AlertRule rule) {
  rule.enabled = section.flag("enabled", rule.enabled);
  find_name(severities,
            section.choice("severity", to_string(rule.severity), {"info", "warning", "critical"}),
            rule.severity);
  rule.hold = section.duration("for", rule.hold, 0s, days{30});
  rule.resolve_after = section.duration("resolve_after", rule.resolve_after, 0s, days{30});
  read_thresholds(section, shape.thresholds, rule);
  check_reach(section, shape.thresholds, rule);
  static_cast<void>(section.finish());
  return rule;
}

bool says_something(const Section& section) {
  constexpr std::string_view keys[] = {"enabled", "severity", "for",     "resolve_after",
                                       "after",   "within",   "count",   "of",
                                       "times",   "in_a_row", "samples", "percent"};
  return std::ranges::any_of(keys, [&](std::string_view key) { return section.given(key); });
}

}  // namespace

std::string_view to_string(Severity severity) { return name_of(severities, severity); }
bool from_string(std::string_view text, Severity& out) { return find_name(severities, text, out); }

std::string_view to_string(Rule rule) { return shape_of(rule).name; }

bool from_string(std::string_view text, Rule& out) {
  const auto found = std::ranges::find(shapes(), text, &Shape::name);
  if (found == shapes().end()) return false;
  return out = found->rule, true;
}

std::span<const Rule> all_rules() {
  static const auto all = [] {
    std::array<Rule, rule_count> rules{};
    std::ranges::transform(shapes(), rules.begin(), &Shape::rule);
    return rules;
  }();
  return all;
}

std::string_view looks_for(Rule rule) { return shape_of(rule).looks_for; }

std::vector<std::pair<std::string_view, std::string>> thresholds_of(Rule rule,
                                                                    const AlertRule& how) {
  const unsigned has = shape_of(rule).thresholds;
  std::vector<std::pair<std::string_view, std::string>> all;
  const auto say = [&](Threshold threshold, std::string_view key, std::string words) {
    if (has & threshold) all.emplace_back(key, std::move(words));
  };
  say(after, "after", to_words(how.after));
  say(within, "within", to_words(how.within));
  say(count, "count", fmt::format("{}", how.count));
  say(of, "of", fmt::format("{}", how.of));
  say(in_a_row, "in_a_row", fmt::format("{}", how.in_a_row));
  say(samples, "samples", fmt::format("{}", how.samples));
  say(times, "times", fmt::format("{:g}", how.times));
  say(percent, "percent", fmt::format("{:g}", how.percent));
  return all;
}

AlertRules::AlertRules() { std::ranges::transform(shapes(), rules_.begin(), &Shape::shipped); }

AlertsConfig read_alerts(Section& section, Section& rules) {
  AlertsConfig out;
  out.enabled = section.flag("enabled", out.enabled);
  out.every = section.duration("every", out.every, 1s, 10min);
  out.group_wait = section.duration("group_wait", out.group_wait, 0s, 1h);
  out.group_interval = section.duration("group_interval", out.group_interval, 0s, 24h);
  out.repeat = section.duration("repeat", out.repeat, 1min, days{30});
  out.retention = section.duration("retention", out.retention, 1h, days{3650});
  out.runbook = section.text("runbook", out.runbook);
  if (!out.runbook.empty() && out.runbook.find("{rule}") == out.runbook.npos)
    section.refuse("runbook", "it leads all rules to one place",
                   "write {rule} where the rule's name belongs");
  for (const Shape& shape : shapes()) {
    Section one = rules.section(shape.name);
    out.rules[shape.rule] = read_rule(one, shape, out.rules[shape.rule]);
  }
  return out;
}

// Only what is said otherwise than for all jobs is a setting of this job: a file need not repeat
// the rest.
AlertRules read_alerts_of_job(Section section, const AlertRules& general,
                              const std::function<void(AlertRules&)>& shipped) {
  AlertRules rules = general;
  if (shipped) shipped(rules);
  AlertRules as_shipped;
  if (shipped) shipped(as_shipped);
  const std::vector<std::string> keys = section.keys();
  for (const Shape& shape : shapes()) {
    if (!is_of_jobs(shape.rule)) continue;
    const bool named = std::ranges::find(keys, shape.name) != keys.end();
    const bool differs = as_shipped[shape.rule] != shape.shipped;
    Section one = section.section(shape.name);
    if (named || differs || says_something(one))
      rules[shape.rule] = read_rule(one, shape, rules[shape.rule]);
    else
      static_cast<void>(one.finish());  // a slip in a variable's name
  }
  static_cast<void>(section.finish());
  return rules;
}

}  // namespace hotclock::config
