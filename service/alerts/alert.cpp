#include "service/alerts/alert.h"

#include <map>
#include <utility>

#include "scheduler/base/names.h"

namespace hotclock::alerts {
namespace {

constexpr Names<State, 3> states{
    {{State::pending, "pending"}, {State::firing, "firing"}, {State::resolved, "resolved"}}};

using Findings = std::map<std::string, const Finding*>;

void fire_if_due(Alert& alert, Duration hold, Instant now) {
  if (alert.state != State::pending || now - alert.began < hold) return;
  alert.state = State::firing;
  alert.fired = now;
}

void take(Alert& alert, const Finding& finding) {
  alert.severity = finding.severity;
  alert.annotations = finding.annotations;
  alert.mark = finding.mark;
  alert.resolve_after = finding.resolve_after;
  alert.away_since.reset();
}

Alert begun(const std::string& identity, const Finding& finding, Instant now) {
  Alert alert{.rule = finding.rule, .identity = identity, .labels = finding.labels, .began = now};
  take(alert, finding);
  return alert;
}

// It is still so.
void keep(Alert& alert, const Finding& finding, Instant now) {
  if (alert.mark != finding.mark) alert.began = now;
  take(alert, finding);
  fire_if_due(alert, finding.hold, now);
}

// It fires and was not found.
void miss(Alert& alert, Duration resolve_after, Instant now) {
  if (!alert.away_since) alert.away_since = now;
  if (now - *alert.away_since < resolve_after) return;
  alert.state = State::resolved;
  alert.resolved = now;
}

const Finding* found_for(const Findings& findings, const Alert& alert) {
  const auto found = findings.find(alert.identity);
  return found == findings.end() ? nullptr : found->second;
}

}  // namespace

std::string_view to_string(State state) { return name_of(states, state); }
bool from_string(std::string_view text, State& out) { return find_name(states, text, out); }

Advanced advance(std::vector<Alert> alerts, std::span<const Finding> findings, Instant now) {
  Findings missing;
  for (const Finding& finding : findings)
    missing.emplace(identity_of(finding.rule, finding.labels), &finding);
  Advanced out;
  for (Alert& alert : alerts) {
    if (!alert.stands()) {
      out.alerts.push_back(std::move(alert));
      continue;
    }
    const Finding* finding = found_for(missing, alert);
    const bool firing = alert.state == State::firing;
    if (finding && (!firing || finding->mark == alert.mark)) {
      keep(alert, *finding, now);
      missing.erase(alert.identity);
    } else if (firing) {
      // Whatever stands in its place begins once this one is over.
      miss(alert, finding ? Duration::zero() : alert.resolve_after, now);
      if (alert.stands()) missing.erase(alert.identity);
    } else {
      out.gone.push_back(std::move(alert));
      continue;
    }
    out.alerts.push_back(std::move(alert));
  }
  for (const auto& [identity, finding] : missing) {
    Alert& alert = out.alerts.emplace_back(begun(identity, *finding, now));
    fire_if_due(alert, finding->hold, now);
  }
  return out;
}

}  // namespace hotclock::alerts
