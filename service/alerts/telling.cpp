#include "service/alerts/telling.h"

#include <algorithm>
#include <map>
#include <utility>

namespace hotclock::alerts {
namespace {

// What there is to say of one group.
struct Matter {
  std::vector<Alert*> fires;  // and is not held back
  std::vector<Alert*> over;   // was told of
  bool fresh = false;         // something fires of which nothing was told
  bool held_back = false;     // something was told of that is held back by now

  bool nothing() const { return fires.empty() && over.empty() && !held_back; }
};

bool takes(const Route& route, Severity severity) { return route.severities.contains(severity); }

// An alert that is over and stands again, or is held back, is not told to be over.
bool is_said(const Alert& alert, const std::set<std::string>& firing) {
  return alert.held_back.empty() && !firing.contains(alert.identity);
}

void add(Matter& matter, Alert& alert, const std::set<std::string>& firing) {
  if (alert.state == State::firing && alert.held_back.empty()) {
    matter.fires.push_back(&alert);
    matter.fresh = matter.fresh || !alert.told;
  } else if (alert.state == State::firing) {
    matter.held_back = matter.held_back || alert.told;
  } else if (alert.told && is_said(alert, firing)) {
    matter.over.push_back(&alert);
  } else {
    alert.told = false;
  }
}

std::map<std::string, Matter> matters_of(std::vector<Alert>& alerts,
                                         std::span<const Route> routes) {
  std::set<std::string> firing;
  for (const Alert& alert : alerts)
    if (alert.state == State::firing) firing.insert(alert.identity);
  std::map<std::string, Matter> matters;
  for (Alert& alert : alerts) {
    const bool heard = std::ranges::any_of(
        routes, [&alert](const Route& route) { return takes(route, alert.severity); });
    if (heard && alert.state != State::pending)
      add(matters[group_of(alert)], alert, firing);
    else if (!alert.stands())
      alert.told = false;  // whoever was told takes it no more
  }
  return matters;
}

bool is_due(const Matter& matter, const Group& group, const Rhythm& rhythm, Instant now) {
  if (!group.told_at) return !matter.fires.empty() && now >= group.since + rhythm.group_wait;
  if (matter.fires.empty() && !matter.held_back) return !matter.over.empty();
  if (matter.fresh || !matter.over.empty())
    if (now >= *group.told_at + rhythm.group_interval) return true;
  return !matter.fires.empty() && now >= *group.told_at + rhythm.repeat;
}

notices::Notice notice_of(const Matter& matter, const Group& group, const Route& route) {
  notices::Notice notice{.notifier = route.notifier, .group = group.key, .alerts = {}};
  for (const Alert* alert : matter.fires) notice.alerts.push_back(text_of(*alert));
  if (route.send_resolved)
    for (const Alert* alert : matter.over) notice.alerts.push_back(text_of(*alert));
  return notice;
}

// REQUIRES: something fires or is over.
void say(Matter& matter, Group& group, std::span<const Route> routes, Instant now, Told& out) {
  const Alert& any = matter.fires.empty() ? *matter.over.front() : *matter.fires.front();
  for (const Route& route : routes) {
    if (!takes(route, any.severity)) continue;
    auto notice = notice_of(matter, group, route);
    if (!notice.alerts.empty()) out.notices.push_back(std::move(notice));
  }
  for (Alert* alert : matter.fires) alert->told = true;
  for (Alert* alert : matter.over) alert->told = false;
  group.told_at = now;
  matter.over.clear();
}

}  // namespace

std::string group_of(const Alert& alert) {
  return std::string(config::to_string(alert.rule)) + '/' +
         std::string(config::to_string(alert.severity));
}

std::vector<Route> routes_of(const config::Config& settings) {
  std::vector<Route> routes;
  for (const config::NotifierConfig& notifier : settings.notifiers) {
    Route route{
        .notifier = notifier.name, .severities = {}, .send_resolved = notifier.send_resolved};
    for (const std::string& word : notifier.severities)
      if (Severity severity; config::from_string(word, severity)) route.severities.insert(severity);
    routes.push_back(std::move(route));
  }
  return routes;
}

Rhythm rhythm_of(const config::AlertsConfig& settings) {
  return {settings.group_wait, settings.group_interval, settings.repeat};
}

Told tell(std::vector<Alert>& alerts, std::span<const Group> groups, std::span<const Route> routes,
          const Rhythm& rhythm, Instant now) {
  Told out;
  for (auto& [key, matter] : matters_of(alerts, routes)) {
    if (matter.nothing()) continue;
    const auto known = std::ranges::find(groups, key, &Group::key);
    Group group = known == groups.end() ? Group{key, now, {}} : *known;
    if (is_due(matter, group, rhythm, now)) say(matter, group, routes, now, out);
    if (!matter.nothing()) out.groups.push_back(std::move(group));
  }
  return out;
}

notices::AlertText text_of(const Alert& alert) {
  return {.id = std::to_string(alert.id),
          .rule = std::string(config::to_string(alert.rule)),
          .severity = std::string(config::to_string(alert.severity)),
          .state = std::string(to_string(alert.state)),
          .labels = alert.labels,
          .annotations = alert.annotations,
          .began = alert.began,
          .fired = alert.fired.value_or(alert.began),
          .resolved = alert.resolved};
}

}  // namespace hotclock::alerts
