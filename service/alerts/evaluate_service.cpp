// The rules about the service: its nodes, sinks, notifiers and records.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "service/alerts/evaluate.h"

namespace hotclock::alerts {
namespace {

using config::AlertRule;
using config::AlertRules;

class Eye {
 public:
  Eye(const Facts& facts, const AlertRules& rules) : facts_(facts), rules_(rules) {}

  Seen look() {
    for (const auto& [name, sink] : facts_.sinks) look_at_sink(name, sink);
    for (const auto& [name, node] : facts_.nodes) look_at_node(name, node);
    for (const auto& [name, notifier] : facts_.notifiers) look_at_notifier(name, notifier);
    for (const AuditorDifferences& some : facts_.differences) look_at_differences(some);
    look_at_everything();
    return std::move(seen_);
  }

 private:
  void look_at_sink(const std::string& name, const SinkFacts& sink) {
    const AlertRule& rule = rules_[Rule::outbox_behind];
    const Duration waits = sink.waiting_since ? facts_.now - *sink.waiting_since : Duration::zero();
    sees(Rule::outbox_behind, name, sink.waiting_since ? "waits for " + to_words(waits) : "has all",
         share(waits, rule.after));
    if (!sink.waiting_since || waits < rule.after) return;
    if (Finding* f = find(Rule::outbox_behind, {{"sink", name}},
                          fmt::format("events wait for the sink {}", name))) {
      f->annotations["value"] = fmt::format("since {}", to_string(*sink.waiting_since));
      f->annotations["detail"] = sink.error;
    }
  }

  void look_at_node(const std::string& name, const NodeFacts& node) {
    if (node.stopped) return;
    const Words labels{{"node", name}};
    const Duration away = facts_.now - node.seen_at;
    sees(Rule::node_gone, name, "seen " + to_words(away) + " ago",
         share(away, rules_[Rule::node_gone].after));
    if (is_gone(node)) {
      if (Finding* f = find(Rule::node_gone, labels, fmt::format("the node {} is gone", name)))
        f->annotations["detail"] =
            fmt::format("it was last seen at {} and said no goodbye", to_string(node.seen_at));
      return;  // what it wrote before says nothing any more
    }
    look_at_its_clock(name, node, labels);
    if (node.at) look_at_what_it_wrote(name, node, labels);
  }

  bool is_gone(const NodeFacts& node) const {
    return node.seen_at < facts_.now - rules_[Rule::node_gone].after;
  }

  void look_at_its_clock(const std::string& name, const NodeFacts& node, const Words& labels) {
    const Duration off = std::chrono::abs(node.clock_ahead), most = rules_[Rule::clock_off].after;
    sees(Rule::clock_off, name, to_words(off), share(off, most));
    if (off <= most) return;
    const bool ahead = node.clock_ahead > Duration::zero();
    if (Finding* f = find(Rule::clock_off, labels,
                          fmt::format("the clock of {} is {}", name, ahead ? "fast" : "slow")))
      f->annotations["value"] = to_words(off);
  }

  void look_at_what_it_wrote(const std::string& name, const NodeFacts& node, const Words& labels) {
    if (node.disk_free)
      sees(Rule::disk_filling, name, fmt::format("{:.0f} % free", *node.disk_free),
           (100 - *node.disk_free) / (100 - std::min(rules_[Rule::disk_filling].percent, 99.0)));
    sees(Rule::database_slow, name, to_words(node.database_answers),
         share(node.database_answers, rules_[Rule::database_slow].after));
    sees(Rule::reload_failed, name, node.reload_refused.empty() ? "taken" : "refused",
         node.reload_refused.empty() ? 0 : 1);
    if (node.disk_free && *node.disk_free < rules_[Rule::disk_filling].percent)
      if (Finding* f = find(Rule::disk_filling, labels,
                            fmt::format("the disk of {} has little room left", name))) {
        f->annotations["value"] = fmt::format("{:.0f} % free", *node.disk_free);
        f->annotations["detail"] = node.disk;
      }
    if (node.database_answers >= rules_[Rule::database_slow].after)
      if (Finding* f = find(Rule::database_slow, labels,
                            fmt::format("the database answers {} slowly", name)))
        f->annotations["value"] = to_words(node.database_answers);
    if (!node.reload_refused.empty())
      if (Finding* f = find(Rule::reload_failed, labels,
                            fmt::format("{} could not take new settings", name)))
        f->annotations["detail"] = node.reload_refused;
  }

  void look_at_notifier(const std::string& name, const NotifierFacts& notifier) {
    const AlertRule& rule = rules_[Rule::notifier_failing];
    const bool tried = rule.count > 0 && notifier.attempts >= rule.count;
    const Duration waits = notifier.waiting > 0 ? facts_.now - notifier.oldest : Duration::zero();
    sees(Rule::notifier_failing, name, fmt::format("{} wait", notifier.waiting),
         tried ? 1 : share(waits, rule.after));
    if (notifier.waiting == 0 || (!tried && notifier.oldest > facts_.now - rule.after)) return;
    if (Finding* f = find(Rule::notifier_failing, {{"notifier", name}},
                          fmt::format("notices to {} cannot be sent", name))) {
      f->annotations["value"] = fmt::format("since {}", to_string(notifier.oldest));
      f->annotations["detail"] = notifier.error;
    }
  }

  // What must hold always has a rule of its own.
  void look_at_differences(const AuditorDifferences& some) {
    const bool invariant = some.kind == "invariant_broken";
    Words labels{{"kind", some.kind}};
    if (!some.job.empty()) labels["job"] = some.job;
    Finding* f = find(invariant ? Rule::invariant_broken : Rule::auditor_differs, std::move(labels),
                      invariant ? "what must hold always does not hold"
                                : fmt::format("the auditor finds {}", some.kind));
    sees(invariant ? Rule::invariant_broken : Rule::auditor_differs, some.job,
         fmt::format("{} {}", some.many, some.kind), 1);
    if (f == nullptr) return;
    f->annotations["value"] = fmt::format("{}", some.many);
    f->annotations["detail"] = some.first;
  }

  void look_at_everything() {
    sees(Rule::audit_broken, {}, facts_.audit_broken.empty() ? "whole" : "broken",
         facts_.audit_broken.empty() ? 0 : 1);
    if (facts_.differences.empty()) {
      sees(Rule::invariant_broken, {}, "none", 0);
      sees(Rule::auditor_differs, {}, "none", 0);
    }
    if (!facts_.audit_broken.empty())
      if (Finding* f = find(Rule::audit_broken, {}, "the audit's chain is broken"))
        f->annotations["detail"] = facts_.audit_broken;
    const auto& off = facts_.everything_off;
    if (off && off->since <= facts_.now - rules_[Rule::disabled_long].after)
      if (Finding* f = find(Rule::disabled_long, {}, "everything is switched off for long")) {
        f->annotations["value"] = fmt::format("since {}", to_string(off->since));
        f->annotations["detail"] = off->by + ": " + off->reason;
      }
  }

  void sees(Rule rule, std::string about, std::string value, double near) {
    if (rules_[rule].enabled)
      seen_.looks.push_back({rule, {}, std::move(about), std::move(value), near});
  }

  // None where the rule is switched off.
  Finding* find(Rule rule, Words labels, std::string summary) {
    const AlertRule& how = rules_[rule];
    if (!how.enabled) return nullptr;
    return &seen_.findings.emplace_back(Finding{.rule = rule,
                                                .severity = how.severity,
                                                .labels = std::move(labels),
                                                .annotations = {{"summary", std::move(summary)}},
                                                .mark = {},
                                                .hold = how.hold,
                                                .resolve_after = how.resolve_after});
  }

  const Facts& facts_;
  const AlertRules& rules_;
  Seen seen_;
};

}  // namespace

Seen evaluate_service(const Facts& facts, const AlertRules& rules) {
  return Eye(facts, rules).look();
}

}  // namespace hotclock::alerts
